//! The numbers that the kernels work on.

use super::exp::Exp;
use super::simd::Vectors;
use std::fmt::Debug;
use std::ops::AddAssign;

/// `f32` or `f64`: what the kernels have vectors for.
#[allow(private_bounds, reason = "numbers are `f32` and `f64`")]
pub trait Element:
    num_traits::Float + AddAssign + Debug + Send + Sync + 'static + Vectors + Exp
{
    /// The nearest number of this type.
    fn cast(v: f64) -> Self;

    /// The error function, `2/√π · ∫₀ˣ exp(-t²) dt`.
    fn erf(self) -> Self;
}

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
