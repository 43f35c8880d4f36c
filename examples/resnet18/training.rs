//! The training loop and the measurement.
use std::error::Error;
use std::io::Write;
use std::time::Instant;

use dfdx::data::{ExactSizeDataset, IteratorBatchExt};
use dfdx::optim::Adam;
use shapewright::data::{Batch, Dataset, Images, Normalize};
use shapewright::ops::Backend;
use shapewright::prelude::*;

use super::cli::Args;
use super::common::{count_right, percent, progress_bar};
use super::network::ResNet18;
use super::pictures;

type Net<D> = ResNet18<10, f32, D>;

/// Images at a time in a measurement.
const EVALUATION_BATCH: usize = 100;

/// Lines that report on the training.
const REPORTS: usize = 6;

/// Trains with Adam; every image is seen once.
pub fn train<D: Backend<f32>>(
    net: &mut Net<D>,
    dev: &D,
    args: &Args,
    images: &Images,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let normalize = Normalize::<3>::measure(images)?;
    let mut optimiser = Adam::new(net, AdamConfig { lr: args.lr, ..Default::default() });
    let mut grads = net.try_alloc_grads().map_err(shapewright::Error::device)?;
    let bar = progress_bar("training".to_owned(), args.steps);
    let report_every = args.steps.div_ceil(REPORTS);
    let start = Instant::now();
    let (mut loss_sum, mut right, mut steps) = (0.0, 0, 0);
    for (step, samples) in (1..).zip(images.samples().iter().batch_with_last(args.batch)) {
        optimiser.cfg.lr = args.lr * (1.0 - (step - 1) as f64 / args.steps as f64);
        let batch = Batch::stack(images, samples, &normalize)?;
        let pictures = batch.images::<3, { pictures::SIZE }, { pictures::SIZE }, f32, _>(dev)?;
        let logits = net.try_forward_mut(pictures.traced(grads))?;
        right += count_right(&logits.as_vec(), &batch.labels);
        let loss = cross_entropy_with_logits_loss(logits, batch.one_hot::<10, f32, _>(dev)?);
        let value = f64::from(loss.as_vec()[0]);
        if !value.is_finite() {
            bar.finish_and_clear();
            return Err(format!("step {step}: the loss is {value}; try a smaller --lr").into());
        }
        grads = loss.try_backward().map_err(shapewright::Error::device)?;
        optimiser.update(net, &grads)?;
        net.zero_grads(&mut grads);
        (loss_sum, steps) = (loss_sum + value, steps + 1);
        bar.inc(1);
        bar.set_message(format!("loss {value:.4}"));
        if step % report_every == 0 || step == args.steps {
            let loss = loss_sum / steps as f64;
            let accuracy = percent(right, steps * args.batch);
            let seconds = start.elapsed().as_secs_f64();
            let line = format!(
                "step {step}/{}  loss {loss:.4}  accuracy {accuracy:.1} %  {seconds:.1} s",
                args.steps
            );
            bar.suspend(|| writeln!(out, "{line}"))?;
            (loss_sum, right, steps) = (0.0, 0, 0);
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// The part of `images` that `net` reads right, in percent.
pub fn evaluate<D: Backend<f32>>(
    net: &Net<D>,
    dev: &D,
    images: &Images,
) -> Result<f64, Box<dyn Error>> {
    let normalize = Normalize::<3>::measure(images)?;
    let mut right = 0;
    for samples in images.samples().iter().batch_with_last(EVALUATION_BATCH) {
        let batch = Batch::stack(images, samples, &normalize)?;
        let pictures = batch.images::<3, { pictures::SIZE }, { pictures::SIZE }, f32, _>(dev)?;
        right += count_right(&net.try_forward(pictures)?.as_vec(), &batch.labels);
    }
    Ok(percent(right, images.len()))
}
