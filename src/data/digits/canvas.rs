//! Ink on the page: a pixel's brightness by its distance to the stroke, then noise.
use rand::Rng;

use super::Digits;
use super::pen::{Point, normal};

const SIZE: usize = Digits::SIZE;

/// A page of `SIZE` × `SIZE` pixels, ink in `0..=1`.
pub(super) struct Canvas {
    ink: [f32; SIZE * SIZE],
}

impl Canvas {
    pub(super) fn new() -> Self {
        Self { ink: [0.0; SIZE * SIZE] }
    }

    /// Draws the lines with one pen, whose pressure changes along each line.
    pub(super) fn ink(&mut self, lines: &[Vec<Point>], rng: &mut impl Rng) {
        let radius = 1.15 * normal(0.28, rng).exp();
        let soft = rng.gen_range(0.5..1.1);
        for line in lines {
            let (start, end) = (normal(0.15, rng).exp(), normal(0.15, rng).exp());
            let last = (line.len() - 1) as f32;
            for (i, pair) in line.windows(2).enumerate() {
                let pressure = start + (end - start) * i as f32 / last;
                self.segment(pair[0], pair[1], radius * pressure, soft);
            }
        }
    }

    /// Inks what lies within `radius` of the segment, fading out over `soft` on both sides of its edge.
    fn segment(&mut self, a: Point, b: Point, radius: f32, soft: f32) {
        let reach = radius + soft;
        // Pixels that the segment can touch; a cast saturates at 0 and the end is cut.
        let range = |d: usize| {
            let lo = (a[d].min(b[d]) - reach) as usize;
            let hi = (a[d].max(b[d]) + reach + 1.0) as usize;
            lo..hi.min(SIZE)
        };
        for y in range(1) {
            for x in range(0) {
                let distance = distance([x as f32 + 0.5, y as f32 + 0.5], a, b);
                let ink = ((radius + soft - distance) / (2.0 * soft)).clamp(0.0, 1.0);
                let pixel = &mut self.ink[y * SIZE + x];
                *pixel = pixel.max(ink);
            }
        }
    }

    /// Ink to bytes: contrast, grain, specks.
    pub(super) fn develop(self, rng: &mut impl Rng) -> [u8; SIZE * SIZE] {
        let contrast = rng.gen_range(0.75..1.0);
        let grain = rng.gen_range(0.0f32..0.1);
        let mut ink = self.ink;
        for _ in 0..rng.gen_range(0..4) {
            ink[rng.gen_range(0..SIZE * SIZE)] = rng.gen_range(0.2..0.8);
        }
        ink.map(|ink| ((contrast * ink + normal(grain, rng)).clamp(0.0, 1.0) * 255.0).round() as u8)
    }
}

/// Distance of `p` from the segment from `a` to `b`.
fn distance(p: Point, a: Point, b: Point) -> f32 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    let along = (p[0] - a[0]) * dx + (p[1] - a[1]) * dy;
    let t = if length2 > 0.0 { (along / length2).clamp(0.0, 1.0) } else { 0.0 };
    (p[0] - a[0] - t * dx).hypot(p[1] - a[1] - t * dy)
}
