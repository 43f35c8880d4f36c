//! Digits that the program draws itself, so that a first training needs no download.
//!
//! A digit is a few strokes given by knots ([`glyphs`]). Each sample picks a style, moves every knot
//! a little, lays a smooth curve through them, bends, slants, turns, stretches and shifts the whole
//! ([`pen`]), and inks it with a pen of its own width, softness, pressure and noise ([`canvas`]).
mod canvas;
#[rustfmt::skip]
mod glyphs;
mod pen;

use rand::Rng;
use rayon::prelude::*;

use super::images::{Images, numbers};
use super::seed;
use canvas::Canvas;

/// Draws 28×28 grey digits in MNIST's form: light ink on black, ten classes.
pub struct Digits;

impl Digits {
    /// Height and width.
    pub const SIZE: usize = 28;

    /// Draws `count` digits: image `i` shows the digit `i % 10`.
    ///
    /// Image `i` depends on `seed` and `i` only, so the result is the same on any number of threads
    /// and a longer drawing starts with the shorter one. Different seeds give different images.
    ///
    /// ```
    /// use shapewright::data::Digits;
    ///
    /// let digits = Digits::draw(20, 7);
    /// assert_eq!((digits.len(), digits.shape(), digits.classes()), (20, [1, 28, 28], 10));
    /// assert_eq!(digits.labels()[13], 3);
    /// assert_eq!(digits, Digits::draw(20, 7));
    /// assert_ne!(digits, Digits::draw(20, 8));
    /// ```
    pub fn draw(count: usize, seed: u64) -> Images {
        let mut pixels = vec![0; count * Self::SIZE * Self::SIZE];
        pixels.par_chunks_mut(Self::SIZE * Self::SIZE).enumerate().for_each(|(i, image)| {
            image.copy_from_slice(&draw_one(i % 10, &mut seed::rng(&[seed, i as u64])));
        });
        let labels = (0..count).map(|i| (i % 10) as u8).collect();
        Images::from_parts(pixels, labels, [1, Self::SIZE, Self::SIZE], numbers(10))
    }
}

fn draw_one(digit: usize, rng: &mut impl Rng) -> [u8; Digits::SIZE * Digits::SIZE] {
    let lines = pen::write(glyphs::pick(digit, rng), rng);
    let mut canvas = Canvas::new();
    canvas.ink(&lines, rng);
    canvas.develop(rng)
}

#[cfg(test)]
mod tests;
