//! Cross entropy for classes given as integers.

use dfdx::prelude::*;

use super::cross_entropy_cpu::CpuLoss;
use crate::Error;

/// [`CrossEntropy`] without options: the mean of `-log_softmax(logits)[label]`.
///
/// # Shapes
///
/// - `logits`: `(batch, classes)`, or with further dimensions `(batch, classes, height, width)`
/// - `labels`: one for each row of classes, `batch` or `batch · height · width` of them, in order
///
/// # Errors
///
/// Another number of labels, a label that is no class, and a device out of memory.
///
/// # Example
///
/// ```
/// use shapewright::losses::cross_entropy;
/// use shapewright::prelude::*;
///
/// let dev = Cpu::default();
/// let logits = dev.tensor([[2.0, 0.0, 0.0], [0.0, 0.0, 0.0]]);
/// let loss = cross_entropy(logits.leaky_trace(), &[0, 2])?;
/// assert!((loss.array() - (0.239_53 + 3f32.ln()) / 2.0).abs() < 1e-4);
///
/// let message = cross_entropy(logits, &[0, 3]).unwrap_err().to_string();
/// assert_eq!(message, "label 1 is 3, but the logits are (2, 3): the classes are 0 to 2");
/// # Ok::<_, shapewright::Error>(())
/// ```
pub fn cross_entropy<S, E, D, T>(
    logits: Tensor<S, E, D, T>,
    labels: &[usize],
) -> Result<Tensor<Rank0, E, D, T>, Error>
where
    S: Shape + ReduceShape<Axis<1>>,
    E: Dtype,
    D: Device<E>,
    T: Tape<E, D>,
{
    CrossEntropy::default().loss(logits, labels)
}

/// Cross entropy of logits and classes, as PyTorch's
/// [`CrossEntropyLoss`](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html):
/// the mean over the labels `y` of `-Σ_c q_c log p_c`, where `p` is the softmax of the logits and
/// `q` is 1 for the class `y` and 0 for the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossEntropy {
    /// How much of `q` is spread evenly over all classes, from 0 to 1
    /// ([Szegedy et al., 2015](https://arxiv.org/abs/1512.00567)). Default: 0.
    pub label_smoothing: f64,
    /// What each class counts; the mean is then one by these weights. Default: all the same.
    pub class_weights: Option<Vec<f64>>,
    /// A label that does not count, for instance of pixels on a border. Default: none.
    pub ignore: Option<usize>,
}

impl CrossEntropy {
    /// The loss, with shapes as those of [`cross_entropy`].
    ///
    /// # Errors
    ///
    /// As [`cross_entropy`]; besides, a `label_smoothing` beyond 0 to 1, another number of weights
    /// than of classes, weights that are negative or not finite, and labels none of which counts.
    pub fn loss<S, E, D, T>(
        &self,
        logits: Tensor<S, E, D, T>,
        labels: &[usize],
    ) -> Result<Tensor<Rank0, E, D, T>, Error>
    where
        S: Shape + ReduceShape<Axis<1>>,
        E: Dtype,
        D: Device<E>,
        T: Tape<E, D>,
    {
        let shape = *logits.shape();
        let total = self.total(shape.concrete().as_ref(), labels)?;
        let (logits, tape) = logits.split_tape();
        if let Some(kernel) = CpuLoss::<f32>::new(self, &logits, labels, total) {
            return kernel.run(logits, tape);
        }
        if let Some(kernel) = CpuLoss::<f64>::new(self, &logits, labels, total) {
            return kernel.run(logits, tape);
        }
        let logits = logits.put_tape(tape);
        let targets = self.targets(shape.concrete().as_ref(), labels, total);
        let targets = targets.into_iter().map(|q| E::from_f64(q).unwrap_or_default()).collect();
        let targets = logits.device().try_tensor_from_vec(targets, shape);
        let log_p = logits.try_log_softmax::<Axis<1>>().map_err(Error::device)?;
        let products = log_p.try_mul(targets.map_err(Error::device)?).map_err(Error::device)?;
        products.try_sum().and_then(|sum| sum.try_negate()).map_err(Error::device)
    }

    /// The weight of all labels together.
    fn total(&self, shape: &[usize], labels: &[usize]) -> Result<f64, Error> {
        let positions = shape[2..].iter().product::<usize>();
        self.check(shape, shape[1], labels, shape[0] * positions)?;
        let counts = |label: &&usize| self.ignore != Some(**label);
        let total: f64 = labels.iter().filter(counts).map(|&label| self.weight(label)).sum();
        match total > 0.0 {
            true => Ok(total),
            false => Err(Error::NoLabels { logits: shape.to_vec() }),
        }
    }

    pub(super) fn weight(&self, class: usize) -> f64 {
        self.class_weights.as_ref().map_or(1.0, |weights| weights[class])
    }

    /// What the log-probabilities are weighted with: `q`, with the weights of the mean.
    fn targets(&self, shape: &[usize], labels: &[usize], total: f64) -> Vec<f64> {
        let (batch, classes) = (shape[0], shape[1]);
        let positions = shape[2..].iter().product::<usize>();
        let counts = |label: &&usize| self.ignore != Some(**label);
        let spread = self.label_smoothing / classes as f64;
        let mut targets = vec![0.0; batch * classes * positions];
        for (i, label) in labels.iter().enumerate().filter(|(_, label)| counts(label)) {
            let (image, position) = (i / positions, i % positions);
            let mut set = |class: usize, q: f64| {
                targets[(image * classes + class) * positions + position] +=
                    q * self.weight(class) / total;
            };
            if spread > 0.0 {
                (0..classes).for_each(|class| set(class, spread));
            }
            set(*label, 1.0 - self.label_smoothing);
        }
        targets
    }

    fn check(
        &self,
        shape: &[usize],
        classes: usize,
        labels: &[usize],
        expected: usize,
    ) -> Result<(), Error> {
        let logits = || shape.to_vec();
        if labels.len() != expected {
            return Err(Error::Labels { logits: logits(), labels: labels.len(), expected });
        }
        let wrong = |&label: &usize| label >= classes && self.ignore != Some(label);
        if let Some(index) = labels.iter().position(wrong) {
            return Err(Error::Label { logits: logits(), index, label: labels[index], classes });
        }
        if !(0.0..=1.0).contains(&self.label_smoothing) {
            return Err(Error::LabelSmoothing(self.label_smoothing));
        }
        if let Some(weights) = &self.class_weights {
            let count = |w: &&f64| w.is_finite() && **w >= 0.0;
            if weights.len() != classes || weights.iter().filter(count).count() != classes {
                return Err(Error::ClassWeights { logits: logits(), weights: weights.clone() });
            }
        }
        Ok(())
    }
}
