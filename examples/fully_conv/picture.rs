//! A colour picture: rectangles, digits as text, PNG.
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use super::colours::Colour;

/// Digits of three by five pixels, row by row from the highest bit.
const FONT: [u16; 10] = [
    0b111_101_101_101_111,
    0b010_110_010_010_111,
    0b111_001_111_100_111,
    0b111_001_111_001_111,
    0b101_101_111_001_001,
    0b111_100_111_001_111,
    0b111_100_111_101_111,
    0b111_001_010_010_010,
    0b111_101_111_101_111,
    0b111_101_111_001_111,
];

pub struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

impl Picture {
    pub fn new(width: usize, height: usize, colour: Colour) -> Self {
        Self { width, height, pixels: vec![colour; width * height] }
    }

    /// Fills a rectangle; what lies beyond the edges is cut off.
    pub fn fill(&mut self, x: usize, y: usize, width: usize, height: usize, colour: Colour) {
        for row in y..(y + height).min(self.height) {
            let end = (x + width).min(self.width);
            self.pixels[row * self.width..][x.min(end)..end].fill(colour);
        }
    }

    /// The edge of a rectangle, `thick` pixels inwards.
    pub fn frame(&mut self, [x, y, width, height]: [usize; 4], thick: usize, colour: Colour) {
        self.fill(x, y, width, thick, colour);
        self.fill(x, y + height - thick, width, thick, colour);
        self.fill(x, y, thick, height, colour);
        self.fill(x + width - thick, y, thick, height, colour);
    }

    /// Writes a number, each pixel of the font `size` wide. Gives its width.
    pub fn number(&mut self, x: usize, y: usize, size: usize, n: usize, colour: Colour) -> usize {
        let text = n.to_string();
        for (place, digit) in text.bytes().enumerate() {
            let bits = FONT[usize::from(digit - b'0')];
            for bit in (0..15).filter(|bit| bits >> (14 - bit) & 1 == 1) {
                let left = x + (4 * place + bit % 3) * size;
                self.fill(left, y + bit / 3 * size, size, size, colour);
            }
        }
        (4 * text.len() - 1) * size
    }

    pub fn save(&self, file: &Path) -> Result<(), String> {
        let failed = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
        let writer = BufWriter::new(File::create(file).map_err(|e| failed(&e))?);
        let mut encoder = png::Encoder::new(writer, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().map_err(|e| failed(&e))?;
        writer.write_image_data(self.pixels.as_flattened()).map_err(|e| failed(&e))?;
        writer.finish().map_err(|e| failed(&e))
    }
}
