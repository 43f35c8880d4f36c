//! Pictures of any size from files to bytes of one size.
use std::path::Path;

use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, ImageBuffer, ImageReader, Limits, Pixel, Rgb};

use super::Error;
use super::dataset::size;

/// Pictures with a side longer than this are refused.
const MAX_SIDE: u32 = 1 << 15;

/// Most bytes that one picture may take while it is decoded or resized: 256 MiB.
const MAX_BYTES: u64 = 1 << 28;

/// Decodes PNG and JPEG files to images of one size, as torchvision's transforms do.
///
/// A picture is scaled, bilinearly and without aliasing, until it just covers the size, and its
/// middle is cut out: torchvision's `Resize` of the shorter side and `CenterCrop`. Transparency is
/// dropped, and a rotation in the file's metadata is not followed, as by torchvision's loader.
///
/// ```no_run
/// use dfdx::prelude::*;
/// use shapewright::data::{Decoder, Normalize};
///
/// let dev = Cpu::default();
/// let pixels = Decoder::rgb([224, 224]).shorter_side(256).read("cat.jpg")?;
/// let image: Tensor<Rank3<3, 224, 224>, f32, _> =
///     Normalize::IMAGENET.image(&dev, &pixels, (Const, Const))?;
/// // net.forward_one(image)
/// # Ok::<(), shapewright::data::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoder {
    size: [usize; 2],
    grey: bool,
    fit: Fit,
}

/// How a picture gets its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// The shorter side to so many pixels, or more where it would not cover the size; then the middle.
    Crop { shorter: usize },
    /// Height and width each by its own factor.
    Stretch,
}

impl Decoder {
    /// Colour images of `size = [height, width]`: `[3, height, width]`, the red plane first. Grey
    /// pictures have three equal planes.
    pub fn rgb(size: [usize; 2]) -> Self {
        Self { size, grey: false, fit: Fit::Crop { shorter: 0 } }
    }

    /// Grey images of `size = [height, width]`: `[1, height, width]`. Colours become
    /// `0.299 R + 0.587 G + 0.114 B`, as torchvision's `Grayscale` has it.
    pub fn grey(size: [usize; 2]) -> Self {
        Self { size, grey: true, fit: Fit::Crop { shorter: 0 } }
    }

    /// Scales the shorter side to so many pixels before the middle is cut out, so that a margin is
    /// left away: torchvision's `Resize(256)`, `CenterCrop(224)` is `rgb([224, 224]).shorter_side(256)`.
    /// Where that would not cover the size, the picture is scaled until it does.
    pub fn shorter_side(mut self, pixels: usize) -> Self {
        self.fit = Fit::Crop { shorter: pixels };
        self
    }

    /// Stretches or squeezes the whole picture to the size: torchvision's `Resize([height, width])`.
    pub fn stretch(mut self) -> Self {
        self.fit = Fit::Stretch;
        self
    }

    /// `[channels, height, width]` of the images.
    pub fn shape(&self) -> [usize; 3] {
        [if self.grey { 1 } else { 3 }, self.size[0], self.size[1]]
    }

