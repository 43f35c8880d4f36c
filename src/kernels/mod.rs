//! The arithmetic of the layers on the CPU: plain functions over slices.
//!
//! Each op has a description of its sizes (such as [`conv2d::Conv2dOp`]) and functions that take
//! it with the data: `forward` overwrites its output, `backward_input` (or `backward`) overwrites
//! the input's gradient, and the gradients of parameters are *added to*, as a tape wants them.
//! Images are NCHW and contiguous. The lengths of the slices are
//! asserted; whether the options make sense has been checked before by the rules of shapes.
//!
//! Large ops are shared out to the threads of the current rayon pool; small ones stay on the
//! calling thread. Nothing here knows of tensors or tapes.

pub mod activation;
pub mod adaptive_pool2d;
pub mod affine;
pub mod conv2d;
pub mod conv_transpose2d;
pub mod cross_entropy;
mod dots;
pub mod dropout;
mod element;
mod exp;
pub mod join;
pub mod linear;
pub mod norm;
pub mod optimizer;
mod panels;
pub(crate) mod parallel;
pub mod pool2d;
mod product;
mod reduce;
mod scratch;
mod simd;
mod softmax;
#[cfg(test)]
mod tests;
pub mod upsample2d;
pub mod zero_pad2d;

pub use element::Element;
