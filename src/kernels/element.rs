//! The numbers that the kernels work on.

use std::fmt::Debug;
use std::ops::{AddAssign, MulAssign};

/// `f32` or `f64`.
pub trait Element:
    num_traits::Float + AddAssign + MulAssign + Debug + Default + Send + Sync + 'static + Sealed
{
    /// The nearest number of this type.
    fn cast(v: f64) -> Self;

    /// The error function, `2/√π · ∫₀ˣ exp(-t²) dt`.
    fn erf(self) -> Self;
}

/// Keeps [`Element`] to the types that the kernels are written for.
pub trait Sealed {}

impl Sealed for f32 {}
impl Sealed for f64 {}

impl Element for f32 {
    #[inline(always)]
    fn cast(v: f64) -> Self {
        v as f32
    }

    #[inline]
    fn erf(self) -> Self {
        libm::erff(self)
    }
}

impl Element for f64 {
    #[inline(always)]
    fn cast(v: f64) -> Self {
        v
    }

    #[inline]
    fn erf(self) -> Self {
        libm::erf(self)
    }
}
