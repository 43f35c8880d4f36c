//! Any layer.

use crate::{
    Activation, AdaptivePool2d, Conv1d, Conv2d, ConvTranspose2d, Linear, Norm, NormKind, Pool1d,
    Pool2d, Problem, Reshape, Shape, Upsample, UpsampleSize, Window, ZeroPad2d,
};

/// `Dropout`: in training, zeroes each element with probability `p` and scales the others by
/// `1 / (1 - p)`; in evaluation, the identity. `Dropout2d`: the same with whole channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    /// Probability of a zero, from 0 up to but not including 1.
    pub p: f64,
}

/// A layer and its options.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layer {
    /// Convolution.
    Conv2d(Conv2d),
    /// Convolution of a sequence.
    Conv1d(Conv1d),
    /// Transposed convolution.
    ConvTranspose2d(ConvTranspose2d),
    /// Pool of windows.
    Pool2d(Pool2d),
    /// Pool of windows of a sequence.
    Pool1d(Pool1d),
    /// Pool to a given size, or of whole planes.
    AdaptivePool2d(AdaptivePool2d),
    /// Fully connected layer.
    Linear(Linear),
    /// Normalisation by mean and variance.
    Norm(Norm),
    /// `[c, h, w]` to `[c · h · w]`.
    Flatten,
    /// A function of each element, or a softmax.
    Activation(Activation),
    /// Random zeros in training.
    Dropout(Dropout),
    /// Random channels of zeros in training.
    Dropout2d(Dropout),
    /// The image at another size.
    Upsample(Upsample),
    /// Zeros around the image.
    ZeroPad2d(ZeroPad2d),
    /// The same elements in another shape.
    Reshape(Reshape),
}

