//! The numbers of random figures are those of the operations that networks run.

use dfdx::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::Arithmetic;
use crate::ops;
use crate::shape::{Conv2d, ConvTranspose2d, Padding, Pool2d, PoolKind};

type Image = Tensor<(usize, usize, usize, usize), f32, Cpu>;
type Bias = Tensor<(usize,), f32, Cpu>;

const RUNS: usize = 500;

/// Options at random.
struct Dice(StdRng);

impl Dice {
    fn of<T: Copy>(&mut self, faces: &[T]) -> T {
        faces[self.0.gen_range(0..faces.len())]
    }

    fn pair(&mut self, most: usize) -> [usize; 2] {
        [0; 2].map(|_| self.0.gen_range(1..=most))
    }

    fn padding(&mut self, most: usize) -> Padding {
        let sides = [[0; 2]; 2].map(|sides| sides.map(|_: usize| self.0.gen_range(0..=most)));
        self.of(&[Padding::NONE, Padding::Same, Padding::Full, Padding::Explicit(sides)])
    }

    /// Of small whole numbers, whose sums are exact.
    fn image(&mut self, [height, width]: [usize; 2]) -> Image {
        let numbers = (0..height * width).map(|_| f32::from(self.0.gen_range(-8i8..8)));
        Cpu::default().tensor_from_vec(numbers.collect(), (1, 1, height, width))
    }
}

/// Asserts that each output's number is the operation's, if the options are right.
fn assert_same(
    figure: Result<Arithmetic, crate::plot::Error>,
    y: Result<Image, crate::Error>,
) -> bool {
    match (figure, y) {
        (Ok(figure), Ok(y)) => {
            let [height, width] = figure.axes.map(|axis| axis.output);
            assert_eq!((height, width), (y.shape().2, y.shape().3));
            for (own, theirs) in figure.output.as_ref().unwrap().iter().zip(y.as_vec()) {
                // A dilated window may see padding alone, of which the maximum is infinite.
                let same = *own == theirs || (own - theirs).abs() <= 1e-6 * theirs.abs();
                assert!(same, "{own} is {theirs}: {figure:?}");
            }
            true
        }
        (Err(_), Err(_)) => false,
        (figure, y) => panic!("{figure:?} but {:?}", y.map(|y| *y.shape())),
    }
}

#[test]
fn convolutions() {
    let mut dice = Dice(StdRng::seed_from_u64(1));
    let mut figures = 0;
    for _ in 0..RUNS {
        let (size, kernel) = (dice.pair(8), dice.pair(4));
        let conv = Conv2d {
            stride: dice.pair(3),
            padding: dice.padding(3),
            dilation: dice.pair(3),
            bias: false,
            ..Conv2d::new(1, kernel)
        };
        let (x, weight) = (dice.image(size), dice.image(kernel));
        let figure = Arithmetic::conv2d(conv, size);
        let figure = figure.map(|figure| figure.input(&x).unwrap().kernel(&weight).unwrap());
        figures += usize::from(assert_same(figure, ops::conv2d(x, &weight, None::<&Bias>, &conv)));
    }
    assert!(figures > RUNS / 2, "{figures}");
}

#[test]
fn transposed_convolutions() {
    let mut dice = Dice(StdRng::seed_from_u64(2));
    let mut figures = 0;
    for _ in 0..RUNS {
        let (size, kernel) = (dice.pair(6), dice.pair(4));
        let conv = ConvTranspose2d {
            stride: dice.pair(3),
            padding: dice.padding(3),
            output_padding: dice.pair(2).map(|n| n - 1),
            dilation: dice.pair(3),
            bias: false,
            ..ConvTranspose2d::new(1, kernel)
        };
        let (x, weight) = (dice.image(size), dice.image(kernel));
        let figure = Arithmetic::conv_transpose2d(conv, size);
        let figure = figure.map(|figure| figure.input(&x).unwrap().kernel(&weight).unwrap());
        let y = ops::conv_transpose2d(x, &weight, None::<&Bias>, &conv);
        figures += usize::from(assert_same(figure, y));
    }
    assert!(figures > RUNS / 2, "{figures}");
}

#[test]
fn pools() {
    let mut dice = Dice(StdRng::seed_from_u64(3));
    let mut figures = 0;
    for _ in 0..RUNS {
        let (size, stride) = (dice.pair(8), dice.pair(4));
        let count_include_pad = dice.of(&[false, true]);
        let kind = dice.of(&[PoolKind::Max, PoolKind::Min, PoolKind::Avg { count_include_pad }]);
        let dilation = if let PoolKind::Avg { .. } = kind { [1, 1] } else { dice.pair(2) };
        let pool = Pool2d {
            kind,
            stride,
            padding: dice.padding(1),
            dilation,
            ceil_mode: dice.of(&[false, true]),
            ..Pool2d::max(dice.pair(4))
        };
        let x = dice.image(size);
        let figure = Arithmetic::pool2d(pool, size).map(|figure| figure.input(&x).unwrap());
        figures += usize::from(assert_same(figure, ops::pool2d(x, &pool)));
    }
    assert!(figures > RUNS / 3, "{figures}");
}
