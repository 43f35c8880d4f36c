//! The letters of DejaVu Sans: how wide they are, and their outlines.

use std::sync::LazyLock;

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, OutlineBuilder};

use super::Font;

static REGULAR: LazyLock<Face> = LazyLock::new(|| parse(include_bytes!("font/DejaVuSans.ttf")));
static BOLD: LazyLock<Face> = LazyLock::new(|| parse(include_bytes!("font/DejaVuSans-Bold.ttf")));

/// Height of a capital, in parts of the font's size.
pub const CAPITAL: f32 = 0.729;

fn parse(bytes: &'static [u8]) -> Face<'static> {
    Face::parse(bytes, 0).expect("the font is part of the program")
}

fn face(font: Font) -> &'static Face<'static> {
    if font.bold { &BOLD } else { &REGULAR }
}

/// The width of a line of text, in points.
pub fn width(text: &str, font: Font) -> f32 {
    let face = face(font);
    let advances = text.chars().map(|letter| advance(face, letter));
    advances.sum::<f32>() * font.size / f32::from(face.units_per_em())
}

fn advance(face: &Face, letter: char) -> f32 {
    let glyph = face.glyph_index(letter).unwrap_or_default();
    f32::from(face.glyph_hor_advance(glyph).unwrap_or(0))
}

/// The outlines of a line of text whose baseline starts at `(x, y)`; none of a blank one.
pub fn outlines(text: &str, font: Font, x: f32, y: f32) -> Option<Path> {
    let face = face(font);
    let scale = font.size / f32::from(face.units_per_em());
    let mut outline = Outline { path: PathBuilder::new(), x, y, scale };
    for letter in text.chars() {
        // A letter that the font lacks is its empty box.
        face.outline_glyph(face.glyph_index(letter).unwrap_or_default(), &mut outline);
        outline.x += advance(face, letter) * scale;
    }
    outline.path.finish()
}

/// Puts a glyph's outline, in the font's units and upwards, where it belongs.
struct Outline {
    path: PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Outline {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
