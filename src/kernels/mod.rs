//! The arithmetic of the layers on the CPU: plain functions over slices.
//!
//! Each op has a description of its sizes (such as [`conv2d::Conv2dOp`]) and functions that take
//! it with the data: `forward` overwrites its output, and every `backward_*` *adds* to its
//! gradient, as a tape wants it. Images are NCHW and contiguous. The lengths of the slices are
//! asserted; whether the options make sense has been checked before by the rules of shapes.
//!
//! Large ops are shared out to the threads of the current rayon pool; small ones stay on the
//! calling thread. Nothing here knows of tensors or tapes.

pub mod activation;
mod compiled;
pub mod conv2d;

mod dots;
pub mod dropout;
mod element;
pub mod linear;
mod parallel;
pub mod pool2d;
mod scratch;
mod simd;
mod softmax;
#[cfg(test)]
mod tests;

pub use element::Element;
