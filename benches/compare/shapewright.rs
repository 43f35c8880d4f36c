//! This library's side of the comparison that `run.py` makes.

#[path = "../rows/mod.rs"]
mod rows;
mod serve;
#[path = "../work/mod.rs"]
mod work;

use std::io;

fn main() -> io::Result<()> {
    serve::serve(|row, _| work::of(row))
}
