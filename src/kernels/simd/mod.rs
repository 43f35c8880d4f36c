//! The few vector operations that the kernels need, once for each instruction set.
//!
//! A kernel is an [`Op`], generic over [`Simd`]. [`dispatch`] compiles it once for every
//! instruction set and runs the one asked for. For that to work, all of the way from `Op::run`
//! down to the intrinsics has to be inlined into the function that `dispatch` has compiled for
//! the instruction set: hence `#[inline(always)]` on everything, and no closures around hot code.

#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

use super::Element;
pub(super) use portable::Portable;
#[cfg(target_arch = "x86_64")]
pub(super) use x86::{F32x8, F32x16, F64x4, F64x8};

/// The most lanes of any vector.
pub const MAX_LANES: usize = 16;

/// Vectors of one instruction set.
///
/// A value is the proof that the CPU has the instructions: only [`dispatch`] makes one.
pub trait Simd: Copy {
    /// The number in a lane.
    type E: Element;
    /// A vector.
    type V: Copy;
    /// Numbers in a vector.
    const LANES: usize;
    /// Sums that fit in the registers beside what is being multiplied.
    const SUMS: usize;
    /// The most rows of a tile of sums.
    const ROWS: usize;

    /// # Safety
    /// `LANES` numbers are readable at `p`.
    unsafe fn load(self, p: *const Self::E) -> Self::V;
    /// # Safety
    /// `LANES` numbers are writable at `p`.
    unsafe fn store(self, p: *mut Self::E, v: Self::V);
    /// The first `n <= LANES` lanes; the others are 0.
    ///
    /// # Safety
    /// `n` numbers are readable at `p`.
    unsafe fn load_first(self, p: *const Self::E, n: usize) -> Self::V;
    /// The first `n <= LANES` lanes.
    ///
    /// # Safety
    /// `n` numbers are writable at `p`.
    unsafe fn store_first(self, p: *mut Self::E, v: Self::V, n: usize);
    /// The lanes from `from` to before `end <= LANES`; the others are those of `v`.
    ///
    /// # Safety
    /// The numbers at `p + from` to before `p + end` are readable; `p` itself may be anywhere.
    unsafe fn load_lanes(self, p: *const Self::E, from: usize, end: usize, v: Self::V) -> Self::V;
    /// `start`, wrapping, plus whole numbers from -1 on that 32 bits hold; but for -1 the largest.
    ///
    /// # Safety
    /// `LANES` numbers are writable at `p`.
    unsafe fn store_whole(self, p: *mut u32, v: Self::V, start: u32);
    fn splat(self, x: Self::E) -> Self::V;
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    /// The larger of each pair; `b` where either is no number.
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// The smaller of each pair; `b` where either is no number.
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    /// `x` where `a` is larger than `b` or no number, else `y`: who wins a maximum, and what goes
    /// with it.
    fn if_beats(self, a: Self::V, b: Self::V, x: Self::V, y: Self::V) -> Self::V;
    /// `a · b + c`.
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `a0 b0 a1 b1 …`: the lower halves, then the upper halves.
    fn zip(self, a: Self::V, b: Self::V) -> (Self::V, Self::V);
    /// `a0 a2 … b0 b2 …` and `a1 a3 … b1 b3 …`: what [`Simd::zip`] undoes.
    fn unzip(self, a: Self::V, b: Self::V) -> (Self::V, Self::V);

    /// `a1 a2 … x`: every lane moves down by one.
    fn shift_in(self, a: Self::V, x: Self::E) -> Self::V;

    #[inline(always)]
    fn zero(self) -> Self::V {
        self.splat(num_traits::Zero::zero())
    }

    /// The vector at a place of a slice, which is in it as a whole.
    #[inline(always)]
    fn get(self, from: &[Self::E], at: usize) -> Self::V {
        assert!(at + Self::LANES <= from.len());
        // SAFETY: as just asserted.
        unsafe { self.load(from.as_ptr().add(at)) }
    }

    /// Writes a vector to a place of a slice; what is too much for it is dropped.
    ///
    /// Of an image that is written from top to bottom, each row may so run over into the next.
    #[inline(always)]
    fn put(self, v: Self::V, to: &mut [Self::E], at: usize) {
        let to = &mut to[at..];
        // SAFETY: no more than the numbers of `to`.
        unsafe {
            if to.len() >= Self::LANES {
                self.store(to.as_mut_ptr(), v);
            } else {
                self.store_first(to.as_mut_ptr(), v, to.len());
            }
        }
    }

