//! The line above a figure.

use super::{Anchor, Canvas, Font, theme};

const FONT: Font = Font::bold(theme::TITLE);

/// What a figure is of; there may be nothing to say.
#[derive(Clone, Debug, Default)]
pub struct Title(String);

impl Title {
    pub fn new(title: impl Into<String>) -> Self {
        Title(title.into())
    }

    /// The width of the words.
    pub fn width(&self) -> f32 {
        Canvas::text_width(&self.0, FONT)
    }

    /// The height of the line, if there is one, and of the margin above.
    pub fn height(&self) -> f32 {
        theme::MARGIN + if self.0.is_empty() { 0.0 } else { theme::TITLE_LINE }
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>) {
        let at = [theme::MARGIN, theme::MARGIN + theme::TITLE / 2.0];
        canvas.text(&self.0, at, Anchor::Start, FONT, theme::INK);
    }
}
