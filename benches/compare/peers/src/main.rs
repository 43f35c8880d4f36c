//! The other Rust libraries' side of the comparison: `peers ENGINE THREADS`, asked by `run.py`.

mod burn;
mod candle;
#[path = "../../../rows/mod.rs"]
mod rows;
mod rten;
#[path = "../../serve.rs"]
mod serve;
mod tract;

use std::error::Error;

use ::burn::tensor::Device;
use rows::Work;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, threads] = &arguments[..] else {
        return Err("peers ENGINE THREADS".into());
    };
    rayon::ThreadPoolBuilder::new().num_threads(threads.parse()?).build_global()?;
    match engine.as_str() {
        "burn-flex" => serve::serve(|row, _| burn::work(row, &Device::flex())),
        // Deprecated, but on some rows the faster of its two.
        #[allow(deprecated)]
        "burn-ndarray" => serve::serve(|row, _| burn::work(row, &Device::ndarray())),
        "candle" => serve::serve(|row, _| candle::work(row)),
        "rten" => serve::serve(rten::work),
        "tract" => {
            tract::use_threads(threads.parse()?);
            serve::serve(tract::work)
        }
        _ => return Err(format!("there is no engine {engine}").into()),
    }?;
    Ok(())
}

/// Work whose results are made by `run` and read by `read`; letting go of one counts as work.
fn work<T>(mut run: impl FnMut() -> T + 'static, read: impl Fn(T) -> Vec<f32> + 'static) -> Work {
    Box::new(move |wanted| {
        let result = run();
        wanted.then(|| read(result))
    })
}

/// Work whose results nobody compares.
fn unread(mut run: impl FnMut() + 'static) -> Work {
    Box::new(move |_| {
        run();
        None
    })
}

/// Why there is no work for a row.
fn missing() -> String {
    "it has no such op, or no call for this pass alone".to_owned()
}
