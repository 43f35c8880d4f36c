//! Images in rows and columns.

use std::ops::RangeInclusive;

use dfdx::shapes::{Dtype, Shape};
use dfdx::tensor::{Storage, Tensor};
use num_traits::ToPrimitive;

use super::title::Title;
use super::values::{self, Values};
use super::{Anchor, Canvas, ColorMap, Error, Figure, Font, Pixels, theme};

/// Between images, in points.
const GAP: f32 = 4.0;

/// Of the lines below images.
const CAPTION: Font = Font::new(theme::TEXT);

/// About how wide the whole is where nothing else is asked for.
const WIDTH: f32 = 640.0;

/// How wide and high an image is about to be.
const IMAGE: f32 = 72.0;

/// Images of one size in rows and columns: a batch, the kernels of a layer, the channels of feature
/// maps.
///
/// ```
/// use shapewright::plot::{Figure, ImageGrid};
/// use shapewright::prelude::*;
///
/// net! {
///     struct Net: [1, 28, 28] -> [10, 24, 24] { conv: Conv2d(10, kernel = 5) }
/// }
///
/// let dev = Cpu::seed_from_u64(0);
/// let net = dev.build_module::<Net, f32>();
/// let digit: Tensor<Rank3<1, 28, 28>, f32, _> = dev.sample_uniform();
/// let dir = std::env::temp_dir().join("shapewright-grid");
/// ImageGrid::kernels(&net.conv.weight)?.columns(5).save(dir.join("kernels.png"))?;
/// let features = net.forward_one(digit);
/// ImageGrid::channels(&features)?.columns(5).save(dir.join("features.svg"))?;
/// # Ok::<_, shapewright::plot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageGrid {
    images: Vec<Image>,
    height: usize,
    width: usize,
    colors: ColorMap,
    range: Range,
    columns: Option<usize>,
    scale: Option<f32>,
    captions: Vec<String>,
    title: Title,
}

/// One number for each pixel, or red, green and blue.
#[derive(Clone, Debug)]
enum Image {
    Plane(Vec<f32>),
    Rgb(Vec<f32>),
}

impl Image {
    fn numbers(&self) -> &[f32] {
        let (Image::Plane(numbers) | Image::Rgb(numbers)) = self;
        numbers
    }
}

/// Which numbers are at the ends of the colours.
#[derive(Clone, Debug, PartialEq)]
enum Range {
    /// The lowest and the highest of all images.
    Common,
    /// Those of each image.
    Own,
    /// Zero is in the middle.
    Symmetric,
    Fixed(f32, f32),
}

impl ImageGrid {
    /// The images of a batch `[n, channels, height, width]`, one image `[channels, height, width]` or
    /// one plane `[height, width]`. One channel is grey, three are red, green and blue. The lowest
    /// number of all is black and the highest white.
    ///
    /// # Errors
    ///
    /// If the tensor has another rank or number of channels, or no elements.
    pub fn new<S: Shape, E: Dtype + ToPrimitive, D: Storage<E>, T>(
        images: &Tensor<S, E, D, T>,
    ) -> Result<Self, Error> {
        let values = Values::of(images);
        let [_, channels, height, width] = dims(&values);
        let per_image = channels * height * width;
        let images = match channels {
            _ if per_image == 0 => Vec::new(),
            1 => values.numbers.chunks(per_image).map(|p| Image::Plane(p.to_vec())).collect(),
            3 => values.numbers.chunks(per_image).map(|p| Image::Rgb(p.to_vec())).collect(),
            _ => Vec::new(),
        };
        let grid = Self::with(images, height, width);
        grid.ok_or_else(|| {
            values.refused("an image grid takes [n, c, h, w], [c, h, w] or [h, w] with c of 1 or 3")
        })
    }

    /// Each channel by itself, of feature maps `[channels, height, width]` or
    /// `[n, channels, height, width]`, each from its lowest number to its highest in
    /// [viridis](ColorMap::Viridis).
    ///
    /// # Errors
    ///
    /// If the tensor has another rank, or no elements.
    pub fn channels<S: Shape, E: Dtype + ToPrimitive, D: Storage<E>, T>(
        features: &Tensor<S, E, D, T>,
    ) -> Result<Self, Error> {
        let values = Values::of(features);
        let grid = Self::planes(&values);
        let grid = grid.filter(|_| values.shape.len() > 2);
        let takes = "the channels of feature maps are [n, c, h, w] or [c, h, w]";
        Ok(Self {
            colors: ColorMap::Viridis,
            range: Range::Own,
            ..grid.ok_or_else(|| values.refused(takes))?
        })
    }

    /// The kernels of a convolution's weight `[out, in / groups, height, width]`: a row for each
    /// output channel if there is more than one input channel. White is zero, blue negative, orange
    /// positive.
    ///
    /// # Errors
    ///
    /// If the tensor has another rank, or no elements.
    pub fn kernels<S: Shape, E: Dtype + ToPrimitive, D: Storage<E>, T>(
        weight: &Tensor<S, E, D, T>,
    ) -> Result<Self, Error> {
        let values = Values::of(weight);
        let [_, inputs, ..] = dims(&values);
        let grid = Self::planes(&values).filter(|_| values.shape.len() == 4);
        let grid = grid.ok_or_else(|| values.refused("kernels are [out, in, h, w]"))?;
        let columns = (inputs > 1).then_some(inputs);
        Ok(Self { colors: ColorMap::Diverging, range: Range::Symmetric, columns, ..grid })
    }

