//! Every operation with options at random: what the rules of shapes promise comes out, and its
//! gradients are those of finite differences, in `f64`.

use crate::finite_differences::{Tracked, assert_gradients, loss};
use dfdx::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use shapewright::ops::{self, Erased};
use shapewright_shape::{
    Activation, AdaptiveKind, AdaptivePool2d, Claim, Conv1d, Conv2d, ConvTranspose2d, Layer,
    Linear, Norm, NormKind, Padding, Pool1d, Pool2d, PoolKind, Reshape, Shape, Upsample,
    UpsampleMode, UpsampleSize, Weight, ZeroPad2d,
};

/// Legal draws of each operation.
const DRAWS: usize = 25;

/// Small enough for a run for each element.
const MOST: usize = 400;

struct Dice(StdRng);

impl Dice {
    fn of<T: Copy>(&mut self, faces: &[T]) -> T {
        *faces.choose(&mut self.0).unwrap()
    }

    fn pair(&mut self, faces: &[usize]) -> [usize; 2] {
        [self.of(faces), self.of(faces)]
    }

    fn padding(&mut self) -> Padding {
        let sides = [0; 4].map(|_| self.of(&[0, 1, 2]));
        let explicit = Padding::Explicit([[sides[0], sides[1]], [sides[2], sides[3]]]);
        self.of(&[Padding::NONE, Padding::Same, Padding::Full, explicit, explicit])
    }

    fn image(&mut self) -> Shape {
        Shape::image(self.of(&[1, 2, 3, 4]), self.of(&[1, 2, 3, 5, 6]), self.of(&[1, 2, 4, 5]))
    }

    fn sequence(&mut self) -> Shape {
        Shape::sequence(self.of(&[1, 2, 4]), self.of(&[1, 3, 6, 9]))
    }

    fn any_shape(&mut self) -> Shape {
        match self.of(&[1, 2, 3]) {
            1 => Shape::features(self.of(&[1, 3, 8])),
            2 => self.sequence(),
            _ => self.image(),
        }
    }

    fn pool_kind(&mut self) -> PoolKind {
        let count_include_pad = self.of(&[true, false]);
        self.of(&[PoolKind::Max, PoolKind::Min, PoolKind::Avg { count_include_pad }])
    }

    /// A norm's epsilon is large, so that the second derivative of few values is small.
    fn norm(&mut self, kind: NormKind) -> Layer {
        Layer::Norm(Norm { eps: self.of(&[0.1, 0.5]), ..Norm::new(kind) })
    }
}

/// Checks the gradients of legal draws of `(layer, input)`.
fn check(seed: u64, draw: impl Fn(&mut Dice) -> (Layer, Shape)) {
    let mut dice = Dice(StdRng::seed_from_u64(seed));
    let mut legal = 0;
    for _ in 0..10_000 {
        let (layer, input) = draw(&mut dice);
        let batch = dice.of(&[1, 2, 3]);
        let Ok(output) = layer.output(input) else { continue };
        let weight = Weight::of(&layer, input);
        let sizes = [
            batch * input.numel().unwrap(),
            weight.map_or(0, |w| w.dims().iter().product()),
            weight.map_or(0, |w| w.bias_length()),
        ];
        if sizes.iter().sum::<usize>() > MOST || batch * output.numel().unwrap() > MOST {
            continue;
        }
        check_one(&layer, batch, input, output, &sizes);
        legal += 1;
        if legal == DRAWS {
            return;
        }
    }
    panic!("only {legal} legal draws");
}

fn check_one(layer: &Layer, batch: usize, input: Shape, output: Shape, sizes: &[usize; 3]) {
    let name = format!("{layer:?} of {batch} × {input}");
    let used = sizes.iter().filter(|&&n| n > 0).count();
    assert_gradients(&name, &sizes[..used], |dev, data| {
        let x = dev.tensor_from_vec(data[0].clone(), erased(batch, input));
        let parameter = |i: usize| {
            let data = data.get(i).cloned().unwrap_or_default();
            let n = data.len();
            dev.tensor_from_vec(data, (n,))
        };
        let (weight, bias) = (parameter(1), parameter(2));
        let dims = Weight::of(layer, input).map_or(vec![], |w| w.dims().to_vec());
        let result = loss(|| {
            let y = run(layer, x.retaped(), &weight, &dims, &bias);
            assert_eq!(*y.shape(), erased(batch, output), "{name}");
            y
        });
        [&weight, &bias][..used - 1].iter().fold(Tracked::of(result).and(&x), |t, p| t.and(*p))
    });
}

fn erased(batch: usize, shape: Shape) -> (usize, usize, usize, usize) {
    match *shape.dims() {
        [c, l] => (batch, c, 1, l),
        _ => (batch, shape.dim(0), shape.dim(1), shape.dim(2)),
    }
}

