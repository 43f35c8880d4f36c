//! A matrix in colours.

use std::ops::RangeInclusive;

use dfdx::shapes::{Dtype, Shape};
use dfdx::tensor::{Storage, Tensor};
use num_traits::ToPrimitive;

use super::color::ink_on;
use super::title::Title;
use super::values::{self, Values};
use super::{Anchor, Canvas, ColorMap, Error, Figure, Font, theme};

const NUMBER: Font = Font::new(theme::TEXT);

/// The least width and height of a cell with and without a number in it, in points.
const WITH_NUMBER: f32 = 28.0;
const WITHOUT_NUMBER: f32 = 14.0;

/// A matrix whose cells have the colours of their numbers, and may show them.
///
/// ```
/// use shapewright::plot::{Figure, Heatmap};
/// use shapewright::prelude::*;
///
/// let dev = Cpu::default();
/// let kernel = dev.tensor([[2.0f32, 0.0, -2.0]; 3]);
/// let file = std::env::temp_dir().join("shapewright-sobel.png");
/// Heatmap::new(&kernel)?.title("vertical edges").save(file)?;
/// # Ok::<_, shapewright::plot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Heatmap {
    columns: usize,
    cells: Vec<Cell>,
    range: (f32, f32),
    colors: ColorMap,
    numbers: bool,
    digits: Option<usize>,
    title: Title,
    row_labels: Vec<String>,
    column_labels: Vec<String>,
    axes: Option<[String; 2]>,
}

/// What a cell shows, and the number of its colour.
#[derive(Clone, Debug)]
struct Cell {
    number: f32,
    color: f32,
}

impl Heatmap {
    /// A matrix `[rows, columns]`, before which there may be dimensions of 1. Numbers of both signs are blue and orange around a white zero,
    /// others from dark to bright. Small matrices show their numbers.
    ///
    /// # Errors
    ///
    /// If the tensor has another shape, or no elements.
    pub fn new<S: Shape, E: Dtype + ToPrimitive, D: Storage<E>, T>(
        matrix: &Tensor<S, E, D, T>,
    ) -> Result<Self, Error> {
        let values = Values::of(matrix);
        let [rows, columns] = match values.shape[..] {
            [ref ones @ .., rows, columns]
                if !values.numbers.is_empty() && ones.iter().all(|&n| n == 1) =>
            {
                [rows, columns]
            }
            _ => return Err(values.refused("a heat map takes [rows, columns]")),
        };
        let (low, high) = values::range(&values.numbers);
        let most = low.abs().max(high.abs());
        let (range, colors) = if low < 0.0 {
            ((-most, most), ColorMap::Diverging)
        } else {
            ((low, high), ColorMap::Viridis)
        };
        let cells = values.numbers.iter().map(|&number| Cell { number, color: number });
        Ok(Heatmap {
            columns,
            cells: cells.collect(),
            range,
            colors,
            numbers: rows.max(columns) <= 16,
            digits: None,
            title: Title::default(),
            row_labels: Vec::new(),
            column_labels: Vec::new(),
            axes: None,
        })
    }

    /// Which classes are taken for which: rows are labels, columns what the network says. The colour
    /// is the part of the row.
    #[cfg(feature = "train")]
    pub fn confusion(matrix: &crate::train::ConfusionMatrix) -> Self {
        let classes = matrix.classes();
        let row = |label: usize| {
            let counts: Vec<u64> = (0..classes).map(|said| matrix.count(label, said)).collect();
            let all = counts.iter().sum::<u64>().max(1) as f32;
            let cell = move |count| Cell { number: count as f32, color: count as f32 / all };
            counts.into_iter().map(cell)
        };
        let names: Vec<String> = matrix.names().map(str::to_owned).collect();
        Heatmap {
            columns: classes,
            cells: (0..classes).flat_map(row).collect(),
            range: (0.0, 1.0),
            colors: ColorMap::Blues,
            numbers: classes <= 24,
            digits: Some(0),
            title: Title::default(),
            row_labels: names.clone(),
            column_labels: names,
            axes: Some(["label".to_owned(), "predicted".to_owned()]),
        }
    }

