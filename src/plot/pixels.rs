//! A small image of coloured pixels.

use super::Color;

/// Pixels in rows, to be shown larger than they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    width: usize,
    colors: Vec<Color>,
}

impl Pixels {
    /// An image of `height` rows and `width` columns, its colours given by `(row, column)`.
    ///
    /// ```
    /// use shapewright::plot::Pixels;
    ///
    /// let stripes = Pixels::new(2, 3, |_, x| [80 * x as u8; 3]);
    /// assert_eq!((stripes.height(), stripes.width()), (2, 3));
    /// assert_eq!(stripes.color(1, 2), [160; 3]);
    /// ```
    pub fn new(height: usize, width: usize, color: impl Fn(usize, usize) -> Color) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
        Pixels { width, colors: places.map(|(y, x)| color(y, x)).collect() }
    }

    /// The number of rows.
    pub fn height(&self) -> usize {
        self.colors.len().checked_div(self.width).unwrap_or(0)
    }

    /// The number of columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The colour at `(row, column)`.
    ///
    /// # Panics
    ///
    /// If there is no such pixel.
    pub fn color(&self, row: usize, column: usize) -> Color {
        assert!(column < self.width, "no such column");
        self.colors[row * self.width + column]
    }

    /// Red, green and blue of all pixels.
    pub(super) fn bytes(&self) -> &[u8] {
        self.colors.as_flattened()
    }
}
