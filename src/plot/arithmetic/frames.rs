//! One figure for each output.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Arithmetic;
use crate::plot::{Error, Figure, output};

impl Arithmetic {
    /// The figure while the output at `(row, column)` is being computed, instead of the first one.
    ///
    /// # Errors
    ///
    /// If there is no such output.
    pub fn at(&self, row: usize, column: usize) -> Result<Self, Error> {
        let [height, width] = self.axes.map(|axis| axis.output);
        if row >= height || column >= width {
            let size = format!("the output of the figure is {height} × {width}");
            return Err(Error::Invalid(format!("{size}, it has no ({row}, {column})")));
        }
        Ok(Arithmetic { at: [row, column], ..self.clone() })
    }

    /// The figures of all outputs, row by row.
    pub fn frames(&self) -> impl Iterator<Item = Arithmetic> + '_ {
        let [height, width] = self.axes.map(|axis| axis.output);
        let places = (0..height).flat_map(move |row| (0..width).map(move |column| [row, column]));
        places.map(|at| Arithmetic { at, ..self.clone() })
    }

    /// Saves every frame as PNG: with the prefix `dir/conv`, as `dir/conv-00.png`, `dir/conv-01.png`
    /// and so on, so many digits as are needed. Gives the files.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub fn save_frames(&self, prefix: impl AsRef<Path>) -> Result<Vec<PathBuf>, Error> {
        let digits = self.frames().count().to_string().len();
        let file = |(i, frame): (usize, Arithmetic)| {
            let mut file = prefix.as_ref().as_os_str().to_owned();
            file.push(format!("-{i:0digits$}.png"));
            frame.save(&file)?;
            Ok(PathBuf::from(file))
        };
        self.frames().enumerate().map(file).collect()
    }

    /// How long each frame of an animation is shown (default 0.8 s), in hundredths of a second.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Saves all frames as an animated GIF that starts again at its end.
    ///
    /// # Errors
    ///
    /// If the name does not end in `.gif`, the file cannot be written, or all frames together would
    /// have more than 400 million pixels.
    pub fn save_gif(&self, file: impl AsRef<Path>) -> Result<(), Error> {
        output::save_gif(self, || self.frames(), self.delay, file.as_ref())
    }
}
