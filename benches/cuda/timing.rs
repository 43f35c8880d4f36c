//! How long a run takes.

use std::time::{Duration, Instant};

use shapewright::Error;
use shapewright::prelude::*;

/// What is timed.
pub type Run = dyn FnMut() -> Result<(), Error>;

/// Milliseconds for a run.
pub struct Times {
    pub median: f64,
    pub least: f64,
}

/// Times runs until a second is over.
pub fn measure(dev: &Cuda, quick: bool, run: &mut Run) -> Result<Times, Error> {
    let mut time = |runs: u32| -> Result<Duration, Error> {
        dev.try_synchronize().map_err(Error::device)?;
        let start = Instant::now();
        for _ in 0..runs {
            run()?;
        }
        dev.try_synchronize().map_err(Error::device)?;
        Ok(start.elapsed())
    };
    // Kernels are loaded or compiled when they are first used.
    time(1)?;
    let (mut runs, mut batches, mut total) = (1, 2, Duration::ZERO);
    if !quick {
        // The GPU and its memory warm up, until it is known how many runs take 20 ms.
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(300) {
            let one = time(runs)?.as_secs_f64() / f64::from(runs);
            runs = (0.02 / one).clamp(1.0, 1000.0) as u32;
        }
        (batches, total) = (10, Duration::from_secs(1));
    }
    let start = Instant::now();
    let mut times = Vec::new();
    while times.len() < batches || start.elapsed() < total {
        times.push(time(runs)?.as_secs_f64() * 1e3 / f64::from(runs));
    }
    times.sort_by(f64::total_cmp);
    Ok(Times { median: times[times.len() / 2], least: times[0] })
}
