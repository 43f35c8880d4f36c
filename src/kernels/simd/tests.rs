use super::*;

struct Transposes;

impl<E: Element> Op<E> for Transposes {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let numbers: Vec<E> = (0..S::LANES * S::LANES).map(|i| E::cast(i as f64)).collect();
        let mut rows = [s.zero(); MAX_LANES];
        for (i, row) in numbers.chunks(S::LANES).enumerate() {
            // SAFETY: a chunk has `LANES` numbers.
            rows[i] = unsafe { s.load(row.as_ptr()) };
        }
        let columns = s.transpose(rows);
        for (i, &column) in columns[..S::LANES].iter().enumerate() {
            let mut out = [E::nan(); MAX_LANES + 1];
            // SAFETY: `out` is longer than a vector.
            unsafe { s.store_first(out.as_mut_ptr(), column, S::LANES - 1) };
            assert!(out[S::LANES - 1].is_nan(), "a lane too many was stored");
            // SAFETY: as above.
            unsafe { s.store(out.as_mut_ptr(), s.load_first(out.as_ptr(), S::LANES - 1)) };
            for (j, &out) in out[..S::LANES - 1].iter().enumerate() {
                assert_eq!(out, numbers[j * S::LANES + i]);
            }
            assert_eq!(out[S::LANES - 1], E::zero());
        }
    }
}

struct Unzips;

impl<E: Element> Op<E> for Unzips {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let numbers: Vec<E> = (0..2 * S::LANES).map(|i| E::cast(i as f64)).collect();
        let mut out = vec![E::nan(); 2 * S::LANES];
        // SAFETY: both have two vectors.
        unsafe {
            let (a, b) = (s.load(numbers.as_ptr()), s.load(numbers.as_ptr().add(S::LANES)));
            let (even, odd) = s.unzip(a, b);
            s.store(out.as_mut_ptr(), even);
            s.store(out.as_mut_ptr().add(S::LANES), odd);
            let expected = numbers.iter().step_by(2).chain(numbers.iter().skip(1).step_by(2));
            assert!(out.iter().eq(expected), "{out:?}");
            let (a, b) = s.zip(even, odd);
            s.store(out.as_mut_ptr(), a);
            s.store(out.as_mut_ptr().add(S::LANES), b);
            assert_eq!(out, numbers);
        }
    }
}

struct WholeNumbers;

impl<E: Element> Op<E> for WholeNumbers {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let numbers: Vec<E> = (0..S::LANES).map(|i| E::cast(i as f64 - 1.0)).collect();
        let mut out = [7; MAX_LANES];
        for start in [0, 5, u32::MAX - 1] {
            // SAFETY: both have a vector.
            unsafe { s.store_whole(out.as_mut_ptr(), s.load(numbers.as_ptr()), start) };
            assert_eq!(out[0], u32::MAX);
            let expected = |i: usize| start.wrapping_add(i as u32 - 1);
            assert!((1..S::LANES).all(|i| out[i] == expected(i)), "{start}: {out:?}");
        }
    }
}

#[test]
fn every_instruction_set_stores_whole_numbers() {
    for isa in Isa::all() {
        dispatch::<f32>(isa, WholeNumbers);
        dispatch::<f64>(isa, WholeNumbers);
    }
}

struct Extrema;

impl<E: Element> Op<E> for Extrema {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let (nan, one, two) = (E::nan(), E::one(), E::cast(2.0));
        let stored = |v: S::V| {
            let mut out = [E::zero(); MAX_LANES];
            // SAFETY: `out` is as long as any vector.
            unsafe { s.store(out.as_mut_ptr(), v) };
            out[S::LANES - 1]
        };
        let [one_v, two_v, nan_v] = [one, two, nan].map(|x| s.splat(x));
        assert_eq!([stored(s.max(one_v, two_v)), stored(s.max(two_v, one_v))], [two, two]);
        assert_eq!([stored(s.min(one_v, two_v)), stored(s.min(two_v, one_v))], [one, one]);
        for f in [S::max, S::min] {
            assert!(stored(f(s, one_v, nan_v)).is_nan());
            assert_eq!(stored(f(s, nan_v, one_v)), one);
        }
        for (a, b, wins) in [
            (one_v, two_v, false),
            (two_v, one_v, true),
            (one_v, one_v, false),
            (nan_v, one_v, true),
            (one_v, nan_v, false),
            (nan_v, nan_v, true),
        ] {
            let expected = if wins { two } else { one };
            assert_eq!(stored(s.if_beats(a, b, two_v, one_v)), expected);
        }
    }
}

#[test]
fn extrema_have_their_place_for_nan() {
    for isa in Isa::all() {
        dispatch::<f32>(isa, Extrema);
        dispatch::<f64>(isa, Extrema);
    }
}

struct Parts;

impl<E: Element> Op<E> for Parts {
    #[inline(always)]
    fn run<S: Simd<E = E>>(self, s: S) {
        let numbers: Vec<E> = (0..S::LANES).map(|i| E::cast(i as f64)).collect();
        let nine = s.splat(E::cast(9.0));
        let mut out = [E::zero(); MAX_LANES];
        for end in 0..=S::LANES {
            for from in 0..=end {
                // Only the numbers between are there.
                let part = &numbers[from..end];
                // SAFETY: as just said; `out` is as long as any vector.
                unsafe {
                    let start = part.as_ptr().wrapping_sub(from);
                    s.store(out.as_mut_ptr(), s.load_lanes(start, from, end, nine));
                }
                let expected = |i| if (from..end).contains(&i) { i as f64 } else { 9.0 };
                assert!((0..S::LANES).all(|i| out[i] == E::cast(expected(i))), "{out:?}");
            }
        }
        // SAFETY: as above.
        unsafe {
            s.store(
                out.as_mut_ptr(),
                s.shift_in(s.load(numbers.as_ptr()), E::cast(S::LANES as f64)),
            );
        }
        assert!((0..S::LANES).all(|i| out[i] == E::cast(i as f64 + 1.0)), "{out:?}");
    }
}

#[test]
fn every_instruction_set_loads_parts_and_shifts() {
    for isa in Isa::all() {
        dispatch::<f32>(isa, Parts);
        dispatch::<f64>(isa, Parts);
    }
}

#[test]
fn every_instruction_set_zips_and_unzips() {
    for isa in Isa::all() {
        dispatch::<f32>(isa, Unzips);
        dispatch::<f64>(isa, Unzips);
    }
}

#[test]
fn every_instruction_set_moves_lanes_to_the_right_places() {
    for isa in Isa::all() {
        dispatch::<f32>(isa, Transposes);
        dispatch::<f64>(isa, Transposes);
    }
}
