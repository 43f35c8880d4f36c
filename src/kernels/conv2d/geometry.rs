//! A convolution as the kernels see it.

use super::Conv2dOp;
use std::ops::Range;

/// [`Conv2dOp`], but counting channels within a group and with padding that may be negative:
/// the gradient of the input is a convolution too, and may leave out part of its input.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    pub batch: usize,
    pub groups: usize,
    /// Input channels of a group.
    pub channels: usize,
    /// Output channels of a group.
    pub outputs: usize,
    pub input: [usize; 2],
    pub output: [usize; 2],
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    pub padding: [isize; 2],
}

impl Geometry {
    pub fn new(op: &Conv2dOp) -> Geometry {
        Geometry {
            batch: op.batch,
            groups: op.groups,
            channels: op.in_channels / op.groups,
            outputs: op.out_channels / op.groups,
            input: op.input,
            output: op.output,
            kernel: op.kernel,
            stride: op.stride,
            dilation: op.dilation,
            padding: op.padding.map(|p| p as isize),
        }
    }

    pub fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Products summed for one output.
    pub fn products(&self) -> usize {
        self.channels * self.taps()
    }

    pub fn input_pixels(&self) -> usize {
        self.input[0] * self.input[1]
    }

    pub fn output_pixels(&self) -> usize {
        self.output[0] * self.output[1]
    }

    pub fn weight_len(&self) -> usize {
        self.groups * self.outputs * self.products()
    }

    pub fn input_len(&self) -> usize {
        self.batch * self.groups * self.channels * self.input_pixels()
    }

    pub fn output_len(&self) -> usize {
        self.batch * self.groups * self.outputs * self.output_pixels()
    }

    /// The channels of one group in one image.
    pub fn input_of<'a, E>(&self, x: &'a [E], image: usize, group: usize) -> &'a [E] {
        &x[self.input_start(image, group)..][..self.channels * self.input_pixels()]
    }

    /// Where they start.
    pub fn input_start(&self, image: usize, group: usize) -> usize {
        (image * self.groups + group) * self.channels * self.input_pixels()
    }

    /// The output planes of one group in one image, counted through all of them.
    pub fn planes(&self, image: usize, group: usize) -> Range<usize> {
        let first = (image * self.groups + group) * self.outputs;
        first..first + self.outputs
    }

    /// Multiplications in all.
    pub fn work(&self) -> usize {
        self.output_len() * self.products()
    }
}
