//! Layers of ResNet-18, LeNet and ResNet-18 on a GPU. `cuda/bench` sets PyTorch's times beside
//! these.
//!
//! ```text
//! cargo bench --features cuda --bench cuda                      # everything, in a minute or two
//! cargo bench --features cuda --bench cuda -- resnet18          # what has this in its name
//! cargo bench --features cuda --bench cuda -- --json FILE       # for pytorch_cuda.py
//! cuda/emulated cargo bench --features cuda --bench cuda -- --quick  # whether it works at all
//! ```
//!
//! A program is far ahead of the GPU that it gives work to, so what is timed is a number of runs
//! from one synchronisation to the next. criterion can do that only in `iter_custom`, which leaves
//! nothing for it to do but statistics of its own; and the table wants plain numbers.

mod layers;
#[path = "../lenet/mod.rs"]
mod lenet;
#[path = "../../examples/resnet18/network.rs"]
mod network;
mod passes;
mod timing;
mod training;
mod works;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use serde_json::{Value, json};
use shapewright::Error;
use shapewright::device::open_cuda;
use shapewright::prelude::*;

use passes::prepare;
use timing::{Times, measure};
use works::works;

/// Measures layers and networks on a GPU.
#[derive(Parser)]
#[command(name = "cuda")]
struct Args {
    /// Measure only what has this in its name
    #[arg(default_value = "")]
    filter: String,

    /// Run tiny shapes twice: a test of this program, no measurement
    #[arg(long)]
    quick: bool,

    /// Write what was measured to FILE, for pytorch_cuda.py
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Keep freed memory for the next tensor of the same size (dfdx's cache)
    #[arg(long)]
    cache: bool,

    /// GPU to run on, counted from 0
    #[arg(long, value_name = "N", default_value = "0")]
    gpu: usize,

    /// What `cargo bench` says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    let dev = open_cuda(args.gpu, 0)?;
    if args.cache {
        dev.try_enable_cache().map_err(Error::device)?;
    }
    let mut rows = Vec::new();
    let measured = measure_all(&dev, args, &mut rows);
    // What was measured before an error is worth having too.
    if let Some(file) = &args.json {
        let report = json!({ "quick": args.quick, "gpu": args.gpu, "rows": rows });
        let written = std::fs::write(file, format!("{report:#}\n"));
        written.map_err(|e| format!("{}: {e}", file.display()))?;
    }
    measured?;
    match rows.is_empty() {
        true => Err(format!("nothing has `{}` in its name", args.filter).into()),
        false => Ok(()),
    }
}

/// Prints a row for each measurement, and adds it to `rows`.
fn measure_all(dev: &Cuda, args: &Args, rows: &mut Vec<Value>) -> Result<(), String> {
    println!("| {:36} | {:>12} | {:>12} |", "milliseconds", "median", "least");
    println!("|:{:-<36}-|-{:->12}:|-{:->12}:|", "", "", "");
    for work in works() {
        let work = if args.quick { work.tiny() } else { work };
        for &pass in work.passes() {
            let name = format!("{}/{pass}", work.name);
            if !name.contains(&args.filter) {
                continue;
            }
            let times = prepare(dev, &work, pass)
                .and_then(|mut run| measure(dev, args.quick, &mut *run))
                .map_err(|e| format!("{name}: {e}"))?;
            dev.try_empty_cache().map_err(|e| Error::device(e).to_string())?;
            let Times { median, least } = times;
            println!("| {name:36} | {median:12.4} | {least:12.4} |");
            let mut row = work.describe();
            row["pass"] = json!(pass);
            row["median"] = json!(median);
            row["least"] = json!(least);
            rows.push(row);
        }
    }
    Ok(())
}
