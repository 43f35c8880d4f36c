//! Gradients by central differences, to hold those of a tape against.

use dfdx::prelude::*;
use shapewright::ops::Erased;

use crate::common::{Tape64, noise};

type Loss = Tensor<Rank0, f64, AutoDevice, Tape64>;

/// A loss and the gradients of what it was computed of, in order.
pub struct Tracked {
    loss: f64,
    tape: Gradients<f64, AutoDevice>,
    gradients: Vec<Vec<f64>>,
}

impl Tracked {
    /// Runs the tape.
    pub fn of(loss: Loss) -> Self {
        Tracked { loss: loss.array(), tape: loss.backward(), gradients: Vec::new() }
    }

    /// With the gradient of one more tensor.
    pub fn and<S: Shape>(mut self, tensor: &Tensor<S, f64, AutoDevice>) -> Self {
        // Of a parameter that was not used the gradient is 0, and not there at all.
        self.tape.try_alloc_for(tensor).unwrap();
        self.gradients.push(self.tape.get(tensor).as_vec());
        self
    }
}

/// `Σ r·y + Σ s·y²`, where each `y` is another run of `op`, and `r` and `s` look random.
pub fn loss(op: impl Fn() -> Erased<f64, AutoDevice, Tape64>) -> Loss {
    let factors = |seed, like: &Erased<f64, AutoDevice, Tape64>| {
        let n = like.shape().num_elements();
        like.device().tensor_from_vec(noise(seed, n), *like.shape())
    };
    let (first, second) = (op(), op());
    let (r, s) = (factors(101, &first), factors(102, &first));
    (first * r).sum() + (second.square() * s).sum()
}

/// Asserts that the gradients of `run` are those of its loss. `sizes` are the lengths of its
/// inputs, and each run gets a device of the same seed.
pub fn assert_gradients(
    name: &str,
    sizes: &[usize],
    run: impl Fn(&AutoDevice, &[Vec<f64>]) -> Tracked,
) {
    const STEP: f64 = 1e-5;
    let run = |data: &[Vec<f64>]| run(&AutoDevice::seed_from_u64(7), data);
    let mut data: Vec<_> = (1..).zip(sizes).map(|(seed, &n)| noise(seed, n)).collect();
    let gradients = run(&data).gradients;
    assert_eq!(gradients.len(), data.len());
    for (i, gradient) in gradients.iter().enumerate() {
        assert_eq!(gradient.len(), data[i].len(), "{name}: input {i}");
        for (j, &exact) in gradient.iter().enumerate() {
            let at = data[i][j];
            data[i][j] = at + STEP;
            let above = run(&data).loss;
            data[i][j] = at - STEP;
            let below = run(&data).loss;
            data[i][j] = at;
            let difference = (above - below) / (2.0 * STEP);
            let error = (exact - difference).abs() / exact.abs().max(1.0);
            assert!(error < 1e-7, "{name}: input {i}[{j}]: {exact} on the tape, {difference}");
        }
    }
}
