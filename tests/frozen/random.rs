//! Networks at random: operations with random options one after another, branches among them.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shapewright::Error;
use shapewright::dfdx::prelude::*;
use shapewright::frozen::Frozen;
use shapewright::layers::Layer;
use shapewright::ops::{self, Erased, Flow};
use shapewright::shape::{Activation, Conv2d, Linear, Norm, NormKind, Padding, Pool2d};

/// An operation with its parameters.
enum Piece {
    Conv(Conv2d, Erased<f32, Cpu>, Option<Tensor<(usize,), f32, Cpu>>),
    BatchNorm([Tensor<(usize,), f32, Cpu>; 4]),
    Activation(Activation),
    Pool(Pool2d),
    /// These, and what was there before added.
    Residual(Vec<Piece>),
    /// These beside what was there before.
    Concat(Vec<Piece>),
    Flatten,
    Linear(Tensor<(usize, usize), f32, Cpu>),
}

struct Pieces(Vec<Piece>);

impl Layer<f32, Cpu> for Pieces {
    fn try_forward<T: Tape<f32, Cpu>>(
        &self,
        x: Flow<f32, Cpu, T>,
    ) -> Result<Flow<f32, Cpu, T>, Error> {
        run(&self.0, x)
    }
}

fn run<T: Tape<f32, Cpu>>(
    pieces: &[Piece],
    x: Flow<f32, Cpu, T>,
) -> Result<Flow<f32, Cpu, T>, Error> {
    pieces.iter().try_fold(x, |x, piece| match piece {
        Piece::Conv(conv, weight, bias) => ops::conv2d(x, weight, bias.as_ref(), conv),
        Piece::BatchNorm([weight, bias, mean, variance]) => {
            let norm = Norm::new(NormKind::Batch2d { momentum: 0.1 });
            ops::batch_norm(x, weight, bias, [mean, variance], &norm)
        }
        Piece::Activation(kind) => ops::activation(x, *kind),
        Piece::Pool(pool) => ops::pool2d(x, pool),
        Piece::Residual(inner) => {
            let kept = x.keep();
            ops::add(run(inner, x)?, kept)
        }
        Piece::Concat(inner) => {
            let kept = x.keep();
            ops::concat(vec![kept], run(inner, x)?)
        }
        Piece::Flatten => ops::flatten(x),
        Piece::Linear(weight) => {
            let outputs = weight.shape().0;
            ops::linear(x, weight, None::<&Tensor<(usize,), f32, Cpu>>, &Linear::new(outputs))
        }
    })
}

struct Builder {
    dev: Cpu,
    rng: StdRng,
}

impl Builder {
    fn tensor<S: Shape>(&mut self, shape: S, scale: f32) -> Tensor<S, f32, Cpu> {
        self.dev.sample_normal_like(&shape) * scale
    }

    fn conv(&mut self, channels: usize, outputs: usize, kernel: usize, stride: usize) -> Piece {
        let fits = |g: &usize| channels.is_multiple_of(*g) && outputs.is_multiple_of(*g);
        let groups = [1, 1, 2, channels].into_iter().filter(fits).collect::<Vec<_>>();
        let groups = groups[self.rng.gen_range(0..groups.len())];
        let padding = Padding::Explicit([[kernel / 2; 2]; 2]);
        let conv = Conv2d::new(outputs, [kernel; 2]);
        let conv = Conv2d { stride: [stride; 2], groups, padding, ..conv };
        let products = channels / groups * kernel * kernel;
        let scale = (products as f32).sqrt().recip();
        let weight = self.tensor((outputs, channels / groups, kernel, kernel), scale);
        let bias = self.rng.r#gen::<bool>().then(|| self.tensor((outputs,), 1.0));
        Piece::Conv(conv, weight, bias)
    }

    fn batch_norm(&mut self, channels: usize) -> Piece {
        let [weight, bias, mean] = [0; 3].map(|_| self.tensor((channels,), 0.7));
        let variance = self.tensor((channels,), 1.0).square() + 0.1;
        Piece::BatchNorm([weight, bias, mean, variance])
    }

    fn activation(&mut self) -> Piece {
        let kinds = [Activation::ReLU, Activation::ReLU, Activation::ReLU, Activation::Tanh];
        Piece::Activation(kinds[self.rng.gen_range(0..kinds.len())])
    }

    /// Pieces that keep the shape.
    fn inner(&mut self, channels: usize) -> Vec<Piece> {
        (0..self.rng.gen_range(0..4))
            .map(|_| match self.rng.gen_range(0..3) {
                0 => self.conv(channels, channels, 3, 1),
                1 => self.batch_norm(channels),
                _ => self.activation(),
            })
            .collect()
    }

    fn network(&mut self, mut channels: usize, mut side: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for _ in 0..self.rng.gen_range(1..9) {
            pieces.push(match self.rng.gen_range(0..8) {
                0 | 1 => {
                    let outputs = [3, 4, 16, 18][self.rng.gen_range(0..4)];
                    let kernel = [1, 3, 3, 5][self.rng.gen_range(0..4)];
                    let stride = self.rng.gen_range(1..3);
                    let conv = self.conv(channels, outputs, kernel, stride);
                    (channels, side) = (outputs, (side - 1) / stride + 1);
                    conv
                }
                2 => self.batch_norm(channels),
                3 | 4 => self.activation(),
                5 => Piece::Residual(self.inner(channels)),
                6 => {
                    let inner = self.inner(channels);
                    channels *= 2;
                    Piece::Concat(inner)
                }
                _ if side > 4 => {
                    side /= 2;
                    Piece::Pool(Pool2d::max([2, 2]))
                }
                _ => self.activation(),
            });
        }
        if self.rng.r#gen() {
            let features = channels * side * side;
            pieces.push(Piece::Flatten);
            let scale = (features as f32).sqrt().recip();
            pieces.push(Piece::Linear(self.tensor((5, features), scale)));
        }
        pieces
    }
}

#[test]
fn random_networks() {
    let mut outputs = 0;
    for seed in 0..300 {
        let mut builder =
            Builder { dev: Cpu::seed_from_u64(seed), rng: StdRng::seed_from_u64(seed) };
        let (channels, side) = (builder.rng.gen_range(1..5), builder.rng.gen_range(5..20));
        let net = Pieces(builder.network(channels, side));
        let engine = Frozen::new(&net, &[channels, side, side]).unwrap();
        for batch in [1, 5] {
            let x = builder.tensor((batch, channels, side, side), 1.0);
            let expected = net.try_forward(Flow::enter(x.clone()).unwrap());
            let expected = expected.unwrap().leave().unwrap().as_vec();
            let mut y = vec![f32::NAN; expected.len()];
            engine.run(batch, &x.as_vec(), &mut y).unwrap();
            let apart = super::difference(&expected, &y);
            assert!(apart < 1e-5, "seed {seed}: {apart}");
            outputs += y.len();
        }
    }
    assert!(outputs > 100_000);
}
