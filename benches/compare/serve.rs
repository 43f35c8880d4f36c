//! How a program of the comparison answers: a line of JSON on stdin for each measurement, and one
//! on stdout with the least time of a run. `run.py` asks.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::rows::{Row, Work, numbers};

/// What is asked for.
#[derive(Deserialize)]
struct Request {
    /// The row's name among all.
    id: String,
    row: Row,
    /// The row as an ONNX model, for those who read such.
    model: Option<PathBuf>,
    /// How long to run.
    seconds: f64,
}

/// Answers until stdin ends. `work` makes the work of a row and its model, or says why there
/// is none.
///
/// # Errors
///
/// A request that is none, and pipes that are closed.
pub fn serve(work: impl Fn(&Row, Option<&Path>) -> Result<Work, String>) -> io::Result<()> {
    let mut works: HashMap<String, Result<(Work, Value), String>> = HashMap::new();
    for line in io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let made = works.entry(request.id.clone()).or_insert_with(|| {
            let mut work = work(&request.row, request.model.as_deref())?;
            let output = work(true).map(|y| fingerprint(&y));
            Ok((work, json!(output)))
        });
        let answer = match made {
            Ok((work, output)) => json!({ "ms": least(work, request.seconds), "output": output }),
            Err(reason) => json!({ "missing": reason }),
        };
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}

/// The least milliseconds of a run, of as many as there is time for.
fn least(work: &mut Work, seconds: f64) -> f64 {
    let (begin, mut least) = (Instant::now(), f64::INFINITY);
    while least.is_infinite() || begin.elapsed().as_secs_f64() < seconds {
        let start = Instant::now();
        work(false);
        least = least.min(start.elapsed().as_secs_f64());
    }
    least * 1e3
}

/// A projection of an output and its norm: programs that compute the same agree in both.
fn fingerprint(y: &[f32]) -> [f64; 2] {
    let projection = y.iter().zip(numbers(y.len(), 5)).map(|(&y, w)| f64::from(y) * f64::from(w));
    let squares = y.iter().map(|&y| f64::from(y) * f64::from(y));
    [projection.sum(), squares.sum::<f64>().sqrt()]
}
