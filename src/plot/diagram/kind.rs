//! What the colours of a diagram mean.

use crate::plot::Color;
use crate::shape::Layer;

/// The kinds of layers, in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Input,
    Conv,
    /// What makes images larger.
    Up,
    Pool,
    Linear,
    Norm,
    Activation,
    Dropout,
    /// The same elements, in another shape or with zeros around them.
    Shape,
    /// A layer of the user's own.
    Own,
    /// A network or block that is one box.
    Inner,
}

impl Kind {
    pub fn of(layer: &Layer) -> Self {
        match layer {
            Layer::Conv2d(_) | Layer::Conv1d(_) => Kind::Conv,
            Layer::ConvTranspose2d(_) | Layer::Upsample(_) => Kind::Up,
            Layer::Pool2d(_) | Layer::Pool1d(_) | Layer::AdaptivePool2d(_) => Kind::Pool,
            Layer::Linear(_) => Kind::Linear,
            Layer::Norm(_) => Kind::Norm,
            Layer::Activation(_) => Kind::Activation,
            Layer::Dropout(_) | Layer::Dropout2d(_) => Kind::Dropout,
            Layer::Flatten | Layer::ZeroPad2d(_) | Layer::Reshape(_) => Kind::Shape,
        }
    }

    /// Whether it is a slice on the box before it: it keeps the shape.
    pub fn is_slice(self) -> bool {
        matches!(self, Kind::Norm | Kind::Activation | Kind::Dropout | Kind::Own)
    }

    /// Okabe and Ito's colours (2008), which colour-blind readers can tell apart, and greys.
    pub fn color(self) -> Color {
        match self {
            Kind::Input => [240, 240, 243],
            Kind::Conv => [86, 180, 233],
            Kind::Up => [0, 114, 178],
            Kind::Pool => [230, 159, 0],
            Kind::Linear => [0, 158, 115],
            Kind::Norm => [240, 228, 66],
            Kind::Activation => [204, 121, 167],
            Kind::Dropout => [130, 130, 136],
            Kind::Shape => [208, 208, 214],
            Kind::Own => [213, 94, 0],
            Kind::Inner => [178, 172, 222],
        }
    }
}