impl Layer {
    /// The name in the DSL.
    pub const fn name(&self) -> &'static str {
        match self {
            Layer::Conv2d(_) => "Conv2d",
            Layer::Conv1d(_) => "Conv1d",
            Layer::ConvTranspose2d(_) => "ConvTranspose2d",
            Layer::Norm(norm) => norm.name(),
            Layer::Pool2d(pool) => pool.name(),
            Layer::Pool1d(pool) => pool.name(),
            Layer::AdaptivePool2d(pool) => pool.name(),
            Layer::Linear(_) => "Linear",
            Layer::Flatten => "Flatten",
            Layer::Activation(a) => a.name(),
            Layer::Dropout(_) => "Dropout",
            Layer::Dropout2d(_) => "Dropout2d",
            Layer::Upsample(_) => "Upsample",
            Layer::ZeroPad2d(_) => "ZeroPad2d",
            Layer::Reshape(_) => "Reshape",
        }
    }

    /// The output for `input`, or what is wrong.
    pub const fn output(&self, input: Shape) -> Result<Shape, Problem> {
        let output = match self {
            Layer::Conv2d(conv) => tri!(conv.output(input)),
            Layer::Conv1d(conv) => tri!(conv.output(input)),
            Layer::ConvTranspose2d(conv) => tri!(conv.output(input)),
            Layer::Norm(norm) => tri!(norm.output(input)),
            Layer::Pool2d(pool) => tri!(pool.output(input)),
            Layer::Pool1d(pool) => tri!(pool.output(input)),
            Layer::AdaptivePool2d(pool) => tri!(pool.output(input)),
            Layer::Linear(linear) => tri!(linear.output(input)),
            Layer::Upsample(upsample) => tri!(upsample.output(input)),
            Layer::ZeroPad2d(pad) => tri!(pad.output(input)),
            Layer::Reshape(reshape) => tri!(reshape.output(input)),
            Layer::Flatten => match input.numel() {
                Some(n) => Shape::features(n),
                None => return Err(Problem::Overflow),
            },
            Layer::Dropout2d(_) => {
                tri!(self.check_options());
                if input.rank() != 3 {
                    return Err(Problem::NotAnImage { input });
                }
                input
            }
            Layer::Activation(_) | Layer::Dropout(_) => {
                tri!(self.check_options());
                input
            }
        };
        if input.is_example() && self.needs_a_fixed_size() {
            return Err(Problem::Varies { input });
        }
        let output = output.varying(self.varying(input.varies()));
        // What no memory can hold is a mistake too.
        match (output.numel(), self.parameters(input)) {
            (Some(n), Some(m)) if n <= MOST && m <= MOST => Ok(output),
            _ => Err(Problem::Overflow),
        }
    }

    /// Whether its weights, or the features it gives, depend on the height and width.
    const fn needs_a_fixed_size(&self) -> bool {
        match self {
            Layer::Flatten | Layer::Reshape(_) => true,
            Layer::Norm(norm) => matches!(norm.kind, NormKind::Layer),
            _ => false,
        }
    }

    /// Which dimensions of the output vary if these of the input do.
    const fn varying(&self, [channels, height, width]: [bool; 3]) -> [bool; 3] {
        match self {
            Layer::AdaptivePool2d(_) | Layer::Linear(_) => [false; 3],
            Layer::Upsample(Upsample { size: UpsampleSize::Size(_), .. }) => [false; 3],
            _ => [channels, height, width],
        }
    }

    /// What is wrong with the options whatever the input.
    pub const fn check_options(&self) -> Result<(), Problem> {
        match self {
            Layer::Conv2d(conv) => conv.check_options(),
            Layer::Conv1d(conv) => conv.check_options(),
            Layer::ConvTranspose2d(conv) => conv.check_options(),
            Layer::Norm(norm) => norm.check_options(),
            Layer::Pool2d(pool) => pool.check_options(),
            Layer::Pool1d(pool) => pool.check_options(),
            Layer::AdaptivePool2d(pool) => pool.check_options(),
            Layer::Linear(linear) => linear.check_options(),
            Layer::Upsample(upsample) => upsample.check_options(),
            Layer::Reshape(reshape) => reshape.check_options(),
            Layer::Dropout(Dropout { p }) | Layer::Dropout2d(Dropout { p })
                if !(*p >= 0.0 && *p < 1.0) =>
            {
                Err(Problem::DropoutProbability)
            }
            _ => Ok(()),
        }
    }

    /// The number of parameters, `None` on overflow.
    pub const fn parameters(&self, input: Shape) -> Option<usize> {
        match self {
            Layer::Conv2d(conv) => conv.parameters(input.dim(0)),
            Layer::Conv1d(conv) => conv.parameters(input.dim(0)),
            Layer::ConvTranspose2d(conv) => conv.parameters(input.dim(0)),
            Layer::Norm(norm) => norm.parameters(input),
            Layer::Linear(linear) => linear.parameters(input.dim(0)),
            _ => Some(0),
        }
    }

    /// The window of a layer that takes a sequence.
    pub const fn sequence_window(&self) -> Option<Window> {
        match self {
            Layer::Conv1d(conv) => Some(conv.window()),
            Layer::Pool1d(pool) => Some(pool.window()),
            _ => None,
        }
    }

    /// Multiply-adds for one image: every weight of a convolution once for each output pixel (of a
    /// transposed one, input pixel), every weight of a linear layer once. Pools, normalisations and
    /// activations count as none.
    pub const fn multiply_adds(&self, input: Shape, output: Shape) -> u64 {
        match self {
            Layer::Conv2d(conv) => {
                let [o, c, kh, kw] = conv.weight(input.dim(0));
                product(&[output.dim(1), output.dim(2), o, c, kh, kw])
            }
            Layer::Conv1d(conv) => {
                let [o, c, k] = conv.weight(input.dim(0));
                product(&[output.dim(1), o, c, k])
            }
            Layer::ConvTranspose2d(conv) => {
                let [c, o, kh, kw] = conv.weight(input.dim(0));
                product(&[input.dim(1), input.dim(2), c, o, kh, kw])
            }
            Layer::Linear(linear) => product(&[input.dim(0), linear.out_features]),
            _ => 0,
        }
    }
}

/// The most elements of a tensor: `f64`s in `isize::MAX` bytes.
const MOST: usize = isize::MAX as usize / 8;

/// As large as a count can be, if the product is larger.
const fn product(factors: &[usize]) -> u64 {
    let (mut product, mut i) = (1u64, 0);
    while i < factors.len() {
        product = product.saturating_mul(factors[i] as u64);
        i += 1;
    }
    product
}
