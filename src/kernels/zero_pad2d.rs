//! Zeros around an image.
//!
//! As PyTorch's [`ZeroPad2d`](https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html).

use super::Element;
use super::parallel::pieces;

/// The sizes of a padding; pairs are `[height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZeroPad2dOp {
    /// Images.
    pub batch: usize,
    /// Channels of the input and of the output.
    pub channels: usize,
    /// Size of an input plane.
    pub input: [usize; 2],
    /// `[[top, bottom], [left, right]]`.
    pub padding: [[usize; 2]; 2],
}

impl ZeroPad2dOp {
    /// Size of an output plane.
    pub fn output(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.padding[axis][0] + self.input[axis] + self.padding[axis][1])
    }

    fn input_pixels(&self) -> usize {
        self.input[0] * self.input[1]
    }

    fn output_pixels(&self) -> usize {
        self.output()[0] * self.output()[1]
    }

    fn check(&self, input: usize, output: usize) {
        assert_eq!(input, self.batch * self.channels * self.input_pixels());
        assert_eq!(output, self.batch * self.channels * self.output_pixels());
    }
}

/// `y[n, c, top + iy, left + ix] = x[n, c, iy, ix]`, and 0 elsewhere; overwrites `y`.
pub fn forward<E: Element>(op: &ZeroPad2dOp, x: &[E], y: &mut [E]) {
    op.check(x.len(), y.len());
    let ([_, width], [[top, _], [left, _]]) = (op.input, op.padding);
    pieces(y.len(), y, op.output_pixels(), |i, y| {
        let x = &x[i * op.input_pixels()..][..op.input_pixels()];
        y.fill(E::zero());
        for (y, x) in y.chunks_exact_mut(op.output()[1]).skip(top).zip(x.chunks_exact(width)) {
            y[left..][..width].copy_from_slice(x);
        }
    });
}

/// `gx[n, c, iy, ix] = gy[n, c, top + iy, left + ix]`; overwrites `gx`.
pub fn backward<E: Element>(op: &ZeroPad2dOp, gy: &[E], gx: &mut [E]) {
    op.check(gx.len(), gy.len());
    let ([_, width], [[top, _], [left, _]]) = (op.input, op.padding);
    pieces(gx.len(), gx, op.input_pixels(), |i, gx| {
        let gy = &gy[i * op.output_pixels()..][..op.output_pixels()];
        for (gx, gy) in gx.chunks_exact_mut(width).zip(gy.chunks_exact(op.output()[1]).skip(top)) {
            gx.copy_from_slice(&gy[left..][..width]);
        }
    });
}
