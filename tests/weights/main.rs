//! Parameters in files and memory.

#[path = "../common/mod.rs"]
mod common;
mod npz;
mod pytorch;
mod safetensors;
mod state_dict;