type Vector = Tensor<(usize,), f64, AutoDevice>;
type X = Erased<f64, AutoDevice, crate::common::Tape64>;

/// The operation of a layer. A bias is given whatever the options say.
fn run(layer: &Layer, x: X, weight: &Vector, dims: &[usize], bias: &Vector) -> X {
    let y = match layer {
        Layer::Conv2d(conv) => {
            let [o, c, h, w] = *dims else { panic!("{dims:?}") };
            convolve(x, weight, (o, c, h, w), |x, w| ops::conv2d(x, w, Some(bias), conv))
        }
        Layer::Conv1d(conv) => {
            let [o, c, k] = *dims else { panic!("{dims:?}") };
            convolve(x, weight, (o, c, k), |x, w| ops::conv1d(x, w, Some(bias), conv))
        }
        Layer::ConvTranspose2d(conv) => {
            let [i, o, h, w] = *dims else { panic!("{dims:?}") };
            convolve(x, weight, (i, o, h, w), |x, w| ops::conv_transpose2d(x, w, Some(bias), conv))
        }
        Layer::Linear(linear) => {
            let [o, i] = *dims else { panic!("{dims:?}") };
            convolve(x, weight, (o, i), |x, w| ops::linear(x, w, Some(bias), linear))
        }
        Layer::Norm(norm) => match norm.kind {
            NormKind::Batch2d { .. } | NormKind::Batch1d { .. } => {
                let dev = x.device().clone();
                let n = weight.shape().0;
                let mut mean = dev.tensor_from_vec(vec![0.0; n], (n,));
                let mut variance = dev.tensor_from_vec(vec![1.0; n], (n,));
                ops::batch_norm_train(x, weight, bias, [&mut mean, &mut variance], norm)
            }
            _ => ops::group_norm(x, weight, bias, norm),
        },
        Layer::Pool2d(pool) => ops::pool2d(x, pool),
        Layer::Pool1d(pool) => ops::pool1d(x, pool),
        Layer::AdaptivePool2d(pool) => ops::adaptive_pool2d(x, pool),
        Layer::Flatten => ops::flatten(x),
        Layer::Activation(kind) => ops::activation(x, *kind),
        Layer::Upsample(upsample) => ops::upsample(x, upsample),
        Layer::ZeroPad2d(pad) => ops::zero_pad2d(x, pad),
        Layer::Reshape(reshape) => ops::reshape(x, reshape),
        Layer::Dropout(dropout) => ops::dropout(x, dropout),
        Layer::Dropout2d(dropout) => ops::dropout2d(x, dropout),
    };
    y.unwrap_or_else(|error| panic!("{layer:?}: {error}"))
}

/// With the weight in its shape, as a view through which its gradient reaches it.
fn convolve<S: dfdx::shapes::Shape>(
    x: X,
    weight: &Vector,
    shape: S,
    op: impl Fn(X, &Tensor<S, f64, AutoDevice>) -> shapewright::error::Result<X>,
) -> shapewright::error::Result<X> {
    let (x, tape) = x.split_tape();
    let (shaped, views) =
        weight.retaped::<crate::common::Tape64>().reshape_like(&shape).split_tape();
    op(x.put_tape(tape.merge(views)), &shaped)
}

#[test]
fn conv2d() {
    check(1, |dice| {
        let conv = Conv2d {
            kernel: dice.pair(&[1, 2, 3]),
            stride: dice.pair(&[1, 1, 2, 3]),
            padding: dice.padding(),
            dilation: dice.pair(&[1, 1, 2]),
            groups: dice.of(&[1, 1, 2]),
            ..Conv2d::new(dice.of(&[1, 2, 4]), [1, 1])
        };
        (Layer::Conv2d(conv), dice.image())
    });
}

#[test]
fn conv1d() {
    check(2, |dice| {
        let conv = Conv1d {
            stride: dice.of(&[1, 2, 3]),
            dilation: dice.of(&[1, 2]),
            groups: dice.of(&[1, 2]),
            padding: dice.of(&[Padding::NONE, Padding::Same, Padding::Full]),
            ..Conv1d::new(dice.of(&[1, 2, 4]), dice.of(&[1, 2, 3]))
        };
        (Layer::Conv1d(conv), dice.sequence())
    });
}

#[test]
fn conv_transpose2d() {
    check(3, |dice| {
        let conv = ConvTranspose2d {
            kernel: dice.pair(&[1, 2, 3]),
            stride: dice.pair(&[1, 2, 3]),
            padding: dice.padding(),
            output_padding: dice.pair(&[0, 0, 1, 2]),
            dilation: dice.pair(&[1, 1, 2]),
            groups: dice.of(&[1, 1, 2]),
            ..ConvTranspose2d::new(dice.of(&[1, 2, 4]), [1, 1])
        };
        (Layer::ConvTranspose2d(conv), dice.image())
    });
}