    /// A line above it.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Title::new(title);
        self
    }

    /// Names of the rows, on the left.
    #[must_use]
    pub fn rows(mut self, labels: impl IntoIterator<Item = impl ToString>) -> Self {
        self.row_labels = labels.into_iter().map(|label| label.to_string()).collect();
        self
    }

    /// Names of the columns, above them.
    #[must_use]
    pub fn columns(mut self, labels: impl IntoIterator<Item = impl ToString>) -> Self {
        self.column_labels = labels.into_iter().map(|label| label.to_string()).collect();
        self
    }

    /// Whether cells show their numbers.
    #[must_use]
    pub fn numbers(mut self, numbers: bool) -> Self {
        self.numbers = numbers;
        self
    }

    /// So many digits behind the point; without it, none if all numbers are whole, else two.
    #[must_use]
    pub fn digits(mut self, digits: usize) -> Self {
        self.digits = Some(digits);
        self
    }

    /// The colours of the numbers.
    #[must_use]
    pub fn color_map(mut self, colors: ColorMap) -> Self {
        self.colors = colors;
        self
    }

    /// The numbers at the ends of the colours.
    #[must_use]
    pub fn range(mut self, range: RangeInclusive<f32>) -> Self {
        self.range = (*range.start(), *range.end());
        self
    }
}

impl Heatmap {
    fn text(&self, cell: &Cell) -> String {
        let whole = self.cells.iter().all(|cell| cell.number.fract() == 0.0);
        let digits = self.digits.unwrap_or(if whole { 0 } else { 2 });
        format!("{:.digits$}", cell.number).replace('-', "−")
    }

    fn row_count(&self) -> usize {
        self.cells.len() / self.columns
    }

    /// Width and height of a cell.
    fn cell(&self) -> [f32; 2] {
        let shown = if self.numbers { self.cells.as_slice() } else { &[] };
        let numbers = shown.iter().map(|cell| Canvas::text_width(&self.text(cell), NUMBER));
        let labels = self.column_labels.iter().take(self.columns);
        let labels = labels.map(|label| Canvas::text_width(label, NUMBER));
        let side = if self.numbers { WITH_NUMBER } else { WITHOUT_NUMBER };
        let widths = numbers.chain(labels).map(|width| width + theme::GAP);
        // Whole points, so that no edge is blurred.
        [widths.fold(side, f32::max).ceil(), side]
    }

    /// What lies left of the cells and above them: the axis' name, then the labels.
    fn corner(&self) -> [f32; 2] {
        let labels = self.row_labels.iter().take(self.row_count());
        let widths = labels.map(|label| Canvas::text_width(label, NUMBER) + theme::GAP);
        let axis = if self.axes.is_some() { theme::LINE } else { 0.0 };
        let columns = if self.column_labels.is_empty() { 0.0 } else { theme::LINE };
        let left = theme::MARGIN + axis + widths.fold(0.0, f32::max);
        [left.ceil(), self.title.height() + axis + columns]
    }
}

impl Figure for Heatmap {
    fn size(&self) -> [f32; 2] {
        let ([left, top], [width, height]) = (self.corner(), self.cell());
        let cells = left + self.columns as f32 * width;
        let bottom = top + self.row_count() as f32 * height;
        [cells.max(theme::MARGIN + self.title.width()) + theme::MARGIN, bottom + theme::MARGIN]
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.title.draw(canvas);
        let ([left, top], [width, height]) = (self.corner(), self.cell());
        let middle = |i: usize, size: f32| (i as f32 + 0.5) * size;
        for (i, cell) in self.cells.iter().enumerate() {
            let (row, column) = (i / self.columns, i % self.columns);
            let color = self.colors.color(values::share(cell.color, self.range));
            let corner = [left + column as f32 * width, top + row as f32 * height];
            canvas.fill([corner[0], corner[1], width, height], color);
            if self.numbers {
                let at = [left + middle(column, width), top + middle(row, height)];
                canvas.text(&self.text(cell), at, Anchor::Middle, NUMBER, ink_on(color));
            }
        }
        let all = [self.columns as f32 * width, self.row_count() as f32 * height];
        canvas.frame([left, top, all[0], all[1]], 0.5, theme::FAINT);
        for (i, label) in self.row_labels.iter().take(self.row_count()).enumerate() {
            let at = [left - theme::GAP / 2.0, top + middle(i, height)];
            canvas.text(label, at, Anchor::End, NUMBER, theme::INK);
        }
        for (i, label) in self.column_labels.iter().take(self.columns).enumerate() {
            let at = [left + middle(i, width), top - theme::LINE / 2.0];
            canvas.text(label, at, Anchor::Middle, NUMBER, theme::INK);
        }
        if let Some([rows, columns]) = &self.axes {
            let font = Font::bold(theme::TEXT);
            let at = [theme::MARGIN + theme::LINE / 2.0, top + all[1] / 2.0];
            canvas.text_upwards(rows, at, font, theme::INK);
            let at = [left + all[0] / 2.0, top - 1.5 * theme::LINE];
            canvas.text(columns, at, Anchor::Middle, font, theme::INK);
        }
    }
}
