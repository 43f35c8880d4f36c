//! This library's side of the comparison that `run.py` makes.

#[path = "../rows/mod.rs"]
mod rows;
mod serve;
#[path = "../workloads/mod.rs"]
mod workloads;

use std::io;

fn main() -> io::Result<()> {
    serve::serve(|row, _| workloads::of(row))
}
