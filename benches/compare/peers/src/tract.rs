//! tract, on ONNX models, optimised when they are loaded.

use std::path::Path;

use tract_onnx::prelude::multithread::{Executor, set_default_executor};
use tract_onnx::prelude::*;

use crate::rows::{Row, Work, numbers};

/// Its products of matrices are shared out to this many threads.
pub fn use_threads(threads: usize) {
    if threads > 1 {
        set_default_executor(Executor::multithread(threads));
    }
}

pub fn work(row: &Row, model: Option<&Path>) -> Result<Work, String> {
    let file = model.ok_or_else(crate::missing)?;
    let shape = &row.size.input;
    let x = numbers(shape.iter().product(), 1);
    load(file, shape, &x).map_err(|e| format!("{e:#}"))
}

fn load(file: &Path, shape: &[usize], x: &[f32]) -> TractResult<Work> {
    let model = tract_onnx::onnx().model_for_path(file)?.into_optimized()?.into_runnable()?;
    let x: TValue = Tensor::from_shape(shape, x)?.into();
    let run = move || model.run(tvec!(x.clone()));
    run()?;
    Ok(crate::work(
        move || run().expect("what ran before"),
        |y| y[0].to_plain_array_view::<f32>().expect("numbers").iter().copied().collect(),
    ))
}
