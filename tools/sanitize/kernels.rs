//! `src/kernels` as a crate of its own.

#![allow(dead_code, unused_imports, reason = "the operations are not here")]

#[path = "../../src/kernels/mod.rs"]
pub mod kernels;
