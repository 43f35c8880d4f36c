//! The numbers in the cells.

use dfdx::shapes::{Dtype, Shape};
use dfdx::tensor::{Storage, Tensor};
use num_traits::ToPrimitive;

use super::Arithmetic;
use super::axis::Cell;
use super::sum::{Rule, Tap};
use crate::plot::Error;
use crate::plot::values::Values;

impl Arithmetic {
    /// Writes the numbers of one image `[height, width]` into the cells of the input. Those of the
    /// output are computed of it, for a pool at once, for a convolution with its
    /// [kernel](Arithmetic::kernel).
    ///
    /// ```
    /// use shapewright::plot::Arithmetic;
    /// use shapewright::prelude::*;
    /// use shapewright::shape::Pool2d;
    ///
    /// let dev = Cpu::default();
    /// let image = dev.tensor([[1.0, 2.0], [5.0, 3.0]]);
    /// let pool = Arithmetic::pool2d(Pool2d::max([2, 2]), [2, 2])?.input(&image)?;
    /// let error = Arithmetic::pool2d(Pool2d::max([2, 2]), [4, 4])?.input(&image).unwrap_err();
    /// assert_eq!(error.to_string(), "the input of the figure is 4 × 4, but this is [2, 2]");
    /// # Ok::<_, shapewright::plot::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it is of another size. `[1, height, width]` and `[1, 1, height, width]` are fine.
    pub fn input<S: Shape, E: Dtype + ToPrimitive, D: Storage<E>, T>(
        mut self,
        image: &Tensor<S, E, D, T>,
    ) -> Result<Self, Error> {
        let size = self.axes.map(|axis| axis.input);
        self.input = Some(plane(Values::of(image), size, "input")?);
        Ok(self.computed())
    }

    /// The weights `[height, width]` of a convolution, written small into the cells under the
    /// window.
    ///
    /// # Errors
    ///
    /// If it is of another size, and for a pool, which has none.
    pub fn kernel<S: Shape, E: Dtype + ToPrimitive, D: Storage<E>, T>(
        mut self,
        weight: &Tensor<S, E, D, T>,
    ) -> Result<Self, Error> {
        if let Rule::Pool(_) = self.rule {
            return Err(Error::Invalid("a pool has no kernel".to_string()));
        }
        let size = self.axes.map(|axis| axis.kernel);
        self.kernel = Some(plane(Values::of(weight), size, "kernel")?);
        Ok(self.computed())
    }

    /// What is at a cell, in each direction.
    pub(super) fn cell(&self, [row, column]: [i64; 2]) -> [Cell; 2] {
        [self.axes[0].cell(row), self.axes[1].cell(column)]
    }

    /// The number at a cell: the pixel's, or zero where that counts.
    pub(super) fn number(&self, cell: [Cell; 2]) -> Option<f32> {
        let image = self.input.as_ref()?;
        match cell {
            [Cell::Input(row), Cell::Input(column)] => {
                Some(image[row * self.axes[1].input + column])
            }
            _ => self.rule.takes(cell).then_some(0.0),
        }
    }

    /// The cells that an output takes and their weights' places in the kernel, row by row.
    pub(super) fn taps(&self, [row, column]: [usize; 2]) -> Vec<Vec<([i64; 2], usize)>> {
        let [vertical, horizontal] = &self.axes;
        let row_of = |(y, i): (i64, usize)| {
            let taps = horizontal.taps(column);
            taps.map(|(x, j)| ([y, x], i * horizontal.kernel + j)).collect()
        };
        vertical.taps(row).map(row_of).collect()
    }

    /// With all outputs, if the numbers are known.
    fn computed(mut self) -> Self {
        let [height, width] = self.axes.map(|axis| axis.output);
        let places = (0..height).flat_map(|row| (0..width).map(move |column| [row, column]));
        let values = places.map(|at| Some(self.rule.value(&self.rows(at)?)));
        self.output = values.collect();
        self
    }

    /// How an output came about.
    pub(super) fn sum(&self, [row, column]: [usize; 2]) -> Vec<String> {
        let output = self.output.as_ref().map(|output| output[row * self.axes[1].output + column]);
        let Some((value, rows)) = output.zip(self.rows([row, column])) else { return Vec::new() };
        let lines: Vec<Vec<Tap>> = rows.chunks(self.rows_per_line()).map(<[_]>::concat).collect();
        self.rule.words(&lines, value)
    }

    /// Rows of the kernel whose terms are written in one line: all of a small one.
    pub(super) fn rows_per_line(&self) -> usize {
        (4 / self.axes[1].kernel).max(1)
    }

    /// What an output is computed of, if the numbers are known.
    fn rows(&self, output: [usize; 2]) -> Option<Vec<Vec<Tap>>> {
        let weights = match (self.rule, &self.kernel) {
            (Rule::Products, None) => return None,
            (_, kernel) => kernel.as_deref(),
        };
        self.input.as_ref()?;
        let tap = |(at, weight): ([i64; 2], usize)| {
            let cell = self.cell(at);
            let number = self.number(cell).unwrap_or(0.0);
            Tap { cell, number, weight: weights.map_or(1.0, |weights| weights[weight]) }
        };
        let rows = self.taps(output).into_iter();
        Some(rows.map(|row| row.into_iter().map(tap).collect()).collect())
    }
}

/// The numbers of a matrix of this size.
fn plane(values: Values, [height, width]: [usize; 2], what: &str) -> Result<Vec<f32>, Error> {
    match *values.shape {
        [h, w] | [1, h, w] | [1, 1, h, w] if [h, w] == [height, width] => Ok(values.numbers),
        ref other => {
            let size = format!("the {what} of the figure is {height} × {width}");
            Err(Error::Invalid(format!("{size}, but this is {other:?}")))
        }
    }
}
