//! Animated GIFs with colours as they are drawn.

use std::collections::HashMap;
use std::time::Duration;

use gif::{Encoder, Frame, Repeat};

use super::raster::Image;
use crate::plot::Color;

/// In place of the colour of a pixel that stays as it is.
const UNCHANGED: u8 = 255;

/// An animation that starts again at its end; each frame is shown for `delay`. The frames, all of
/// one size, are drawn twice, so that only one is in memory: first for their colours.
pub fn write<I: Iterator<Item = Image>>(
    frames: impl Fn() -> I,
    [width, height]: [u16; 2],
    delay: Duration,
) -> Vec<u8> {
    let palette = Palette::of(frames());
    let mut bytes = Vec::new();
    let colors = palette.colors.as_flattened();
    let encoder = Encoder::new(&mut bytes, width, height, colors);
    let mut encoder = encoder.expect("a picture goes into memory");
    encoder.set_repeat(Repeat::Infinite).expect("a picture goes into memory");
    let mut shown = Vec::new();
    for image in frames() {
        let pixels = palette.indices(&image);
        let mut frame = changes(&shown, &pixels, width);
        frame.delay = u16::try_from(delay.as_millis() / 10).unwrap_or(u16::MAX);
        encoder.write_frame(&frame).expect("a picture goes into memory");
        shown = pixels;
    }
    drop(encoder);
    bytes
}

/// The rectangle around the pixels that are not as they are shown already; within it, those that
/// are stay as they are. At least one pixel.
fn changes(shown: &[u8], pixels: &[u8], width: u16) -> Frame<'static> {
    let row = usize::from(width);
    let is_new = |i: usize| shown.get(i) != Some(&pixels[i]);
    let [mut left, mut top, mut right, mut bottom] = [row, pixels.len() / row, 0, 0];
    for i in (0..pixels.len()).filter(|&i| is_new(i)) {
        (left, right) = (left.min(i % row), right.max(i % row + 1));
        (top, bottom) = (top.min(i / row), bottom.max(i / row + 1));
    }
    if right == 0 {
        [left, top, right, bottom] = [0, 0, 1, 1];
    }
    let places = (top..bottom).flat_map(|y| (left..right).map(move |x| y * row + x));
    let buffer = places.map(|i| if is_new(i) { pixels[i] } else { UNCHANGED });
    let buffer = buffer.collect::<Vec<_>>().into();
    // All sides are within those of the animation.
    let [left, top, width, height] = [left, top, right - left, bottom - top].map(|n| n as u16);
    let transparent = Some(UNCHANGED);
    Frame { left, top, width, height, transparent, buffer, ..Frame::default() }
}

/// At most 255 colours. Flat colours are all among them; of the many on the edges of letters, those
/// that are rare become the one most like them.
struct Palette {
    colors: Vec<Color>,
    indices: HashMap<Color, u8>,
}

impl Palette {
    fn of(images: impl Iterator<Item = Image>) -> Self {
        let mut counts: HashMap<Color, usize> = HashMap::new();
        for image in images {
            for run in runs(&image) {
                *counts.entry(run[0]).or_default() += run.len();
            }
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        // The order of equals is that of the colours, so that a picture is always the same.
        counts.sort_by_key(|&(color, count)| (std::cmp::Reverse(count), color));
        let colors: Vec<Color> =
            counts.iter().take(usize::from(UNCHANGED)).map(|(color, _)| *color).collect();
        let index = |color: Color| (color, nearest(&colors, color));
        let indices = counts.iter().map(|&(color, _)| index(color)).collect();
        Palette { colors, indices }
    }

    fn indices(&self, image: &Image) -> Vec<u8> {
        runs(image).flat_map(|run| std::iter::repeat_n(self.indices[&run[0]], run.len())).collect()
    }
}

/// Neighbouring pixels of one colour.
fn runs(image: &Image) -> impl Iterator<Item = &[Color]> {
    image.colors().chunk_by(|a, b| a == b)
}

/// The place of the colour most like this one.
fn nearest(colors: &[Color], color: Color) -> u8 {
    let distance = |other: &Color| -> u32 {
        color.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
    };
    let nearest = (0..UNCHANGED).zip(colors).min_by_key(|(_, other)| distance(other));
    nearest.map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image of two pixels.
    fn image(a: Color, b: Color) -> Image {
        Image { width: 2, height: 1, rgb: [a, b].concat() }
    }

    #[test]
    fn flat_colors_are_exact() {
        let images = || (0..=255).map(|n| image([n, 10, 200], [1, 2, 3]));
        let palette = Palette::of(images());
        assert_eq!((palette.colors.len(), palette.colors[0]), (255, [1, 2, 3]));
        // There are two colours too many, and their neighbours are as good.
        for (n, image) in images().enumerate() {
            let [a, b] = palette.indices(&image).try_into().unwrap();
            let shown = palette.colors[usize::from(a)];
            assert!(usize::from(shown[0]).abs_diff(n) <= 2, "{n}: {shown:?}");
            assert_eq!((shown[1], shown[2], palette.colors[usize::from(b)]), (10, 200, [1, 2, 3]));
        }
    }

    #[test]
    fn a_frame_is_what_changes() {
        let shown = [0, 0, 0, 0, 0, 0];
        let frame = changes(&shown, &[0, 2, 0, 0, 1, 2], 3);
        assert_eq!((frame.left, frame.top, frame.width, frame.height), (1, 0, 2, 2));
        assert_eq!(*frame.buffer, [2, UNCHANGED, 1, 2]);
        assert_eq!(changes(&shown, &shown, 3).buffer.len(), 1);
        assert_eq!(changes(&[], &shown, 3).buffer.len(), 6);
    }
}
