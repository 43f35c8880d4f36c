//! Convolutions as products of matrices, with the columns made by own kernels.

use cudarc::driver::{CudaSlice, DeviceRepr};
use dfdx::prelude::*;
use shapewright_shape::Problem;

use super::gemm::{Matrices, Product, gemm};
use super::tensor::MOST;
use super::{Bias, CudaElement, Kernels, Module, Span};
use crate::error::Error;
use crate::kernels::conv2d::Conv2dOp;

const MODULE: Module = Module {
    name: "conv2d",
    source: include_str!("kernels/conv2d.cu"),
    kernels: &["im2col", "col2im", "to_channels", "to_images"],
};

/// The most elements of columns that are there at a time: 1 GiB of `f32`. Large batches are
/// worked through in parts.
const MOST_COLUMNS: usize = 1 << 28;

/// A convolution on a device. It goes both ways between its input and its output, so it serves
/// the transposed one, too.
pub struct Convolution {
    op: Conv2dOp,
    kernels: Kernels,
    bias: Bias,
}

impl Convolution {
    /// `name` is that of the operation, for errors.
    pub fn new<E: CudaElement>(
        name: &'static str,
        op: Conv2dOp,
        device: &Cuda,
    ) -> Result<Self, Error> {
        let one = Part { first: 0, op: Conv2dOp { batch: 1, ..op } };
        if one.columns_len().max(op.weight_len()) > MOST {
            let [height, width] = op.input;
            let input = [op.batch, op.in_channels, height, width];
            return Err(Error::options(name, input, Problem::Overflow));
        }
        Ok(Convolution { op, kernels: MODULE.load::<E>(device)?, bias: Bias::load::<E>(device)? })
    }

    /// `y = conv(x, weight) + bias`, or with `add` `y += …`.
    pub fn convolve<E: CudaElement>(
        &self,
        [x, weight, bias, y]: [Span<E>; 4],
        add: bool,
    ) -> Result<(), CudaError> {
        self.parts(|part| {
            let columns = self.im2col(&part, x)?;
            let outputs = self.kernels.buffer(part.op.output_len())?;
            let channels = Span::of(&outputs);
            let product = part.product();
            let matrices = (Matrices::plain(weight), Matrices::plain(Span::of(&columns)));
            gemm(&self.kernels.device, product, matrices.0, matrices.1, channels, false)?;
            let [n, c, pixels] = part.output_sizes();
            let y = part.output(y);
            // SAFETY: the parameters and lengths of `to_images`.
            unsafe {
                let parameters = (n, c, pixels, channels, bias, y, add);
                self.kernels.each("to_images", part.op.output_len(), parameters)
            }
        })
    }

    /// `x = the transpose of conv(·, weight), of y, + bias`, or with `add` `x += …`.
    pub fn transpose<E: CudaElement>(
        &self,
        [y, weight, bias, x]: [Span<E>; 4],
        add: bool,
    ) -> Result<(), CudaError> {
        self.parts(|part| {
            let channels = self.to_channels(&part, y)?;
            let columns = self.kernels.buffer(part.columns_len())?;
            let columns = Span::of(&columns);
            let Product { count, m, k, n } = part.product();
            let product = Product { count, m: k, k: m, n };
            let matrices = (Matrices::transposed(weight), Matrices::plain(Span::of(&channels)));
            gemm(&self.kernels.device, product, matrices.0, matrices.1, columns, false)?;
            let x = part.input(x);
            // SAFETY: the parameters and lengths of `col2im`.
            unsafe {
                let parameters = (part.sizes(), columns, bias, x, add);
                self.kernels.each("col2im", part.op.input_len(), parameters)
            }
        })
    }

    /// `gw += ` the gradient of the weight, by input and output gradient.
    pub fn add_weight_gradient<E: CudaElement>(
        &self,
        [x, gy, gw]: [Span<E>; 3],
    ) -> Result<(), CudaError> {
        self.parts(|part| {
            let columns = self.im2col(&part, x)?;
            let channels = self.to_channels(&part, gy)?;
            let Product { count, m, k, n } = part.product();
            let product = Product { count, m, k: n, n: k };
            let [channels, columns] = [&channels, &columns].map(|buffer| Span::of(buffer));
            let matrices = (Matrices::plain(channels), Matrices::transposed(columns));
            gemm(&self.kernels.device, product, matrices.0, matrices.1, gw, true)
        })
    }

