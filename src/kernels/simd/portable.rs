//! Vectors for any CPU: arrays of four, which the compiler turns into what the target has.

use super::{Element, Simd};
use std::marker::PhantomData;

const LANES: usize = 4;

#[derive(Clone, Copy, Default)]
pub struct Portable<E>(PhantomData<E>);

#[inline(always)]
fn map2<E: Copy>(a: [E; LANES], b: [E; LANES], f: impl Fn(E, E) -> E) -> [E; LANES] {
    let mut r = a;
    for i in 0..LANES {
        r[i] = f(a[i], b[i]);
    }
    r
}

impl<E: Element> Simd for Portable<E> {
    type E = E;
    type V = [E; LANES];
    const LANES: usize = LANES;
    const SUMS: usize = 8;
    const ROWS: usize = 4;

    #[inline(always)]
    unsafe fn load(self, p: *const E) -> Self::V {
        // SAFETY: the caller vouches for as many numbers; an array needs no more alignment.
        unsafe { *p.cast::<[E; LANES]>() }
    }

    #[inline(always)]
    unsafe fn store(self, p: *mut E, v: Self::V) {
        // SAFETY: as for `load`.
        unsafe { *p.cast::<[E; LANES]>() = v }
    }

    #[inline(always)]
    unsafe fn load_first(self, p: *const E, n: usize) -> Self::V {
        let mut v = [E::zero(); LANES];
        for (i, v) in v[..n].iter_mut().enumerate() {
            // SAFETY: the caller vouches for `n` numbers.
            *v = unsafe { *p.add(i) };
        }
        v
    }

    #[inline(always)]
    unsafe fn store_first(self, p: *mut E, v: Self::V, n: usize) {
        for (i, &v) in v[..n].iter().enumerate() {
            // SAFETY: the caller vouches for `n` numbers.
            unsafe { *p.add(i) = v };
        }
    }

    #[inline(always)]
    unsafe fn load_lanes(self, p: *const E, from: usize, end: usize, mut v: Self::V) -> Self::V {
        for (i, v) in v.iter_mut().enumerate().take(end).skip(from) {
            // SAFETY: the caller vouches for these lanes' numbers.
            *v = unsafe { *p.wrapping_add(i) };
        }
        v
    }

    #[inline(always)]
    unsafe fn store_whole(self, p: *mut u32, v: Self::V, start: u32) {
        for (i, v) in v.into_iter().enumerate() {
            let whole = v.to_u32().map_or(u32::MAX, |whole| whole.wrapping_add(start));
            // SAFETY: the caller vouches for as many numbers.
            unsafe { *p.add(i) = whole };
        }
    }

    #[inline(always)]
    fn splat(self, x: E) -> Self::V {
        [x; LANES]
    }

    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        map2(a, b, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        map2(a, b, |a, b| a - b)
    }

    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        map2(a, b, |a, b| a * b)
    }

    #[inline(always)]
    fn max(self, a: Self::V, b: Self::V) -> Self::V {
        map2(a, b, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    fn min(self, a: Self::V, b: Self::V) -> Self::V {
        map2(a, b, |a, b| if a < b { a } else { b })
    }

    #[inline(always)]
    fn if_beats(self, a: Self::V, b: Self::V, x: Self::V, y: Self::V) -> Self::V {
        let mut r = y;
        for i in 0..LANES {
            r[i] = if (a[i] > b[i]) | a[i].is_nan() { x[i] } else { y[i] };
        }
        r
    }

    #[inline(always)]
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
        // A fused operation that the CPU lacks would be a call for each number.
        if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
            let mut r = c;
            for i in 0..LANES {
                r[i] = a[i].mul_add(b[i], c[i]);
            }
            r
        } else {
            self.add(self.mul(a, b), c)
        }
    }

    #[inline(always)]
    fn zip(self, a: Self::V, b: Self::V) -> (Self::V, Self::V) {
        ([a[0], b[0], a[1], b[1]], [a[2], b[2], a[3], b[3]])
    }

    #[inline(always)]
    fn unzip(self, a: Self::V, b: Self::V) -> (Self::V, Self::V) {
        ([a[0], a[2], b[0], b[2]], [a[1], a[3], b[1], b[3]])
    }

    #[inline(always)]
    fn shift_in(self, a: Self::V, x: E) -> Self::V {
        [a[1], a[2], a[3], x]
    }
}
