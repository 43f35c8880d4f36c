//! The numbers: PyTorch's, those of definitions, finite differences of gradients.

mod activations;
mod against_dfdx;
mod branches;
#[path = "../common/mod.rs"]
mod common;
mod data;
mod finite_differences;
mod gradients;
mod known_bugs_of_peers;
mod layer_norm;
mod memory_layouts;
mod optim;
mod random_gradients;
mod random_options;
mod reference_ops;
mod relu_and_pool;
mod sequences;
mod tape;
mod training;
