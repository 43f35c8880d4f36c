//! candle: ops by its tensors' methods, networks by its layers.
//!
//! Its gradients come from a tape for a whole program, so single ones have no row.

mod networks;

use candle_core::{DType, Device, Result, Tensor, Var};
use candle_nn::{BatchNorm, ModuleT};

use crate::rows::{Row, Size, Work, numbers};

pub fn work(row: &Row) -> std::result::Result<Work, String> {
    let work = match row.op.as_str() {
        "lenet" | "resnet18" => networks::work(row),
        _ => op_work(row),
    };
    work.map_err(|e| e.to_string())?.ok_or_else(crate::missing)
}

/// The work, if candle has such an op.
type Found = Result<Option<Work>>;

fn tensor(shape: &[usize], seed: usize) -> Result<Tensor> {
    Tensor::from_vec(numbers(shape.iter().product(), seed), shape, &Device::Cpu)
}

fn timed(run: impl Fn() -> Result<Tensor> + 'static) -> Found {
    let read = |y: Tensor| y.flatten_all().and_then(|y| y.to_vec1()).expect("numbers of 32 bits");
    run()?;
    Ok(Some(crate::work(move || run().expect("what ran before"), read)))
}

fn op_work(row: &Row) -> Found {
    let Size { input, out_channels: outputs, window: [kernel, stride, padding], groups, .. } =
        row.size.clone();
    if !["forward", "forward_train"].contains(&row.pass.as_str()) || input.is_empty() {
        return Ok(None);
    }
    let (x, channels) = (tensor(&input, 1)?, input[1]);
    match (row.op.as_str(), row.pass.as_str()) {
        ("conv2d", "forward") => {
            let w = tensor(&[outputs, channels / groups, kernel, kernel], 2)?;
            let bias = tensor(&[1, outputs, 1, 1], 3)?;
            timed(move || x.conv2d(&w, padding, stride, 1, groups)?.broadcast_add(&bias))
        }
        ("conv_transpose2d", "forward") => {
            let w = tensor(&[channels, outputs, kernel, kernel], 2)?;
            let bias = tensor(&[1, outputs, 1, 1], 3)?;
            timed(move || x.conv_transpose2d(&w, padding, 0, stride, 1)?.broadcast_add(&bias))
        }
        ("linear", "forward") => {
            let layer = candle_nn::Linear::new(
                tensor(&[outputs, channels], 2)?,
                Some(tensor(&[outputs], 3)?),
            );
            timed(move || layer.forward_t(&x, false))
        }
        ("max_pool2d", "forward") if padding == 0 => {
            timed(move || x.max_pool2d_with_stride(kernel, stride))
        }
        ("avg_pool2d", "forward") if padding == 0 => {
            timed(move || x.avg_pool2d_with_stride(kernel, stride))
        }
        ("bilinear", "forward") => {
            timed(move || x.upsample_bilinear2d(2 * input[2], 2 * input[3], false))
        }
        ("batch_norm2d", pass) => {
            let training = pass == "forward_train";
            let zeros = Tensor::zeros(channels, DType::F32, &Device::Cpu)?;
            let ones = zeros.ones_like()?;
            // In training it updates its running statistics, which are variables then.
            let [mean, variance] = [Var::from_tensor(&zeros)?, Var::from_tensor(&ones)?];
            let (w, bias) = (tensor(&[channels], 2)?, tensor(&[channels], 3)?);
            let norm =
                BatchNorm::new(channels, mean.into_inner(), variance.into_inner(), w, bias, 1e-5)?;
            timed(move || norm.forward_t(&x, training))
        }
        ("relu", "forward") => timed(move || x.relu()),
        ("add", "forward") => {
            let other = tensor(&input, 2)?;
            timed(move || &x + &other)
        }
        _ => Ok(None),
    }
}
