//! What can be drawn and saved.

use std::path::Path;

use super::{Canvas, Error, output};

/// A picture that knows its size, and draws itself.
///
/// ```
/// use shapewright::plot::{Canvas, Figure};
///
/// /// A red square.
/// struct Square;
///
/// impl Figure for Square {
///     fn size(&self) -> [f32; 2] {
///         [40.0, 40.0]
///     }
///
///     fn draw(&self, canvas: &mut Canvas<'_>) {
///         canvas.fill([10.0, 10.0, 20.0, 20.0], [200, 30, 30]);
///     }
/// }
///
/// let file = std::env::temp_dir().join("shapewright-square.svg");
/// Square.save(&file)?;
/// assert!(std::fs::read_to_string(file).unwrap().starts_with("<svg"));
/// # Ok::<_, shapewright::plot::Error>(())
/// ```
pub trait Figure {
    /// Width and height in points.
    fn size(&self) -> [f32; 2];

    /// Draws it on a canvas of its size.
    fn draw(&self, canvas: &mut Canvas<'_>);

    /// Saves it as PNG, two pixels for a point, or as SVG if the file's name ends so. Directories
    /// on the way are made.
    ///
    /// # Errors
    ///
    /// If the file cannot be written, its name ends in something else, or the picture is too large
    /// (more than 16 384 points wide or high, or more than 32 million points in all).
    fn save(&self, file: impl AsRef<Path>) -> Result<(), Error>
    where
        Self: Sized,
    {
        output::save(self, file.as_ref())
    }
}

impl<F: Figure + ?Sized> Figure for &F {
    fn size(&self) -> [f32; 2] {
        (**self).size()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        (**self).draw(canvas);
    }
}

impl<F: Figure + ?Sized> Figure for Box<F> {
    fn size(&self) -> [f32; 2] {
        (**self).size()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        (**self).draw(canvas);
    }
}