    /// `LANES` rows of `LANES` numbers become columns.
    #[inline(always)]
    fn transpose(self, mut rows: [Self::V; MAX_LANES]) -> [Self::V; MAX_LANES] {
        let mut done = 1;
        while done < Self::LANES {
            let half = rows;
            for i in 0..Self::LANES / 2 {
                let (low, high) = self.zip(half[i], half[i + Self::LANES / 2]);
                rows[2 * i] = low;
                rows[2 * i + 1] = high;
            }
            done *= 2;
        }
        rows
    }
}

/// The vectors of an element, one type for each instruction set.
pub trait Vectors: Sized {
    #[cfg(target_arch = "x86_64")]
    type Avx512: Simd<E = Self> + x86::Token;
    #[cfg(target_arch = "x86_64")]
    type Avx2: Simd<E = Self> + x86::Token;
    #[cfg(target_arch = "aarch64")]
    type Neon: Simd<E = Self> + Default;
    type Portable: Simd<E = Self> + Default;
}

impl Vectors for f32 {
    #[cfg(target_arch = "x86_64")]
    type Avx512 = F32x16;
    #[cfg(target_arch = "x86_64")]
    type Avx2 = F32x8;
    #[cfg(target_arch = "aarch64")]
    type Neon = neon::F32x8;
    type Portable = Portable<f32>;
}

impl Vectors for f64 {
    #[cfg(target_arch = "x86_64")]
    type Avx512 = F64x8;
    #[cfg(target_arch = "x86_64")]
    type Avx2 = F64x4;
    #[cfg(target_arch = "aarch64")]
    type Neon = neon::F64x4;
    type Portable = Portable<f64>;
}

/// A kernel. `run` and all it calls must be `#[inline(always)]`.
pub trait Op<E: Element> {
    fn run<S: Simd<E = E>>(self, s: S);
}

/// An instruction set that this CPU has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isa(Set);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    #[cfg_attr(
        all(target_arch = "aarch64", not(test)),
        expect(dead_code, reason = "NEON is always there")
    )]
    Portable,
    #[cfg(target_arch = "aarch64")]
    Neon,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// What a plan has to know of the vectors that it will run with.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub lanes: usize,
    pub sums: usize,
    pub rows: usize,
}

impl Isa {
    /// All that this CPU has, the best one last.
    #[cfg(test)]
    pub fn all() -> Vec<Isa> {
        #[allow(unused_mut, reason = "other CPUs have no more than this one")]
        let mut all = vec![Isa(Set::Portable)];
        #[cfg(target_arch = "aarch64")]
        all.push(Isa(Set::Neon));
        #[cfg(target_arch = "x86_64")]
        {
            if x86::has_avx2() {
                all.push(Isa(Set::Avx2));
            }
            if x86::has_avx512() {
                all.push(Isa(Set::Avx512));
            }
        }
        all
    }

    /// The best one that this CPU has.
    pub fn best() -> Isa {
        #[cfg(test)]
        if let Some(isa) = FORCED.get() {
            return isa;
        }
        #[cfg(target_arch = "x86_64")]
        {
            if x86::has_avx512() {
                return Isa(Set::Avx512);
            }
            if x86::has_avx2() {
                return Isa(Set::Avx2);
            }
        }
        #[cfg(target_arch = "aarch64")]
        return Isa(Set::Neon);
        #[cfg(not(target_arch = "aarch64"))]
        Isa(Set::Portable)
    }

    pub fn limits<E: Element>(self) -> Limits {
        fn of<S: Simd>() -> Limits {
            Limits { lanes: S::LANES, sums: S::SUMS, rows: S::ROWS }
        }
        match self.0 {
            Set::Portable => of::<E::Portable>(),
            #[cfg(target_arch = "aarch64")]
            Set::Neon => of::<E::Neon>(),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => of::<E::Avx2>(),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => of::<E::Avx512>(),
        }
    }
}

#[cfg(test)]
thread_local! {
    static FORCED: std::cell::Cell<Option<Isa>> = const { std::cell::Cell::new(None) };
}

/// Runs `f` with every instruction set in turn as the best one for ops started on this thread.
#[cfg(test)]
pub fn with_each_isa(mut f: impl FnMut(Isa)) {
    for isa in Isa::all() {
        FORCED.set(Some(isa));
        f(isa);
    }
    FORCED.set(None);
}

/// Runs the kernel with an instruction set.
pub fn dispatch<E: Element>(isa: Isa, op: impl Op<E>) {
    match isa.0 {
        Set::Portable => op.run(E::Portable::default()),
        #[cfg(target_arch = "aarch64")]
        Set::Neon => op.run(E::Neon::default()),
        // SAFETY: an `Isa` is one that the CPU has.
        #[cfg(target_arch = "x86_64")]
        Set::Avx2 => unsafe { x86::run_avx2(op) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Set::Avx512 => unsafe { x86::run_avx512(op) },
    }
}
