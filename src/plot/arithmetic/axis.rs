//! Where windows lie along one axis of the figure.

use std::ops::Range;

use crate::shape::{Placement, Window};

/// The most cells that are drawn along a side.
pub const MOST: usize = 64;

/// Cells beside each other. The first pixel of the input is cell 0; padding before it has negative
/// numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    pub input: usize,
    pub output: usize,
    pub kernel: usize,
    /// From one pixel of the input to the next. More than 1 where a transposed convolution puts
    /// zeros between them.
    spread: i64,
    padding: [i64; 2],
    /// From one window to the next, and from one tap to the next.
    stride: i64,
    dilation: i64,
    /// Whether the last weight meets the first cell.
    flipped: bool,
}

/// What is at a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// This pixel of the input.
    Input(usize),
    /// A zero of the padding.
    Padding,
    /// A zero between the pixels.
    Between,
    /// Nothing: the window of a pool reaches over the end with `ceil_mode`.
    Beyond,
}

impl Axis {
    /// Of a convolution or pool; `None` if it has too many cells to be drawn.
    pub fn of_window(window: Window, input: usize, placement: Placement) -> Option<Self> {
        let Placement { output, pad_lo, pad_hi } = placement;
        let reach = window.reach().ok()?;
        let axis = Axis {
            output,
            kernel: window.kernel,
            input,
            spread: 1,
            padding: [cells(pad_lo)?, cells(pad_hi)?],
            stride: cells(window.stride)?,
            dilation: cells(window.dilation)?,
            flipped: false,
        };
        axis.checked(reach)
    }

    /// Of a transposed convolution: a convolution of stride 1 over the input with `stride - 1` zeros
    /// between its pixels, padded so that every window touches it, but for what the padding cuts off
    /// (Dumoulin and Visin, 2016, relationship 14).
    pub fn transposed(window: Window, input: usize, placement: Placement) -> Option<Self> {
        let Placement { output, pad_lo, .. } = placement;
        let (reach, spread) = (window.reach().ok()?, cells(window.stride)?);
        let before = cells(reach)? - 1 - cells(pad_lo)?;
        let pixels = (cells(input)? - 1) * spread + 1;
        let after = cells(output)? - 1 + cells(reach)? - before - pixels;
        let axis = Axis {
            output,
            kernel: window.kernel,
            input,
            spread,
            padding: [before, after],
            stride: 1,
            dilation: cells(window.dilation)?,
            flipped: true,
        };
        axis.checked(reach)
    }

    fn checked(self, reach: usize) -> Option<Self> {
        let sides = [self.input, self.output, reach];
        sides.into_iter().all(|side| side <= MOST).then_some(())?;
        (self.cells().count() <= MOST).then_some(self)
    }

    /// The last pixel of the input and what is between the first and it.
    pub fn pixels(&self) -> Range<i64> {
        0..(self.input as i64 - 1) * self.spread + 1
    }

    /// With the padding, as far as there is any.
    pub fn padded(&self) -> Range<i64> {
        let pixels = self.pixels();
        pixels.start - self.padding[0].max(0)..pixels.end + self.padding[1].max(0)
    }

    /// All cells that are drawn: those of windows that reach over the end, too.
    pub fn cells(&self) -> Range<i64> {
        let (padded, last) = (self.padded(), self.window(self.output - 1));
        padded.start..padded.end.max(last.end)
    }

    /// The cells from the first to the last tap of a window.
    pub fn window(&self, output: usize) -> Range<i64> {
        let start = output as i64 * self.stride - self.padding[0];
        start..start + (self.kernel as i64 - 1) * self.dilation + 1
    }

    /// The cells that meet the weights for an output, each with the number of its weight.
    pub fn taps(&self, output: usize) -> impl Iterator<Item = (i64, usize)> + use<> {
        let Axis { kernel, dilation, flipped, .. } = *self;
        let start = self.window(output).start;
        (0..kernel).map(move |tap| {
            let weight = if flipped { kernel - 1 - tap } else { tap };
            (start + tap as i64 * dilation, weight)
        })
    }

    /// What is at a cell.
    pub fn cell(&self, cell: i64) -> Cell {
        if self.pixels().contains(&cell) {
            let between = cell % self.spread != 0;
            if between { Cell::Between } else { Cell::Input((cell / self.spread) as usize) }
        } else if self.padded().contains(&cell) {
            Cell::Padding
        } else {
            Cell::Beyond
        }
    }
}

/// A number of cells small enough for sums of them.
fn cells(n: usize) -> Option<i64> {
    i64::try_from(n).ok().filter(|&n| n <= MOST as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Conv2d, ConvTranspose2d, Padding};

    #[test]
    fn taps_of_a_dilated_strided_convolution() {
        let conv = Conv2d {
            stride: [2, 1],
            dilation: [2, 1],
            padding: Padding::Explicit([[1, 0], [0, 0]]),
            ..Conv2d::new(1, [3, 1])
        };
        let window = conv.window(crate::shape::Axis::Height);
        let axis = Axis::of_window(window, 6, window.place(6).unwrap()).unwrap();
        assert_eq!((axis.output, axis.cells()), (2, -1..6));
        assert_eq!(axis.taps(0).collect::<Vec<_>>(), [(-1, 0), (1, 1), (3, 2)]);
        assert_eq!(axis.taps(1).collect::<Vec<_>>(), [(1, 0), (3, 1), (5, 2)]);
        assert_eq!(axis.cell(-1), Cell::Padding);
        assert_eq!(axis.cell(5), Cell::Input(5));
    }

    #[test]
    fn a_transposed_convolution_meets_zeros_between_the_pixels() {
        let conv = ConvTranspose2d { stride: [2, 2], ..ConvTranspose2d::new(1, [2, 2]) };
        let window = conv.window(crate::shape::Axis::Height);
        let [placement, _] = conv.place(3, 3).unwrap();
        let axis = Axis::transposed(window, 3, placement).unwrap();
        assert_eq!((axis.output, axis.pixels(), axis.cells()), (6, 0..5, -1..6));
        // The first output is the first pixel by the first weight.
        assert_eq!(axis.taps(0).collect::<Vec<_>>(), [(-1, 1), (0, 0)]);
        let kinds = [-1, 0, 1, 2].map(|cell| axis.cell(cell));
        assert_eq!(kinds, [Cell::Padding, Cell::Input(0), Cell::Between, Cell::Input(1)]);
    }
}