    /// Reads a PNG or JPEG file, whatever its name, to bytes: channel by channel, row by row.
    ///
    /// # Errors
    /// [`Error::Io`] when the file can't be opened, [`Error::Unreadable`] when it is no such picture,
    /// damaged, or so large that decoding it would take more than 256 MiB or a side more than 32768
    /// pixels; [`Error::Invalid`] as [`convert`](Self::convert).
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Vec<u8>, Error> {
        let path = path.as_ref();
        self.check()?;
        let unreadable = |reason| Error::Unreadable { path: path.to_owned(), reason };
        let io_error = |source| Error::Io { path: path.to_owned(), source };
        let reader = ImageReader::open(path).map_err(io_error)?;
        let mut reader = reader.with_guessed_format().map_err(io_error)?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_BYTES);
        reader.limits(limits);
        let picture = reader.decode().map_err(|error| unreadable(error.to_string()))?;
        self.planes(picture).map_err(unreadable)
    }

    /// Brings a picture that is in memory to the size, as [`read`](Self::read) does.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a side of the size is not in 1 to 32768, or scaling the picture would
    /// take more than 256 MiB.
    pub fn convert(&self, picture: DynamicImage) -> Result<Vec<u8>, Error> {
        self.check()?;
        self.planes(picture).map_err(Error::Invalid)
    }

    /// That the size is one.
    pub(super) fn check(&self) -> Result<(), Error> {
        size(self.shape())?;
        match self.size.iter().find(|&&side| side > MAX_SIDE as usize) {
            Some(side) => {
                let message = format!("a side of {side} pixels; at most {MAX_SIDE} are decoded to");
                Err(Error::Invalid(message))
            }
            None => Ok(()),
        }
    }

    fn planes(&self, picture: DynamicImage) -> Result<Vec<u8>, String> {
        let colour = picture.into_rgb8();
        if self.grey {
            let luma = |&Rgb([r, g, b]): &Rgb<u8>| {
                // In sixteenths of bits, as Pillow computes it.
                ((u32::from(r) * 19595 + u32::from(g) * 38470 + u32::from(b) * 7471 + 0x8000) >> 16)
                    as u8
            };
            let (width, height) = colour.dimensions();
            let pixels = colour.pixels().map(luma).collect();
            let grey = GrayImage::from_raw(width, height, pixels);
            return self.scaled(grey.ok_or("a picture without pixels")?);
        }
        self.scaled(colour)
    }

    /// Scales, cuts, and separates the channels.
    fn scaled<P: Pixel<Subpixel = u8> + 'static>(
        &self,
        picture: ImageBuffer<P, Vec<u8>>,
    ) -> Result<Vec<u8>, String> {
        let (width, height) = picture.dimensions();
        if width == 0 || height == 0 {
            return Err("a picture without pixels".to_owned());
        }
        let [new_height, new_width] = self.scaled_size([height.into(), width.into()]);
        // The scaled picture, and the floats between scaling one side and the other.
        let bytes = 16 * new_height.saturating_mul(new_width.max(width.into()));
        if bytes > MAX_BYTES {
            return Err(format!(
                "a picture of {height}×{width} pixels cannot be scaled to {new_height}×{new_width}, \
                 which takes more than {MAX_BYTES} bytes"
            ));
        }
        let size = (new_width as u32, new_height as u32);
        let picture = if (width, height) == size {
            picture
        } else {
            imageops::resize(&picture, size.0, size.1, FilterType::Triangle)
        };
        let [h, w] = self.size;
        let [top, left] = [middle(new_height, h), middle(new_width, w)];
        let channels = usize::from(P::CHANNEL_COUNT);
        let bytes = picture.into_raw();
        let mut planes = Vec::with_capacity(channels * h * w);
        for channel in 0..channels {
            for row in bytes.chunks_exact(channels * new_width as usize).skip(top).take(h) {
                let from = row[channels * left + channel..].iter();
                planes.extend(from.step_by(channels).take(w));
            }
        }
        Ok(planes)
    }

    /// Height and width before the middle is cut out.
    fn scaled_size(&self, [height, width]: [u64; 2]) -> [u64; 2] {
        let [h, w] = self.size.map(|side| side as u64);
        let Fit::Crop { shorter } = self.fit else { return [h, w] };
        // torchvision rounds the longer side down.
        let scaled = |side: u64, of: u64, to: u64| side.saturating_mul(to) / of;
        let shorter = shorter as u64;
        let [new_height, new_width] = if height <= width {
            [shorter, scaled(width, height, shorter)]
        } else {
            [scaled(height, width, shorter), shorter]
        };
        if new_height >= h && new_width >= w {
            [new_height, new_width]
        } else if scaled(width, height, h) >= w {
            [h, scaled(width, height, h)]
        } else {
            [scaled(height, width, w).max(h), w]
        }
    }
}

/// Where the middle begins: half of what is left over, a half rounded to even as Python does.
fn middle(from: u64, to: usize) -> usize {
    ((from - to as u64) as f64 / 2.0).round_ties_even() as usize
}
