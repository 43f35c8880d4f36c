//! Options at random, the absurd among them: an output of the promised shape with gradients, or
//! an error that names the input, and never a panic.

use dfdx::prelude::*;
use shapewright::error::Error;
use shapewright::ops::{self, Erased};
use shapewright_shape::{Conv2d, Padding, Pool2d, PoolKind, Shape};

type Image = Erased<f64, AutoDevice>;
type Bias = Tensor<(usize,), f64, AutoDevice>;

const RUNS: usize = 4000;

/// Picks by the numbers of [`crate::common::noise`].
struct Dice(std::vec::IntoIter<f64>);

impl Dice {
    fn of<T: Copy>(&mut self, faces: &[T]) -> T {
        let at = (self.0.next().unwrap().abs() * faces.len() as f64) as usize;
        faces[at.min(faces.len() - 1)]
    }

    fn size(&mut self) -> usize {
        self.of(&[0, 1, 2, 3, 4, 5, 6, 7])
    }

    /// Mostly possible.
    fn option(&mut self) -> usize {
        let absurd = self.of(&[0, 0, usize::MAX, usize::MAX / 2, isize::MAX as usize, 1 << 40]);
        self.of(&[1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5, absurd])
    }

    fn options(&mut self) -> [usize; 2] {
        [self.option(), self.option()]
    }

    fn padding(&mut self) -> Padding {
        let sides = [0; 4].map(|_| self.option());
        let explicit = Padding::Explicit([[sides[0], sides[1]], [sides[2], sides[3]]]);
        self.of(&[Padding::NONE, Padding::NONE, Padding::Same, Padding::Full, explicit])
    }

    fn image(&mut self) -> Image {
        let shape = (self.of(&[0, 1, 2]), self.size(), self.size(), self.size());
        AutoDevice::default().ones_like(&shape)
    }
}

/// Asserts that the result is what the rules of shapes say, and counts it.
fn assert_agrees(
    x: &Image,
    expected: Option<Shape>,
    result: Result<Erased<f64, AutoDevice, crate::common::Tape64>, Error>,
    outputs: &mut usize,
) {
    let (b, c, h, w) = *x.shape();
    match result {
        Ok(y) => {
            let (batch, dims) = (y.shape().0, [y.shape().1, y.shape().2, y.shape().3]);
            assert_eq!((batch, Some(&dims[..])), (b, expected.as_ref().map(|s| s.dims())));
            // By way of a scalar, because dfdx can't sum up an empty tensor.
            let (y, tape) = y.split_tape();
            let grads = y.device().zeros::<Rank0>().put_tape(tape).backward();
            assert_eq!(grads.get(x).shape(), x.shape());
            *outputs += 1;
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.contains(&format!("({b}, {c}, {h}, {w})")), "{message}");
        }
    }
}

#[test]
fn conv2d() {
    let mut dice = Dice(crate::common::noise(5, RUNS * 40).into_iter());
    let mut outputs = 0;
    for _ in 0..RUNS {
        let x = dice.image();
        let (channels, groups) = (x.shape().1, dice.of(&[0, 1, 1, 1, 1, 2, 3]));
        let conv = Conv2d {
            in_channels: dice.of(&[None, None, None, Some(3)]),
            stride: dice.options(),
            padding: dice.padding(),
            dilation: dice.options(),
            groups,
            bias: false,
            ..Conv2d::new(dice.size(), dice.options())
        };
        // Of the right shape, unless that is absurd.
        let [kh, kw] = conv.kernel.map(|k| k.min(7));
        let weight = (conv.out_channels, channels / groups.max(1), kh, kw);
        let weight: Image = x.device().ones_like(&weight);
        let expected = conv.output(Shape::image(channels, x.shape().2, x.shape().3)).ok();
        let y = ops::conv2d(x.leaky_trace(), &weight, None::<&Bias>, &conv);
        assert_agrees(&x, expected, y, &mut outputs);
    }
    println!("conv2d: {outputs} outputs of {RUNS} runs");
    assert!(outputs > RUNS / 20 && outputs < RUNS);
}

#[test]
fn pool2d() {
    let mut dice = Dice(crate::common::noise(6, RUNS * 40).into_iter());
    let mut outputs = 0;
    for _ in 0..RUNS {
        let x = dice.image();
        let (own, all) = (false, true);
        let kind = dice.of(&[
            PoolKind::Max,
            PoolKind::Avg { count_include_pad: own },
            PoolKind::Avg { count_include_pad: all },
        ]);
        let pool = Pool2d {
            kind,
            kernel: dice.options(),
            stride: dice.options(),
            padding: dice.padding(),
            dilation: if dice.of(&[true, false]) { [1, 1] } else { dice.options() },
            ceil_mode: dice.of(&[true, false]),
        };
        let (_, c, h, w) = *x.shape();
        let expected = pool.output(Shape::image(c, h, w)).ok();
        assert_agrees(&x, expected, ops::pool2d(x.leaky_trace(), &pool), &mut outputs);
    }
    println!("pool2d: {outputs} outputs of {RUNS} runs");
    assert!(outputs > RUNS / 20 && outputs < RUNS);
}
