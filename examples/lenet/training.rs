//! The training loop and the measurement.
use std::error::Error;
use std::io::Write;
use std::time::Instant;

use dfdx::data::{ExactSizeDataset, IteratorBatchExt};
use dfdx::optim::Adam;
use rand::{SeedableRng, rngs::StdRng};
use shapewright::data::{Batch, Dataset, Images, Normalize};
use shapewright::ops::Backend;
use shapewright::prelude::*;
use shapewright::weights::Weights;

use super::LeNet;
use super::cli::Args;
use super::common::{count_right, percent, progress_bar};

/// Images at a time in a measurement.
const EVALUATION_BATCH: usize = 250;

/// Trains with Adam, saves after every epoch, and gives the final test accuracy in percent.
pub fn train<D: Backend<f32>>(
    net: &mut LeNet<f32, D>,
    dev: &D,
    args: &Args,
    train: &Images,
    test: &Images,
    out: &mut dyn Write,
) -> Result<f64, Box<dyn Error>> {
    let mut rng = StdRng::seed_from_u64(args.seed);
    let mut optimiser = Adam::new(net, AdamConfig { lr: args.lr, ..Default::default() });
    let mut grads = net.try_alloc_grads().map_err(shapewright::Error::device)?;
    let batches = train.len().div_ceil(args.batch);
    let steps = (args.epochs * batches) as f64;
    let mut step = 0usize;
    let mut accuracy = 0.0;
    for epoch in 1..=args.epochs {
        let start = Instant::now();
        let bar = progress_bar(format!("epoch {epoch}/{}", args.epochs), batches);
        let (mut loss_sum, mut right) = (0.0, 0);
        for samples in train.samples().shuffled(&mut rng).batch_with_last(args.batch) {
            optimiser.cfg.lr = args.lr * (1.0 - step as f64 / steps);
            let batch = Batch::stack(train, samples, &Normalize::MNIST)?;
            let images = batch.images::<1, 28, 28, f32, _>(dev)?;
            let logits = net.try_forward_mut(images.traced(grads))?;
            right += count_right(&logits.as_vec(), &batch.labels);
            let loss = cross_entropy_with_logits_loss(logits, batch.one_hot::<10, f32, _>(dev)?);
            let value = f64::from(loss.as_vec()[0]);
            if !value.is_finite() {
                bar.finish_and_clear();
                return Err(
                    format!("epoch {epoch}: the loss is {value}; try a smaller --lr").into()
                );
            }
            loss_sum += value * batch.len() as f64;
            grads = loss.try_backward().map_err(shapewright::Error::device)?;
            optimiser.update(net, &grads)?;
            net.zero_grads(&mut grads);
            step += 1;
            bar.inc(1);
            bar.set_message(format!("loss {value:.4}"));
        }
        bar.finish_and_clear();
        accuracy = evaluate(net, dev, test)?;
        net.save_safetensors(&args.checkpoint)?;
        writeln!(
            out,
            "epoch {epoch}/{}  loss {:.4}  train accuracy {:.2} %  test accuracy {accuracy:.2} %  {:.1} s",
            args.epochs,
            loss_sum / train.len() as f64,
            percent(right, train.len()),
            start.elapsed().as_secs_f64(),
        )?;
    }
    Ok(accuracy)
}

/// The part of `images` that `net` reads right, in percent.
pub fn evaluate<D: Backend<f32>>(
    net: &LeNet<f32, D>,
    dev: &D,
    images: &Images,
) -> Result<f64, Box<dyn Error>> {
    let mut right = 0;
    for samples in images.samples().iter().batch_with_last(EVALUATION_BATCH) {
        let batch = Batch::stack(images, samples, &Normalize::MNIST)?;
        let scores = net.try_forward(batch.images::<1, 28, 28, f32, _>(dev)?)?;
        right += count_right(&scores.as_vec(), &batch.labels);
    }
    Ok(percent(right, images.len()))
}
