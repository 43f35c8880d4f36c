//! What `net!` declares and `modules` compose: what it takes, gives and says when it runs.

mod any_size;
#[path = "../common/mod.rs"]
mod common;
mod devices;
mod dims;
mod init;
mod modules;
mod net_macro;
mod runtime_errors;
