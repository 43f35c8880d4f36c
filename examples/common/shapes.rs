//! Coloured shapes on a noisy background, drawn by a seed: images to learn from without files.
//!
//! A picture is planes of red, green and blue in `0..=1`. Shapes are known by what they cover, in a
//! box from -1 to 1 with `y` up; a pixel at their edge is covered in part.

// Each example is a crate of its own and uses only some of these.
#![allow(dead_code)]

use std::f32::consts::{PI, TAU};
use std::ops::Range;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

pub type Color = [f32; 3];

/// What can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Circle,
    Square,
    Triangle,
    Cross,
    Ring,
    Star,
    Hexagon,
    Heart,
    Crescent,
    Arrow,
}

impl Shape {
    /// All of them; the place is the class.
    pub const ALL: [Shape; 10] = [
        Shape::Circle,
        Shape::Square,
        Shape::Triangle,
        Shape::Cross,
        Shape::Ring,
        Shape::Star,
        Shape::Hexagon,
        Shape::Heart,
        Shape::Crescent,
        Shape::Arrow,
    ];

    /// `circle`
    pub fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    fn covers(self, x: f32, y: f32) -> bool {
        let r = x.hypot(y);
        match self {
            Shape::Circle => r < 0.9,
            Shape::Square => star(4, (PI / 4.0).cos(), x, y),
            Shape::Triangle => star(3, 0.5, x, y),
            Shape::Cross => x.abs().min(y.abs()) < 0.3 && x.abs().max(y.abs()) < 0.95,
            Shape::Ring => r < 0.95 && r > 0.55,
            Shape::Star => star(5, 0.4, x, y),
            Shape::Hexagon => star(6, (PI / 6.0).cos(), x, y),
            Shape::Heart => {
                let (x, y) = (1.2 * x, 1.2 * y + 0.1);
                (x * x + y * y - 1.0).powi(3) < x * x * y.powi(3)
            }
            Shape::Crescent => r < 0.95 && (x - 0.45).hypot(y) > 0.75,
            Shape::Arrow => {
                let head = y > 0.0 && x.abs() < 0.9 * (1.0 - y);
                head || (y <= 0.0 && y > -0.95 && x.abs() < 0.3)
            }
        }
    }
}

/// A star of so many tips at radius 1; its inner corners at `inner` make it a polygon if they lie on
/// the lines between the tips.
fn star(tips: usize, inner: f32, x: f32, y: f32) -> bool {
    let half = PI / tips as f32;
    // Folded to the sector from the axis of a tip to that of the next corner.
    let angle = x.atan2(y).rem_euclid(2.0 * half);
    let (sin, cos) = (angle.min(2.0 * half - angle)).sin_cos();
    let (u, v) = (x.hypot(y) * cos, x.hypot(y) * sin);
    // On the origin's side of the line from the tip (1, 0) to the corner.
    let corner = (inner * half.cos(), inner * half.sin());
    (u - 1.0) * corner.1 < v * (corner.0 - 1.0)
}

/// A shape somewhere in a picture, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    pub shape: Shape,
    pub center: [f32; 2],
    pub radius: f32,
    /// In radians.
    pub turn: f32,
}

impl Mark {
    /// Somewhere in a picture of `size` × `size` pixels, leaning by up to 40 degrees.
    pub fn random(shape: Shape, size: usize, radius: Range<f32>, rng: &mut impl Rng) -> Self {
        let radius = rng.gen_range(radius);
        let mut place = || rng.gen_range(0.8 * radius..size as f32 - 0.8 * radius);
        Mark { shape, center: [place(), place()], radius, turn: rng.gen_range(-0.7..0.7) }
    }

    /// Whether it covers a point of the picture.
    pub fn covers(&self, x: f32, y: f32) -> bool {
        let (dx, dy) = ((x - self.center[0]) / self.radius, (self.center[1] - y) / self.radius);
        let (sin, cos) = self.turn.sin_cos();
        dx.abs().max(dy.abs()) < 1.5 && self.shape.covers(cos * dx - sin * dy, sin * dx + cos * dy)
    }
}

/// A square picture in colours.
pub struct Picture {
    size: usize,
    pixels: Vec<Color>,
}

impl Picture {
    /// From one dark colour to another, along a random direction.
    pub fn background(size: usize, rng: &mut impl Rng) -> Self {
        let (from, to) = (color(0.0..0.5, rng), color(0.0..0.5, rng));
        let (sin, cos) = rng.gen_range(0.0..TAU).sin_cos();
        let at = |i: usize| {
            let middle = |n: usize| n as f32 / size as f32 - 0.5;
            let share = 0.5 + 0.7 * (cos * middle(i % size) + sin * middle(i / size));
            mix(from, to, share)
        };
        Picture { size, pixels: (0..size * size).map(at).collect() }
    }

    /// Draws a mark, with edges smoothed by nine points in a pixel.
    pub fn draw(&mut self, mark: &Mark, ink: Color) {
        for (i, pixel) in self.pixels.iter_mut().enumerate() {
            let (left, top) = ((i % self.size) as f32, (i / self.size) as f32);
            let point = |k: usize| [k % 3, k / 3].map(|n| (2 * n + 1) as f32 / 6.0);
            let covered = (0..9).map(point).filter(|[x, y]| mark.covers(left + x, top + y));
            *pixel = mix(*pixel, ink, covered.count() as f32 / 9.0);
        }
    }

    /// As bytes, channel by channel, with noise.
    pub fn develop(&self, noise: f32, rng: &mut impl Rng) -> Vec<u8> {
        let planes = (0..3).flat_map(|c| self.pixels.iter().map(move |pixel| pixel[c]));
        let byte = |x: f32| {
            let grain: f32 = StandardNormal.sample(rng);
            (255.0 * (x + noise * grain).clamp(0.0, 1.0)).round() as u8
        };
        planes.map(byte).collect()
    }
}

/// A colour whose parts are in a range.
pub fn color(parts: Range<f32>, rng: &mut impl Rng) -> Color {
    [0; 3].map(|_| rng.gen_range(parts.clone()))
}

fn mix(a: Color, b: Color, share: f32) -> Color {
    std::array::from_fn(|c| a[c] + share.clamp(0.0, 1.0) * (b[c] - a[c]))
}
