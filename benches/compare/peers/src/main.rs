//! Another Rust library's side of the comparison: `peers ENGINE THREADS`, asked by `run.py`.

// An engine that reads models asks a row for its input alone.
#[allow(dead_code)]
#[path = "../../../rows/mod.rs"]
mod rows;
mod rten;
#[path = "../../serve.rs"]
mod serve;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The number of threads is in the environment, where rten reads it.
    let [engine, _threads] = &arguments[..] else {
        return Err("peers ENGINE THREADS".into());
    };
    match engine.as_str() {
        "rten" => serve::serve(rten::work)?,
        _ => return Err(format!("there is no engine {engine}").into()),
    }
    Ok(())
}