    fn planes(values: &Values) -> Option<Self> {
        let [.., height, width] = dims(values);
        let planes = values.numbers.chunks((height * width).max(1));
        Self::with(planes.map(|plane| Image::Plane(plane.to_vec())).collect(), height, width)
    }

    fn with(images: Vec<Image>, height: usize, width: usize) -> Option<Self> {
        (!images.is_empty()).then_some(ImageGrid {
            images,
            height,
            width,
            colors: ColorMap::Grey,
            range: Range::Common,
            columns: None,
            scale: None,
            captions: Vec::new(),
            title: Title::default(),
        })
    }

    /// So many images in a row, at least one.
    #[must_use]
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = Some(columns.max(1));
        self
    }

    /// So many points for each pixel.
    #[must_use]
    pub fn scale(mut self, points: f32) -> Self {
        self.scale = Some(points);
        self
    }

    /// The colours of numbers; those of red, green and blue images are their own.
    #[must_use]
    pub fn color_map(mut self, colors: ColorMap) -> Self {
        self.colors = colors;
        self
    }

    /// The numbers at the ends of the colours.
    #[must_use]
    pub fn range(mut self, range: RangeInclusive<f32>) -> Self {
        self.range = Range::Fixed(*range.start(), *range.end());
        self
    }

    /// A line below each image, in their order; those beyond have none.
    #[must_use]
    pub fn captions(mut self, captions: impl IntoIterator<Item = impl ToString>) -> Self {
        self.captions = captions.into_iter().map(|caption| caption.to_string()).collect();
        self
    }

    /// A line above the images.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Title::new(title);
        self
    }
}

/// `[n, channels, height, width]` of a tensor of rank 2 to 4; without elements for any other.
fn dims(values: &Values) -> [usize; 4] {
    match *values.shape {
        [h, w] => [1, 1, h, w],
        [c, h, w] => [1, c, h, w],
        [n, c, h, w] => [n, c, h, w],
        _ => [0; 4],
    }
}

impl ImageGrid {
    /// The corner of the first image, for a figure of one's own that draws on it.
    pub fn corner(&self) -> [f32; 2] {
        let [[width, _], [across, _]] = [self.cell(), self.image()];
        [theme::MARGIN + ((width - across) / 2.0).floor(), self.title.height()]
    }

    fn per_row(&self) -> usize {
        let cell = self.cell()[0] + GAP;
        let fitting = ((WIDTH + GAP) / cell) as usize;
        self.columns.unwrap_or(fitting).clamp(1, self.images.len())
    }

    /// Points of a pixel: whole ones, so that all look the same, unless a pixel is smaller.
    fn pixel(&self) -> f32 {
        let fitting = (IMAGE / self.height.max(self.width) as f32).floor().max(1.0);
        self.scale.unwrap_or(fitting)
    }

    /// Width and height of an image with its caption.
    fn cell(&self) -> [f32; 2] {
        let captions = self.captions.iter().take(self.images.len());
        let widths = captions.map(|caption| Canvas::text_width(caption, CAPTION));
        let caption = if self.captions.is_empty() { 0.0 } else { theme::LINE };
        let [width, height] = self.image();
        // Whole points, so that all images look the same.
        [widths.fold(width, f32::max).ceil(), height + caption]
    }

    /// Width and height of an image.
    fn image(&self) -> [f32; 2] {
        [self.width, self.height].map(|side| side as f32 * self.pixel())
    }

    /// The numbers at the ends of an image's colours.
    fn range_of(&self, image: &Image, common: (f32, f32)) -> (f32, f32) {
        match self.range {
            Range::Common => common,
            Range::Own => values::range(image.numbers()),
            Range::Symmetric => {
                let most = common.0.abs().max(common.1.abs());
                (-most, most)
            }
            Range::Fixed(low, high) => (low, high),
        }
    }

    fn pixels(&self, image: &Image, range: (f32, f32)) -> Pixels {
        let share = |x: f32| values::share(x, range);
        Pixels::new(self.height, self.width, |y, x| match image {
            Image::Plane(plane) => self.colors.color(share(plane[y * self.width + x])),
            Image::Rgb(planes) => {
                let plane = self.height * self.width;
                let at = |c: usize| share(planes[c * plane + y * self.width + x]);
                [at(0), at(1), at(2)].map(|x| (255.0 * x.clamp(0.0, 1.0)).round() as u8)
            }
        })
    }
}

impl Figure for ImageGrid {
    fn size(&self) -> [f32; 2] {
        let ([width, height], columns) = (self.cell(), self.per_row());
        let rows = self.images.len().div_ceil(columns);
        let across = columns as f32 * (width + GAP) - GAP;
        let down = rows as f32 * (height + GAP) - GAP;
        [
            across.max(self.title.width()) + 2.0 * theme::MARGIN,
            self.title.height() + down + theme::MARGIN,
        ]
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.title.draw(canvas);
        let common = values::range(self.images.iter().flat_map(Image::numbers));
        let ([width, height], [across, down]) = (self.cell(), self.image());
        let corner = self.corner();
        for (i, image) in self.images.iter().enumerate() {
            let (row, column) = (i / self.per_row(), i % self.per_row());
            let left = corner[0] + column as f32 * (width + GAP);
            let top = corner[1] + row as f32 * (height + GAP);
            let rect = [left, top, across, down];
            canvas.pixels(rect, self.pixels(image, self.range_of(image, common)));
            canvas.frame(rect, 0.5, theme::FAINT);
            if let Some(caption) = self.captions.get(i) {
                let at = [left + across / 2.0, top + down + theme::LINE / 2.0];
                canvas.text(caption, at, Anchor::Middle, CAPTION, theme::INK);
            }
        }
    }
}
