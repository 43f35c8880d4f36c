//! rten, on ONNX models, with weights packed when they are loaded.

use std::path::Path;

use rten::{ModelOptions, Value};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use crate::rows::{Row, Work, numbers};

pub fn work(row: &Row, model: Option<&Path>) -> Result<Work, String> {
    let file = model.ok_or_else(crate::missing)?;
    let shape = &row.size.input;
    let x = Tensor::from_data(shape, numbers(shape.iter().product(), 1));
    let mut options = ModelOptions::with_all_ops();
    let model = options.prepack_weights(true).load_file(file).map_err(|e| e.to_string())?;
    let run = move || model.run_one(x.view().into(), None).map_err(|e| e.to_string());
    run()?;
    Ok(crate::work(
        move || run().expect("what ran before"),
        |y: Value| y.into_tensor::<f32>().expect("numbers of 32 bits").to_vec(),
    ))
}
