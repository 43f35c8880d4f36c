//! Convolutional networks declared in a DSL, their shapes proved by the compiler, on dfdx tensors.
pub mod error;
pub mod kernels;
pub mod ops;
