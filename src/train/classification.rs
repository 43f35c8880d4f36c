//! Classes of images, or of their pixels.

use dfdx::prelude::*;

use super::metrics::{accuracy, places};
use super::{BatchSource, Error, Evaluation, Labelled, Loss, Objective, Scores};
use crate::FloatDtype;
use crate::layers::Layer;
use crate::losses::CrossEntropy;
use crate::network::Declared;
use crate::ops::{Backend, Erased, Flow};

/// Cross entropy and accuracy of a network's logits, for networks of [`net!`](crate::net!) that give
/// `[classes]`, or `[classes, height, width]` with a label for each pixel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classification {
    /// The loss, with its options.
    pub loss: CrossEntropy,
}

impl Classification {
    /// Measures a network on all batches of a set, in evaluation.
    ///
    /// # Errors
    ///
    /// Batches that the network does not take or that can't be read, labels that are no classes,
    /// no batches at all, and a device out of memory.
    ///
    /// ```
    /// use shapewright::data::{Digits, Loader};
    /// use shapewright::prelude::*;
    /// use shapewright::train::Classification;
    ///
    /// net! { struct Net: [1, 28, 28] -> [10] { Flatten, Linear(10) } }
    ///
    /// let dev = Cpu::default();
    /// let net = dev.build_module::<Net, f32>();
    /// let test = Loader::new(Digits::draw(100, 1)).batch_size(32);
    /// let evaluation = Classification::default().measure(&dev, &net, &test)?;
    /// assert_eq!(evaluation.confusion.total(), 100);
    /// assert!(evaluation.accuracy() <= evaluation.top_k(3));
    /// assert_eq!(evaluation.top_k(10), 1.0);
    /// # Ok::<_, shapewright::train::Error>(())
    /// ```
    pub fn measure<N, S, E, D>(
        &self,
        device: &D,
        network: &N,
        batches: &S,
    ) -> Result<Evaluation, Error>
    where
        N: Layer<E, D> + Declared,
        S: BatchSource<Batch: Labelled>,
        E: FloatDtype,
        D: Backend<E>,
    {
        let mut evaluation = None;
        for batch in batches.epoch(0, 0) {
            let batch = batch.map_err(Error::Batches)?;
            let logits = logits(device, network, &batch)?;
            let (_, classes, height, width) = *logits.shape();
            let scores = logits.as_vec();
            let loss = self.loss.loss(logits, batch.labels())?.as_vec()[0];
            evaluation.get_or_insert_with(|| Evaluation::new(classes)).add(
                loss.to_f64().unwrap_or(f64::NAN),
                batch.labels().len(),
                places(&scores, [classes, height * width], batch.labels(), self.loss.ignore),
            );
        }
        evaluation.ok_or(Error::NoBatches)
    }

    /// The part of the labels whose logit is the highest.
    fn accuracy<B: Labelled, E: FloatDtype, D: Backend<E>>(
        &self,
        logits: &Erased<E, D>,
        batch: &B,
    ) -> f64 {
        let (_, classes, height, width) = *logits.shape();
        let (scores, sizes) = (logits.as_vec(), [classes, height * width]);
        accuracy(places(&scores, sizes, batch.labels(), self.loss.ignore))
    }
}

impl<N, B, E, D> Objective<N, B, E, D> for Classification
where
    N: Layer<E, D> + Declared,
    B: Labelled,
    E: FloatDtype,
    D: Backend<E>,
{
    fn metrics(&self) -> &[&'static str] {
        &["accuracy"]
    }

    fn train(
        &self,
        device: &D,
        network: &mut N,
        batch: &B,
        gradients: Gradients<E, D>,
    ) -> Result<(Loss<E, D>, Scores), Error> {
        let x = input::<N, B, E, D>(device, batch)?;
        let logits = network.try_forward_mut(Flow::enter_data(x.traced(gradients))?)?.leave()?;
        let (logits, tape) = logits.split_tape();
        let accuracy = self.accuracy(&logits, batch);
        let loss = self.loss.loss(logits.put_tape(tape), batch.labels())?;
        Ok((loss, Scores::of(batch.dims()[0]).with_metric(accuracy)))
    }

    fn evaluate(&self, device: &D, network: &N, batch: &B) -> Result<Scores, Error> {
        let logits = logits(device, network, batch)?;
        let accuracy = self.accuracy(&logits, batch);
        let loss = self.loss.loss(logits, batch.labels())?.as_vec()[0];
        let loss = loss.to_f64().unwrap_or(f64::NAN);
        Ok(Scores::of(batch.dims()[0]).with_loss(loss).with_metric(accuracy))
    }
}

/// A batch as a tensor, if it is one that the network takes.
fn input<N, B, E, D>(device: &D, batch: &B) -> Result<Erased<E, D>, Error>
where
    N: Declared,
    B: Labelled,
    E: FloatDtype,
    D: Backend<E>,
{
    let [n, c, h, w] = batch.dims();
    let takes = N::NETWORK.input.dims();
    let fits = |takes: Option<usize>, n: usize| takes.is_none_or(|takes| takes == n);
    let all_fit = match *takes {
        [features] => fits(features, c) && h == 1 && w == 1,
        [channels, length] => fits(channels, c) && h == 1 && fits(length, w),
        [channels, height, width] => fits(channels, c) && fits(height, h) && fits(width, w),
        _ => true,
    };
    if !all_fit {
        let network = N::NETWORK.name.to_owned();
        return Err(Error::Input { network, takes: takes.to_vec(), images: [c, h, w] });
    }
    let values = batch.values().iter().map(|&v| E::of_f32(v)).collect();
    Ok(device.try_tensor_from_vec(values, (n, c, h, w)).map_err(crate::Error::device)?)
}

/// What a network makes of a batch: `(batch, classes, height, width)`.
fn logits<N, B, E, D>(device: &D, network: &N, batch: &B) -> Result<Erased<E, D>, Error>
where
    N: Layer<E, D> + Declared,
    B: Labelled,
    E: FloatDtype,
    D: Backend<E>,
{
    let x = input::<N, B, E, D>(device, batch)?;
    Ok(network.try_forward(Flow::enter(x)?)?.leave()?)
}
