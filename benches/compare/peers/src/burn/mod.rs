//! burn, on any of its devices: ops by its functions, networks by its modules.
//!
//! Its gradients come from a tape for a whole program, so single ones have no row.

mod networks;

use burn::prelude::*;
use burn::tensor::activation::relu;
use burn::tensor::module::{
    avg_pool2d, batch_norm, batch_norm_train, conv_transpose2d, conv2d, interpolate, linear,
    max_pool2d,
};
use burn::tensor::ops::{
    AvgPoolOptions, ConvOptions, ConvTransposeOptions, InterpolateMode, InterpolateOptions,
    MaxPoolOptions,
};

use crate::rows::{Row, Work, numbers};

pub fn work(row: &Row, device: &Device) -> Result<Work, String> {
    match row.op.as_str() {
        "lenet" | "resnet18" => networks::work(row, device),
        "linear" => linear_work(row, device),
        _ => image_work(row, device),
    }
}

pub fn tensor<const D: usize>(shape: [usize; D], seed: usize, device: &Device) -> Tensor<D> {
    let data = TensorData::new(numbers(shape.iter().product(), seed), shape);
    Tensor::from_data(data, device)
}

pub fn read<const D: usize>(y: Tensor<D>) -> Vec<f32> {
    y.into_data().try_to_vec().expect("numbers of 32 bits")
}

fn linear_work(row: &Row, device: &Device) -> Result<Work, String> {
    if row.pass != "forward" {
        return Err(crate::missing());
    }
    let ([batch, inputs], outputs) = (row.size.features()?, row.size.out_channels);
    let x = tensor([batch, inputs], 1, device);
    // Its weights are (inputs, outputs): PyTorch's, transposed.
    let w = tensor([outputs, inputs], 2, device).transpose();
    let w: Tensor<2> = Tensor::from_data(w.into_data(), device);
    let bias = tensor([outputs], 3, device);
    Ok(crate::work(move || linear(x.clone(), w.clone(), Some(bias.clone())), read))
}

fn image_work(row: &Row, device: &Device) -> Result<Work, String> {
    if !row.pass.starts_with("forward") || row.size.input.len() != 4 {
        return Err(crate::missing());
    }
    let shape = row.size.image()?;
    let ([_, channels, height, width], outputs) = (shape, row.size.out_channels);
    let ([kernel, stride, padding], groups) = (row.size.window, row.size.groups);
    let x = tensor(shape, 1, device);
    let vector = |seed| tensor([channels], seed, device);
    Ok(match (row.op.as_str(), row.pass.as_str()) {
        ("conv2d", "forward") => {
            let w = tensor([outputs, channels / groups, kernel, kernel], 2, device);
            let bias = tensor([outputs], 3, device);
            let options = ConvOptions::new([stride; 2], [padding; 2], [1; 2], groups);
            let run = move || conv2d(x.clone(), w.clone(), Some(bias.clone()), options.clone());
            crate::work(run, read)
        }
        ("conv_transpose2d", "forward") => {
            let w = tensor([channels, outputs / groups, kernel, kernel], 2, device);
            let bias = tensor([outputs], 3, device);
            let options =
                ConvTransposeOptions::new([stride; 2], [padding; 2], [0; 2], [1; 2], groups);
            let run =
                move || conv_transpose2d(x.clone(), w.clone(), Some(bias.clone()), options.clone());
            crate::work(run, read)
        }
        ("max_pool2d", "forward") => {
            let mut options = MaxPoolOptions::new([kernel; 2]);
            (options.stride, options.padding) = ([stride; 2], [(padding, padding); 2]);
            crate::work(move || max_pool2d(x.clone(), options.clone()), read)
        }
        ("avg_pool2d", "forward") => {
            let mut options = AvgPoolOptions::new([kernel; 2]);
            (options.stride, options.padding) = ([stride; 2], [(padding, padding); 2]);
            crate::work(move || avg_pool2d(x.clone(), options.clone()), read)
        }
        ("bilinear", "forward") => {
            let mut options = InterpolateOptions::new(InterpolateMode::Bilinear);
            options.align_corners = false;
            options.output_size = Some([2 * height, 2 * width]);
            crate::work(move || interpolate(x.clone(), options.clone()), read)
        }
        ("batch_norm2d", "forward") => {
            let [w, bias] = [2, 3].map(vector);
            let (mean, variance) = (vector(0).zeros_like(), vector(0).ones_like());
            let run = move || {
                let statistics = (mean.clone(), variance.clone());
                batch_norm(x.clone(), w.clone(), bias.clone(), statistics.0, statistics.1, 1e-5)
            };
            crate::work(run, read)
        }
        ("batch_norm2d", "forward_train") => {
            let [w, bias] = [2, 3].map(vector);
            let run = move || batch_norm_train(x.clone(), w.clone(), bias.clone(), 1e-5).output;
            crate::work(run, read)
        }
        ("relu", "forward") => crate::work(move || relu(x.clone()), read),
        ("add", "forward") => {
            let other = tensor(shape, 2, device);
            crate::work(move || x.clone() + other.clone(), read)
        }
        _ => return Err(crate::missing()),
    })
}