#[test]
fn linear() {
    check(4, |dice| {
        let linear = Linear::new(dice.of(&[1, 2, 5, 9]));
        (Layer::Linear(linear), Shape::features(dice.of(&[1, 2, 7, 16])))
    });
}

#[test]
fn pool2d() {
    check(5, |dice| {
        let kind = dice.pool_kind();
        let pool = Pool2d {
            kind,
            kernel: dice.pair(&[1, 2, 3]),
            stride: dice.pair(&[1, 2, 3]),
            padding: dice.padding(),
            dilation: if let PoolKind::Avg { .. } = kind { [1, 1] } else { dice.pair(&[1, 2]) },
            ceil_mode: dice.of(&[true, false]),
        };
        (Layer::Pool2d(pool), dice.image())
    });
}

#[test]
fn lp_pool2d() {
    check(6, |dice| {
        // As in PyTorch, an odd power of a negative sum has no root.
        let base = Pool2d::lp(dice.pair(&[1, 2, 3]), dice.of(&[1.0, 2.0, 4.0]));
        let stride = dice.pair(&[1, 2]);
        (Layer::Pool2d(Pool2d { stride, ceil_mode: dice.of(&[true, false]), ..base }), dice.image())
    });
}

#[test]
fn pool1d() {
    check(7, |dice| {
        let pool = Pool1d {
            kind: dice.pool_kind(),
            stride: dice.of(&[1, 2, 3]),
            ceil_mode: dice.of(&[true, false]),
            ..Pool1d::max(dice.of(&[1, 2, 3]))
        };
        (Layer::Pool1d(pool), dice.sequence())
    });
}

#[test]
fn adaptive_pool2d() {
    check(8, |dice| {
        let size = dice.pair(&[1, 2, 3, 7]);
        let pool = AdaptivePool2d {
            kind: dice.of(&[AdaptiveKind::Avg, AdaptiveKind::Max]),
            output: dice.of(&[None, Some(size), Some(size)]),
        };
        (Layer::AdaptivePool2d(pool), dice.image())
    });
}

#[test]
fn upsample() {
    check(9, |dice| {
        let align_corners = dice.of(&[true, false]);
        let (scale, size) = (dice.pair(&[1, 2, 3]), dice.pair(&[1, 3, 5, 8]));
        let upsample = Upsample {
            size: dice.of(&[UpsampleSize::Scale(scale), UpsampleSize::Size(size)]),
            mode: dice.of(&[UpsampleMode::Nearest, UpsampleMode::Bilinear { align_corners }]),
        };
        (Layer::Upsample(upsample), dice.image())
    });
}

#[test]
fn zero_pad2d_and_reshape() {
    check(10, |dice| {
        let padding = [dice.pair(&[0, 1, 3]), dice.pair(&[0, 1, 3])];
        (Layer::ZeroPad2d(ZeroPad2d { padding }), dice.image())
    });
    check(11, |dice| {
        let n = dice.of(&[1, 2, 3, 4]);
        let open = Claim::image(Some(n), None, Some(1));
        let to = dice.of(&[open, Claim::sequence(Some(n), None), Claim::features(None)]);
        (Layer::Reshape(Reshape { to }), dice.any_shape())
    });
    check(12, |dice| (Layer::Flatten, dice.any_shape()));
}

#[test]
fn norms() {
    check(13, |dice| (dice.norm(NormKind::Batch2d { momentum: 0.1 }), dice.image()));
    check(14, |dice| {
        let shape = dice.of(&[Shape::features(3), Shape::sequence(2, 5), Shape::sequence(1, 3)]);
        (dice.norm(NormKind::Batch1d { momentum: 0.1 }), shape)
    });
    check(15, |dice| (dice.norm(NormKind::Layer), dice.any_shape()));
    check(16, |dice| {
        let groups = dice.of(&[1, 2, 4]);
        (dice.norm(NormKind::Group { groups }), dice.any_shape())
    });
}

#[test]
fn activations() {
    check(17, |dice| {
        let (slope, alpha) = (dice.of(&[0.01, 0.3]), dice.of(&[0.5, 1.0]));
        let kind = dice.of(&[
            Activation::ReLU,
            Activation::LeakyReLU { slope },
            Activation::ELU { alpha },
            Activation::GELU,
            Activation::SiLU,
            Activation::Sigmoid,
            Activation::Tanh,
            Activation::Softplus,
            Activation::Softmax,
            Activation::LogSoftmax,
        ]);
        (Layer::Activation(kind), dice.any_shape())
    });
}
