//! What a network is trained for.

use dfdx::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Error, exact};

/// A loss that remembers how it came about.
pub type Loss<E, D> = Tensor<Rank0, E, D, OwnedTape<E, D>>;

/// What a network is trained for: how a batch becomes a loss, and how good the network is on one.
///
/// [`Classification`](super::Classification) is the usual one. One of one's own makes tensors of
/// the batch and runs the network, whatever they are:
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::train::{Error, Loss, Objective, Scores, Trainer};
///
/// /// Learns to give back what it is given, with a dfdx module.
/// struct Copying;
///
/// type Net = (Linear<4, 2>, Linear<2, 4>);
/// type Built = <Net as BuildOnDevice<Cpu, f32>>::Built;
///
/// impl Objective<Built, [f32; 4], f32, Cpu> for Copying {
///     fn train(
///         &self,
///         dev: &Cpu,
///         net: &mut Built,
///         batch: &[f32; 4],
///         grads: Gradients<f32, Cpu>,
///     ) -> Result<(Loss<f32, Cpu>, Scores), Error> {
///         let x = dev.tensor(*batch);
///         let loss = mse_loss(net.forward_mut(x.clone().traced(grads)), x);
///         Ok((loss, Scores::of(1)))
///     }
///
///     fn evaluate(&self, dev: &Cpu, net: &Built, batch: &[f32; 4]) -> Result<Scores, Error> {
///         let x = dev.tensor(*batch);
///         let loss = mse_loss(net.forward(x.clone()), x).array();
///         Ok(Scores::of(1).with_loss(loss.into()))
///     }
/// }
///
/// let dev = Cpu::seed_from_u64(1);
/// let net = dev.build_module::<Net, f32>();
/// let batches = vec![[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]];
/// let mut trainer = Trainer::new(&dev, net, SgdConfig { lr: 0.1, ..Default::default() })
///     .objective(Copying)
///     .epochs(60);
/// let history = trainer.fit(&batches, &batches)?;
/// assert!(history.last().unwrap().test.loss < 0.2 * history[0].test.loss);
/// # Ok::<_, Error>(())
/// ```
pub trait Objective<N, B, E: Dtype, D: Storage<E>> {
    /// The names of the [metrics](Scores::metrics) beside the loss. None by default.
    fn metrics(&self) -> &[&'static str] {
        &[]
    }

    /// Runs the network on a batch as in training, from `gradients` on, and gives the loss with its
    /// tape. The loss in the scores is taken from it.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from doing so; [`Error::Other`] is for errors of one's own.
    fn train(
        &self,
        device: &D,
        network: &mut N,
        batch: &B,
        gradients: Gradients<E, D>,
    ) -> Result<(Loss<E, D>, Scores), Error>;

    /// Evaluates the network on a batch.
    ///
    /// # Errors
    ///
    /// As [`Objective::train`].
    fn evaluate(&self, device: &D, network: &N, batch: &B) -> Result<Scores, Error>;
}

/// Means over samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// How many samples.
    pub samples: usize,
    /// The mean loss.
    #[serde(with = "exact")]
    pub loss: f64,
    /// Further means, named by [`Objective::metrics`].
    #[serde(with = "exact::all")]
    pub metrics: Vec<f64>,
}

impl Scores {
    /// Of so many samples, with a loss of 0 and no metrics.
    pub fn of(samples: usize) -> Self {
        Scores { samples, ..Scores::default() }
    }

    /// With this loss.
    #[must_use]
    pub fn with_loss(mut self, loss: f64) -> Self {
        self.loss = loss;
        self
    }

    /// With one more metric.
    #[must_use]
    pub fn with_metric(mut self, metric: f64) -> Self {
        self.metrics.push(metric);
        self
    }

    /// Takes in the means over further samples.
    pub fn add(&mut self, other: &Scores) {
        let share = match self.samples + other.samples {
            0 => 0.0,
            all => other.samples as f64 / all as f64,
        };
        if self.samples == 0 {
            *self = other.clone();
            return;
        }
        let mix = |a: &mut f64, b: f64| *a += (b - *a) * share;
        mix(&mut self.loss, other.loss);
        self.metrics.iter_mut().zip(&other.metrics).for_each(|(a, b)| mix(a, *b));
        self.samples += other.samples;
    }

    /// `loss 0.1234 accuracy 0.9871`
    pub(super) fn in_words(&self, names: &[impl AsRef<str>]) -> String {
        let metrics = names.iter().zip(&self.metrics);
        let metrics = metrics.map(|(name, value)| format!(" {} {value:.4}", name.as_ref()));
        format!("loss {:.4}{}", self.loss, metrics.collect::<String>())
    }
}
