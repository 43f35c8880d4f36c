//! What figures draw on.

use super::{Color, Pixels, text};

/// A part of a picture, with its own origin at the top left. Places and sizes are in points.
#[derive(Debug)]
pub struct Canvas<'a> {
    marks: &'a mut Vec<Mark>,
    origin: [f32; 2],
    size: [f32; 2],
}

/// What is on the picture, in the order in which it was drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A filled rectangle: its corner, width and height.
    Rect { rect: [f32; 4], color: Color },
    /// A line through points; dashed if the dashes have a length.
    Line { points: Vec<[f32; 2]>, width: f32, color: Color, closed: bool, dash: f32 },
    /// A filled polygon.
    Polygon { points: Vec<[f32; 2]>, color: Color, opacity: f32 },
    /// A filled circle.
    Disc { center: [f32; 2], radius: f32, color: Color },
    /// A line of text; its baseline starts at `at`. Upwards if it is turned.
    Text { text: String, at: [f32; 2], font: Font, color: Color, upwards: bool },
    /// An image, each pixel a rectangle.
    Pixels { rect: [f32; 4], pixels: Pixels },
}

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Font {
    /// Its size in points.
    pub size: f32,
    /// Whether it is bold.
    pub bold: bool,
}

impl Font {
    /// Of this size, not bold.
    pub const fn new(size: f32) -> Self {
        Font { size, bold: false }
    }

    /// Of this size, bold.
    pub const fn bold(size: f32) -> Self {
        Font { size, bold: true }
    }
}

/// Where text has the place that is given for it. In height that is always its middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its left end.
    Start,
    /// In its middle.
    Middle,
    /// At its right end.
    End,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(marks: &'a mut Vec<Mark>, size: [f32; 2]) -> Self {
        Canvas { marks, origin: [0.0; 2], size }
    }

    /// Width and height in points.
    pub fn size(&self) -> [f32; 2] {
        self.size
    }

    /// A part of it, from its corner `(x, y)` on.
    pub fn part(&mut self, [x, y]: [f32; 2], size: [f32; 2]) -> Canvas<'_> {
        let origin = [self.origin[0] + x, self.origin[1] + y];
        Canvas { marks: self.marks, origin, size }
    }

    fn place(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [self.origin[0] + x, self.origin[1] + y]
    }

    fn places(&self, points: &[[f32; 2]]) -> Vec<[f32; 2]> {
        points.iter().map(|&point| self.place(point)).collect()
    }

    fn rect(&self, [x, y, width, height]: [f32; 4]) -> [f32; 4] {
        let [x, y] = self.place([x, y]);
        [x, y, width, height]
    }

    /// Fills the rectangle `[x, y, width, height]`.
    pub fn fill(&mut self, rect: [f32; 4], color: Color) {
        let rect = self.rect(rect);
        self.marks.push(Mark::Rect { rect, color });
    }

    /// Draws the edge of the rectangle `[x, y, width, height]`, half of the line on either side.
    pub fn frame(&mut self, [x, y, w, h]: [f32; 4], width: f32, color: Color) {
        let points = self.places(&[[x, y], [x + w, y], [x + w, y + h], [x, y + h]]);
        self.marks.push(Mark::Line { points, width, color, closed: true, dash: 0.0 });
    }

    /// Draws a line through points.
    pub fn line(&mut self, points: &[[f32; 2]], width: f32, color: Color) {
        let points = self.places(points);
        self.marks.push(Mark::Line { points, width, color, closed: false, dash: 0.0 });
    }

    /// Draws a dashed line through points, dashes and gaps being `dash` long.
    pub fn dashed(&mut self, points: &[[f32; 2]], dash: f32, width: f32, color: Color) {
        let points = self.places(points);
        self.marks.push(Mark::Line { points, width, color, closed: false, dash });
    }

    /// Fills a polygon, covering what is below it with an opacity from 0 to 1.
    pub fn polygon(&mut self, points: &[[f32; 2]], color: Color, opacity: f32) {
        let points = self.places(points);
        self.marks.push(Mark::Polygon { points, color, opacity });
    }

    /// Fills a circle.
    pub fn disc(&mut self, center: [f32; 2], radius: f32, color: Color) {
        let center = self.place(center);
        self.marks.push(Mark::Disc { center, radius, color });
    }

    /// Writes a line of text, the middle of its capitals at the height of `at`.
    pub fn text(&mut self, text: &str, at: [f32; 2], anchor: Anchor, font: Font, color: Color) {
        let [x, y] = self.place(at);
        let at = [x - anchor.before(text, font), y + 0.5 * text::CAPITAL * font.size];
        let text = text.to_owned();
        self.marks.push(Mark::Text { text, at, font, color, upwards: false });
    }

    /// Writes a line of text upwards, its middle at `at`.
    pub fn text_upwards(&mut self, text: &str, at: [f32; 2], font: Font, color: Color) {
        let [x, y] = self.place(at);
        let at = [x + 0.5 * text::CAPITAL * font.size, y + Anchor::Middle.before(text, font)];
        let text = text.to_owned();
        self.marks.push(Mark::Text { text, at, font, color, upwards: true });
    }

    /// Shows an image in the rectangle `[x, y, width, height]`, each pixel as a rectangle.
    pub fn pixels(&mut self, rect: [f32; 4], pixels: Pixels) {
        let rect = self.rect(rect);
        self.marks.push(Mark::Pixels { rect, pixels });
    }

    /// The width of a line of text.
    pub fn text_width(text: &str, font: Font) -> f32 {
        text::width(text, font)
    }
}

impl Anchor {
    /// The part of the text's width that lies before the anchor.
    fn before(self, text: &str, font: Font) -> f32 {
        let share = match self {
            Anchor::Start => 0.0,
            Anchor::Middle => 0.5,
            Anchor::End => 1.0,
        };
        share * text::width(text, font)
    }
}
