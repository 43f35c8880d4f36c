//! From marks on a canvas to files.

mod gif;
mod raster;
mod svg;

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::canvas::Mark;
use super::{Canvas, Error, Figure};

/// The most points that a picture is wide or high.
const MOST: f32 = 16_384.0;

/// The most points that a picture has in all: half a gigabyte of pixels.
const MOST_IN_ALL: f32 = 3.2e7;

/// The most pixels of all frames of an animation.
const MOST_FRAMES: usize = 400_000_000;

/// What a figure draws.
fn marks(figure: &dyn Figure) -> Vec<Mark> {
    let mut marks = Vec::new();
    figure.draw(&mut Canvas::new(&mut marks, figure.size()));
    marks
}

/// Saves a figure as its file's name says.
pub fn save(figure: &dyn Figure, path: &Path) -> Result<(), Error> {
    let size = check_size(figure, path)?;
    let bytes = if has_extension(path, "png") {
        png(figure, size)
    } else if has_extension(path, "svg") {
        svg::write(&marks(figure), size).into_bytes()
    } else {
        return Err(Error::Format { path: path.to_owned(), formats: "`.png` or `.svg`" });
    };
    write(path, &bytes)
}

/// Saves frames of the size of `figure`, one after the other, as an animated GIF.
pub fn save_gif<F: Figure, I: Iterator<Item = F>>(
    figure: &F,
    frames: impl Fn() -> I,
    delay: Duration,
    path: &Path,
) -> Result<(), Error> {
    if !has_extension(path, "gif") {
        return Err(Error::Format { path: path.to_owned(), formats: "`.gif`" });
    }
    let size = check_size(figure, path)?;
    let sides = size.map(|side| side * raster::SCALE);
    let count = frames().count();
    let pixels = sides.iter().fold(count, |n, &side| n.saturating_mul(side as usize));
    if pixels > MOST_FRAMES {
        let [width, height] = sides;
        let sentence = format!(
            "{}: {count} frames of {width} × {height} pixels are more than an animation of \
             {MOST_FRAMES} pixels",
            path.display()
        );
        return Err(Error::Invalid(sentence));
    }
    let images = || frames().map(|frame| raster::draw(&marks(&frame), size));
    // Both sides are at most twice `MOST`.
    write(path, &gif::write(images, sides.map(|side| side as u16), delay))
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// The whole points that a figure covers.
fn check_size(figure: &dyn Figure, path: &Path) -> Result<[u32; 2], Error> {
    let points = figure.size();
    let fits = points.iter().all(|&side| side > 0.0 && side <= MOST);
    if fits && points[0] * points[1] <= MOST_IN_ALL {
        Ok(points.map(|side| side.ceil() as u32))
    } else {
        Err(Error::Size { path: path.to_owned(), points })
    }
}

fn png(figure: &dyn Figure, size: [u32; 2]) -> Vec<u8> {
    let image = raster::draw(&marks(figure), size);
    encode_png(image.width, image.height, &image.rgb)
}

/// An image of red, green and blue bytes as a PNG file.
fn encode_png(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let written = encoder.write_header().and_then(|mut png| png.write_image_data(rgb));
    written.expect("a whole image goes into memory");
    bytes
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let io = |source: io::Error| Error::Io { path: path.to_owned(), source };
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(io)?;
    }
    fs::write(path, bytes).map_err(io)
}
