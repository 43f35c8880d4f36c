//! Figures beside each other.

use super::{Anchor, Canvas, Figure, Font, theme};

/// Figures in rows, read like text.
///
/// ```
/// use shapewright::plot::{Figure, ImageGrid, Panels};
/// use shapewright::prelude::*;
///
/// let dev = Cpu::seed_from_u64(0);
/// let noise: Tensor<Rank2<8, 8>, f32, _> = dev.sample_normal();
/// let panels = Panels::new()
///     .title("before and after")
///     .with(ImageGrid::new(&noise)?)
///     .with(ImageGrid::new(&noise.relu())?);
/// let [width, height] = panels.size();
/// assert!(width > height);
/// # Ok::<_, shapewright::plot::Error>(())
/// ```
#[derive(Default)]
pub struct Panels {
    figures: Vec<Box<dyn Figure>>,
    columns: Option<usize>,
    title: String,
}

impl Panels {
    /// Without figures yet.
    pub fn new() -> Self {
        Panels::default()
    }

    /// Adds a figure, which is drawn at its own size.
    #[must_use]
    pub fn with(mut self, figure: impl Figure + 'static) -> Self {
        self.figures.push(Box::new(figure));
        self
    }

    /// So many figures in a row, at least one; without it, all.
    #[must_use]
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = Some(columns.max(1));
        self
    }

    /// A line above them.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    fn per_row(&self) -> usize {
        self.columns.unwrap_or(self.figures.len()).max(1)
    }

    /// Widths of columns and heights of rows.
    fn grid(&self) -> [Vec<f32>; 2] {
        let per_row = self.per_row();
        let mut widths = vec![0.0f32; per_row.min(self.figures.len())];
        let mut heights = vec![0.0f32; self.figures.len().div_ceil(per_row)];
        for (i, figure) in self.figures.iter().enumerate() {
            let (row, column) = (i / per_row, i % per_row);
            // Whole points, so that no edge is blurred.
            let [width, height] = figure.size().map(f32::ceil);
            widths[column] = widths[column].max(width);
            heights[row] = heights[row].max(height);
        }
        [widths, heights]
    }

    fn top(&self) -> f32 {
        if self.title.is_empty() { 0.0 } else { theme::MARGIN + theme::TITLE }
    }
}

impl Figure for Panels {
    fn size(&self) -> [f32; 2] {
        let [widths, heights] = self.grid();
        let title = Canvas::text_width(&self.title, Font::bold(theme::TITLE));
        let width = widths.iter().sum::<f32>().max(title + 2.0 * theme::MARGIN);
        [width, self.top() + heights.iter().sum::<f32>()]
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let middle = [canvas.size()[0] / 2.0, theme::MARGIN + theme::TITLE / 2.0];
        canvas.text(&self.title, middle, Anchor::Middle, Font::bold(theme::TITLE), theme::INK);
        let [widths, heights] = self.grid();
        for (i, figure) in self.figures.iter().enumerate() {
            let (row, column) = (i / self.per_row(), i % self.per_row());
            let left: f32 = widths[..column].iter().sum();
            let top = self.top() + heights[..row].iter().sum::<f32>();
            figure.draw(&mut canvas.part([left, top], figure.size()));
        }
    }
}
