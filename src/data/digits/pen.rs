//! From a glyph to lines on the page: knots moved, curves laid through them, the whole deformed.
use std::f32::consts::TAU;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::Digits;
use super::glyphs::{Glyph, Knot};

/// A point in pixels.
pub(super) type Point = [f32; 2];

/// Height of a digit before it is stretched, in pixels; MNIST's are 20.
const HEIGHT: f32 = 19.0;
/// Width of the glyphs' box relative to its height.
const ASPECT: f32 = 0.72;
/// Pieces that a curve between two knots is cut into.
const PIECES: usize = 7;

/// A normal deviate with standard deviation `sigma`, cut off at 2.5 `sigma`: an illegible sample
/// teaches nothing.
pub(super) fn normal(sigma: f32, rng: &mut impl Rng) -> f32 {
    let z: f32 = StandardNormal.sample(rng);
    sigma * z.clamp(-2.5, 2.5)
}

/// Writes `glyph` once: one polyline a stroke, centred on the page but for a shift.
pub(super) fn write(glyph: Glyph, rng: &mut impl Rng) -> Vec<Vec<Point>> {
    let jitter = rng.gen_range(0.01..0.06);
    let mut lines: Vec<Vec<Point>> = glyph
        .iter()
        .map(|stroke| {
            let moved: Vec<Knot> = stroke
                .iter()
                .map(|knot| Knot {
                    x: knot.x + normal(jitter, rng),
                    y: knot.y + normal(jitter, rng),
                    ..*knot
                })
                .collect();
            curve(&moved)
        })
        .collect();
    let hand = Hand::new(rng);
    for point in lines.iter_mut().flatten() {
        *point = hand.place(*point);
    }
    centre(&mut lines, rng);
    lines
}

/// A smooth line through the knots: Catmull-Rom, broken at corners.
fn curve(knots: &[Knot]) -> Vec<Point> {
    let at = |i: usize| [knots[i].x, knots[i].y];
    let mut line = vec![at(0)];
    for i in 0..knots.len() - 1 {
        let (a, b) = (at(i), at(i + 1));
        // Past an end or a corner the curve goes on as if mirrored: no tangent comes from there.
        let before = if i == 0 || knots[i].corner { mirror(b, a) } else { at(i - 1) };
        let last = i + 2 == knots.len();
        let after = if last || knots[i + 1].corner { mirror(a, b) } else { at(i + 2) };
        for piece in 1..=PIECES {
            let t = piece as f32 / PIECES as f32;
            line.push([0, 1].map(|d| catmull_rom([before[d], a[d], b[d], after[d]], t)));
        }
    }
    line
}

/// `point` mirrored at `at`.
fn mirror(point: Point, at: Point) -> Point {
    [2.0 * at[0] - point[0], 2.0 * at[1] - point[1]]
}

/// The uniform Catmull-Rom spline between `b` (`t = 0`) and `c` (`t = 1`).
fn catmull_rom([a, b, c, d]: [f32; 4], t: f32) -> f32 {
    let (t2, t3) = (t * t, t * t * t);
    0.5 * (2.0 * b
        + (c - a) * t
        + (2.0 * a - 5.0 * b + 4.0 * c - d) * t2
        + (3.0 * b - a - 3.0 * c + d) * t3)
}

/// What is particular to one sample's writing: bend, slant, turn, stretch.
struct Hand {
    bend: [Wave; 2],
    slant: f32,
    turn: (f32, f32),
    stretch: [f32; 2],
}

/// A displacement that varies slowly over the box.
struct Wave {
    height: f32,
    along: [f32; 2],
    phase: f32,
}

impl Wave {
    fn new(rng: &mut impl Rng) -> Self {
        let (height, phase) = (normal(0.035, rng), rng.gen_range(0.0..TAU));
        Self { height, along: [normal(3.0, rng), normal(3.0, rng)], phase }
    }

    fn at(&self, [x, y]: Point) -> f32 {
        self.height * (self.along[0] * x + self.along[1] * y + self.phase).sin()
    }
}

impl Hand {
    fn new(rng: &mut impl Rng) -> Self {
        let size = (normal(0.1, rng)).exp();
        Self {
            bend: [Wave::new(rng), Wave::new(rng)],
            // Most people lean their writing to the right.
            slant: 0.12 + normal(0.22, rng),
            turn: normal(0.11, rng).sin_cos(),
            stretch: [ASPECT * HEIGHT * size * normal(0.16, rng).exp(), HEIGHT * size],
        }
    }

    /// From the glyph's box to pixels around the origin.
    fn place(&self, point: Point) -> Point {
        let (x, y) = (point[0] + self.bend[0].at(point), point[1] + self.bend[1].at(point));
        let (x, y) = ((x - 0.5) * self.stretch[0], (y - 0.5) * self.stretch[1]);
        let x = x - self.slant * y;
        let (sin, cos) = self.turn;
        [cos * x - sin * y, sin * x + cos * y]
    }
}

/// Moves the middle of the lines' bounding box to the middle of the page and then a bit away.
fn centre(lines: &mut [Vec<Point>], rng: &mut impl Rng) {
    for d in 0..2 {
        let along = || lines.iter().flatten().map(|point| point[d]);
        let (lo, hi) = (along().fold(f32::MAX, f32::min), along().fold(f32::MIN, f32::max));
        let shift = Digits::SIZE as f32 / 2.0 - (lo + hi) / 2.0 + normal(1.3, rng);
        for point in lines.iter_mut().flatten() {
            point[d] += shift;
        }
    }
}
