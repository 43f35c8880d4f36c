//! Convolutional networks declared in a DSL, their shapes proved by the compiler, on dfdx tensors.
pub mod data;
pub mod kernels;
pub mod weights;
