//! The figure of convolution arithmetic.

mod axis;
mod draw;
mod find;
mod frames;
mod numbers;
mod sum;
#[cfg(test)]
mod tests;

use std::time::Duration;

use axis::{Axis, MOST};
use sum::Rule;

use super::Error;
use super::title::Title;
use crate::network::Declared;
use crate::shape::{
    Claim, Conv2d, ConvTranspose2d, Layer, Network, Placement, Pool2d, Problem, Shape, Step, words,
};
use crate::{shape, summary};

/// Which pixels a convolution, transposed convolution or pool takes for which output, after Dumoulin
/// and Visin, 2016, [A guide to convolution arithmetic for deep
/// learning](https://arxiv.org/abs/1603.07285).
///
/// The input is blue and the output green. Padding is dashed, and so are the zeros that a transposed
/// convolution puts between the pixels: it is drawn as the convolution that does the same, with its
/// kernel turned round. Below is the sum by which the output's size came about; with
/// [numbers](Arithmetic::input), that of the output that is being computed, too. One channel is
/// shown, and no bias.
///
/// ```
/// use shapewright::plot::{Arithmetic, Figure};
/// use shapewright::prelude::*;
/// use shapewright::shape::{Conv2d, Padding};
///
/// let conv = Conv2d {
///     stride: [2, 2],
///     padding: Padding::symmetric(1, 1),
///     ..Conv2d::new(1, [3, 3])
/// };
/// let dev = Cpu::default();
/// let image = dev.tensor([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0], [1.0, 0.0, 1.0]]);
/// let kernel = dev.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]);
/// let figure = Arithmetic::conv2d(conv, [3, 3])?.input(&image)?.kernel(&kernel)?;
/// let dir = std::env::temp_dir().join("shapewright-arithmetic");
/// figure.save_gif(dir.join("conv.gif"))?;
/// figure.at(1, 1)?.save(dir.join("last.svg"))?;
/// let svg = std::fs::read_to_string(dir.join("last.svg")).unwrap();
/// assert!(svg.contains("(3 + 2·1 - 1·(3-1) - 1) / 2 + 1 = 2"));
/// # Ok::<_, shapewright::plot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Arithmetic {
    axes: [Axis; 2],
    rule: Rule,
    /// How the output's size came about.
    formula: String,
    input: Option<Vec<f32>>,
    kernel: Option<Vec<f32>>,
    output: Option<Vec<f32>>,
    at: [usize; 2],
    title: Title,
    scale: Option<f32>,
    delay: Duration,
}

impl Arithmetic {
    /// Of a convolution on an image of `[height, width]`.
    ///
    /// # Errors
    ///
    /// If the options are wrong or the image is too small, and if a side of the figure would have
    /// more than 64 cells.
    pub fn conv2d(conv: Conv2d, input: [usize; 2]) -> Result<Self, Error> {
        let channels = conv.in_channels.unwrap_or(conv.groups);
        Self::new(Layer::Conv2d(conv), channels, input, Rule::Products, |axis, size, place| {
            Axis::of_window(conv.window(axis), size, place)
        })
    }

    /// Of a transposed convolution on an image of `[height, width]`.
    ///
    /// ```
    /// use shapewright::plot::{Arithmetic, Figure};
    /// use shapewright::shape::{ConvTranspose2d, Padding};
    ///
    /// let up = ConvTranspose2d { stride: [2, 2], ..ConvTranspose2d::new(1, [3, 3]) };
    /// assert_eq!(Arithmetic::conv_transpose2d(up, [3, 3])?.frames().count(), 7 * 7);
    ///
    /// let wrong = ConvTranspose2d { output_padding: [2, 2], ..up };
    /// let error = Arithmetic::conv_transpose2d(wrong, [3, 3]).unwrap_err();
    /// assert!(error.to_string().contains("output padding"), "{error}");
    /// # Ok::<_, shapewright::plot::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the options are wrong or the padding leaves nothing, and if a side of the figure would have
    /// more than 64 cells.
    pub fn conv_transpose2d(conv: ConvTranspose2d, input: [usize; 2]) -> Result<Self, Error> {
        let channels = conv.in_channels.unwrap_or(conv.groups);
        let layer = Layer::ConvTranspose2d(conv);
        Self::new(layer, channels, input, Rule::Products, |axis, size, place| {
            Axis::transposed(conv.window(axis), size, place)
        })
    }

    /// Of a pool on an image of `[height, width]`.
    ///
    /// # Errors
    ///
    /// If the options are wrong or the image is too small, and if a side of the figure would have
    /// more than 64 cells.
    pub fn pool2d(pool: Pool2d, input: [usize; 2]) -> Result<Self, Error> {
        Self::new(Layer::Pool2d(pool), 1, input, Rule::Pool(pool.kind), |axis, size, place| {
            Axis::of_window(pool.window(axis), size, place)
        })
    }

