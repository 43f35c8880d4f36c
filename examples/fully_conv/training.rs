//! The training loop and the measurement.
use std::error::Error;

use dfdx::data::{ExactSizeDataset, IteratorBatchExt};
use dfdx::optim::Adam;
use shapewright::data::{Batch, Dataset, Images, Normalize};
use shapewright::ops::Backend;
use shapewright::prelude::*;

use super::cli::Args;
use super::common::{count_right, percent, progress_bar};
use super::network::{CLASSES, LeNet, WINDOW};

/// Trains with Adam; every window is seen once. Gives the mean loss of the last tenth of the steps.
pub fn train<D: Backend<f32>>(
    net: &mut LeNet<f32, D>,
    dev: &D,
    args: &Args,
    windows: &Images,
) -> Result<f64, Box<dyn Error>> {
    let mut optimiser = Adam::new(net, AdamConfig { lr: args.lr, ..Default::default() });
    let mut grads = net.try_alloc_grads().map_err(shapewright::Error::device)?;
    let bar = progress_bar("training".to_owned(), args.steps);
    let mut losses = Vec::new();
    for (step, samples) in (0..).zip(windows.samples().iter().batch_with_last(args.batch)) {
        optimiser.cfg.lr = args.lr * (1.0 - step as f64 / args.steps as f64);
        let batch = Batch::stack(windows, samples, &Normalize::<1>::UNIT)?;
        let images = batch.images::<1, WINDOW, WINDOW, f32, _>(dev)?;
        let scores = net.try_forward_mut(images.traced(grads))?;
        let loss = cross_entropy_with_logits_loss(scores, batch.one_hot::<CLASSES, f32, _>(dev)?);
        let value = f64::from(loss.as_vec()[0]);
        if !value.is_finite() {
            bar.finish_and_clear();
            let step = step + 1;
            return Err(format!("step {step}: the loss is {value}; try a smaller --lr").into());
        }
        losses.push(value);
        grads = loss.try_backward().map_err(shapewright::Error::device)?;
        optimiser.update(net, &grads)?;
        net.zero_grads(&mut grads);
        bar.inc(1);
        bar.set_message(format!("loss {value:.4}"));
    }
    bar.finish_and_clear();
    let last = &losses[losses.len() - losses.len().div_ceil(10)..];
    Ok(last.iter().sum::<f64>() / last.len() as f64)
}

/// The part of `windows` that `net` reads right, in percent.
pub fn evaluate<D: Backend<f32>>(
    net: &LeNet<f32, D>,
    dev: &D,
    windows: &Images,
) -> Result<f64, Box<dyn Error>> {
    let batch = Batch::stack(windows, windows.samples().iter(), &Normalize::<1>::UNIT)?;
    let scores = net.try_forward(batch.images::<1, WINDOW, WINDOW, f32, _>(dev)?)?;
    let right = count_right(&scores.as_vec(), &batch.labels);
    Ok(percent(right, windows.len()))
}