    /// `sums += ` the sums over all images and pixels of each channel of the input.
    pub fn add_input_sums<E: CudaElement>(&self, [x, sums]: [Span<E>; 2]) -> Result<(), CudaError> {
        let Conv2dOp { batch, in_channels, input: [h, w], .. } = self.op;
        self.bias.add_sums([batch, in_channels, h * w], x, sums)
    }

    /// `sums += ` the sums over all images and pixels of each channel of the output.
    pub fn add_output_sums<E: CudaElement>(
        &self,
        [y, sums]: [Span<E>; 2],
    ) -> Result<(), CudaError> {
        let Conv2dOp { batch, out_channels, output: [h, w], .. } = self.op;
        self.bias.add_sums([batch, out_channels, h * w], y, sums)
    }

    fn im2col<E: CudaElement>(&self, part: &Part, x: Span<E>) -> Result<CudaSlice<E>, CudaError> {
        let columns = self.kernels.buffer(part.columns_len())?;
        // SAFETY: the parameters and lengths of `im2col`.
        unsafe {
            let parameters = (part.sizes(), part.input(x), Span::of(&columns));
            self.kernels.each("im2col", part.columns_len(), parameters)?;
        }
        Ok(columns)
    }

    fn to_channels<E: CudaElement>(
        &self,
        part: &Part,
        y: Span<E>,
    ) -> Result<CudaSlice<E>, CudaError> {
        let len = part.op.output_len();
        let channels = self.kernels.buffer(len)?;
        let [n, c, pixels] = part.output_sizes();
        // SAFETY: the parameters and lengths of `to_channels`.
        unsafe {
            let parameters = (n, c, pixels, part.output(y), Span::of(&channels));
            self.kernels.each("to_channels", len, parameters)?;
        }
        Ok(channels)
    }

    /// The batch, as many images at a time as there may be columns.
    fn parts(&self, mut work: impl FnMut(Part) -> Result<(), CudaError>) -> Result<(), CudaError> {
        let columns = Part { first: 0, op: Conv2dOp { batch: 1, ..self.op } }.columns_len();
        let most = (MOST_COLUMNS / columns.max(1)).max(1);
        (0..self.op.batch).step_by(most).try_for_each(|first| {
            let batch = most.min(self.op.batch - first);
            work(Part { first, op: Conv2dOp { batch, ..self.op } })
        })
    }
}

/// Some images of a batch.
struct Part {
    first: usize,
    /// The convolution of these images alone.
    op: Conv2dOp,
}

impl Part {
    fn columns_len(&self) -> usize {
        let [kernel_h, kernel_w] = self.op.kernel;
        let [h, w] = self.op.output;
        self.op.batch * self.op.in_channels * kernel_h * kernel_w * h * w
    }

    /// Of the weights and the columns, for each group.
    fn product(&self) -> Product {
        let Conv2dOp { batch, in_channels, out_channels, groups, kernel, output, .. } = self.op;
        Product {
            count: groups,
            m: out_channels / groups,
            k: in_channels / groups * kernel[0] * kernel[1],
            n: batch * output[0] * output[1],
        }
    }

    /// The elements of these images.
    fn input<E>(&self, x: Span<E>) -> Span<E> {
        x.from(self.first * (self.op.input_len() / self.op.batch))
    }

    /// Their outputs.
    fn output<E>(&self, y: Span<E>) -> Span<E> {
        y.from(self.first * (self.op.output_len() / self.op.batch))
    }

    /// Images, channels, pixels.
    fn output_sizes(&self) -> [u32; 3] {
        let Conv2dOp { batch, out_channels, output: [h, w], .. } = self.op;
        [batch, out_channels, h * w].map(|n| n as u32)
    }

    fn sizes(&self) -> Sizes {
        let Conv2dOp { batch, in_channels, input, output, .. } = self.op;
        let Conv2dOp { kernel, stride, dilation, padding, .. } = self.op;
        let pairs = [input, output, kernel, stride, dilation, padding];
        let [[h, w], [oh, ow], [kh, kw], [sh, sw], [dh, dw], [ph, pw]] = pairs;
        let sizes = [batch, in_channels, h, w, oh, ow, kh, kw, sh, sw, dh, dw, ph, pw];
        Sizes(sizes.map(|n| n as u32))
    }
}

/// The `Conv2d` of `conv2d.cu`.
#[repr(C)]
struct Sizes([u32; 14]);

// SAFETY: the numbers that the kernels declare, in their order.
unsafe impl DeviceRepr for Sizes {}