    /// Of a step of a declared network, on what arrives there: a convolution, transposed convolution
    /// or pool of images or sequences. The names of blocks and networks that it is in are written
    /// before its own, with points between them. Of a network for any image size, for the size that
    /// [`Diagram::of`](super::Diagram::of) shows.
    ///
    /// ```
    /// use shapewright::plot::Arithmetic;
    /// use shapewright::prelude::*;
    ///
    /// net! {
    ///     struct Net: [1, 12, 12] -> [8, 5, 5] {
    ///         stem: { conv: Conv2d(8, kernel = 3), ReLU },
    ///         pool: MaxPool2d(2),
    ///     }
    /// }
    ///
    /// let conv = Arithmetic::of_step::<Net>("stem.conv")?;
    /// assert_eq!(conv.frames().count(), 10 * 10);
    /// assert_eq!(
    ///     Arithmetic::of_step::<Net>("stem.fc").unwrap_err().to_string(),
    ///     "`Net` has no convolution or pool `stem.fc`",
    /// );
    /// # Ok::<_, shapewright::plot::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no such step, and if a side of the figure would have more than 64 cells.
    pub fn of_step<N: Declared>(name: &str) -> Result<Self, Error> {
        let network = &N::NETWORK;
        let found = find::step(network.steps, network.example(), name);
        let figure = found.and_then(|(layer, input)| {
            let image = [input.dim(1), input.dim(2)];
            let figure = match layer {
                Layer::Conv2d(conv) => Self::conv2d(conv, image),
                Layer::ConvTranspose2d(conv) => Self::conv_transpose2d(conv, image),
                Layer::Pool2d(pool) => Self::pool2d(pool, image),
                Layer::Conv1d(conv) => Self::conv2d(conv.image(), [1, input.dim(1)]),
                Layer::Pool1d(pool) => Self::pool2d(pool.image(), [1, input.dim(1)]),
                _ => return None,
            };
            let title = format!("{name}: {}", summary::call(&layer, input));
            Some(figure.map(|figure| figure.title(title)))
        });
        let network = network.name;
        figure.unwrap_or_else(|| {
            let sentence = format!("`{network}` has no convolution or pool `{name}`");
            Err(Error::Invalid(sentence))
        })
    }

    /// Checks the layer first, so that `axis` only meets what is right.
    fn new(
        layer: Layer,
        channels: usize,
        size: [usize; 2],
        rule: Rule,
        axis: impl Fn(shape::Axis, usize, Placement) -> Option<Axis>,
    ) -> Result<Self, Error> {
        let input = Shape::image(channels.max(1), size[0], size[1]);
        let steps = [Step::layer(layer)];
        let network = Network::new(layer.name(), Claim::ANY, Claim::ANY, &steps);
        let output = network.run(input).map_err(|mistake| {
            Error::Invalid(words::headline(&network, &mistake).as_str().to_string())
        })?;
        // One channel is shown, whatever their number.
        let channels = format!("{} -> {}, ", input.dim(0), output.dim(0));
        let title = summary::call(&layer, input).replacen(&channels, "", 1);
        let axes = place(&layer, size).ok().and_then(|[h, w]| {
            let height = axis(shape::Axis::Height, size[0], h)?;
            Some([height, axis(shape::Axis::Width, size[1], w)?])
        });
        let Some(axes) = axes else {
            let [height, width] = size;
            let sentence = format!(
                "the figure of `{title}` on {height} × {width} would have more than {MOST} cells \
                 along a side"
            );
            return Err(Error::Invalid(sentence));
        };
        Ok(Arithmetic {
            axes,
            rule,
            formula: words::arithmetic(layer, input, output).as_str().to_string(),
            input: None,
            kernel: None,
            output: None,
            at: [0; 2],
            title: Title::new(title),
            scale: None,
            delay: Duration::from_millis(800),
        })
    }

    /// The line above it instead of the layer as one would write it.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Title::new(title);
        self
    }

    /// So many points for each cell, at least one.
    #[must_use]
    pub fn scale(mut self, points: f32) -> Self {
        self.scale = Some(points.max(1.0));
        self
    }
}

/// Where the windows lie.
fn place(layer: &Layer, [height, width]: [usize; 2]) -> Result<[Placement; 2], Problem> {
    match layer {
        Layer::ConvTranspose2d(conv) => conv.place(height, width),
        Layer::Pool2d(pool) => pool.place(height, width),
        Layer::Conv2d(conv) => conv.place(height, width),
        _ => Err(Problem::ZeroInput),
    }
}
