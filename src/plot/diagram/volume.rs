//! Boxes as large as what they stand for.

use crate::plot::color::mix;
use crate::plot::{Canvas, Color};
use crate::shape::Shape;

/// Height of the largest image and of the longest bar.
pub const HIGHEST: f32 = 104.0;

/// Of the smallest.
const LOWEST: f32 = 6.0;

/// A layer that keeps the shape.
pub const SLICE: f32 = 5.0;

/// How far a box goes back, for each point of the image's width: to the right and upwards.
const BACK: f32 = 0.28;

/// Height, thickness and depth, in points.
#[derive(Clone, Copy, Debug)]
pub struct Volume {
    pub height: f32,
    pub thickness: f32,
    pub back: f32,
}

impl Volume {
    /// Of what a layer gives. `largest` is the longest side of any image of the network. Sides go
    /// with the square root, so that a small image beside a large one is still seen; channels and
    /// features with the logarithm.
    pub fn of(shape: Shape, largest: usize) -> Self {
        let side = |n: usize| (HIGHEST * (n as f32 / largest as f32).sqrt()).max(LOWEST);
        let doublings = |n: usize| (n as f32).log2();
        match *shape.dims() {
            [channels, height, width] => Volume {
                height: side(height),
                thickness: 5.0 + 3.5 * doublings(channels),
                back: BACK * side(width),
            },
            [channels, length] => Volume {
                height: side(length),
                thickness: 5.0 + 3.5 * doublings(channels),
                back: BACK * LOWEST,
            },
            _ => Volume {
                height: (12.0 + 8.0 * doublings(shape.dim(0))).min(HIGHEST),
                thickness: 8.0,
                back: BACK * LOWEST,
            },
        }
    }

    /// Thin, of the same height and depth.
    pub fn slice(self) -> Self {
        Volume { thickness: SLICE, ..self }
    }

    /// Draws it, the lower left corner of its front at `(x, y)`.
    pub fn draw(self, canvas: &mut Canvas<'_>, [x, y]: [f32; 2], color: Color) {
        let Volume { height, thickness, back } = self;
        let at = |right: f32, up: f32, back: f32| [x + right + back, y - up - back];
        let front = [
            at(0.0, 0.0, 0.0),
            at(thickness, 0.0, 0.0),
            at(thickness, height, 0.0),
            at(0.0, height, 0.0),
        ];
        let top = [
            at(0.0, height, 0.0),
            at(thickness, height, 0.0),
            at(thickness, height, back),
            at(0.0, height, back),
        ];
        let side = [
            at(thickness, 0.0, 0.0),
            at(thickness, 0.0, back),
            at(thickness, height, back),
            at(thickness, height, 0.0),
        ];
        let edge = mix(color, [0; 3], 0.45);
        let faces =
            [(front, color), (top, mix(color, [255; 3], 0.35)), (side, mix(color, [0; 3], 0.15))];
        for ([a, b, c, d], color) in faces {
            canvas.polygon(&[a, b, c, d], color, 1.0);
            canvas.line(&[a, b, c, d, a], 0.6, edge);
        }
    }
}
