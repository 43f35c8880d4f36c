//! Classes of pixels.

use dfdx::shapes::{Dtype, Shape};
use dfdx::tensor::{Storage, Tensor};
use num_traits::ToPrimitive;

use super::color::mix;
use super::title::Title;
use super::values::{self, Values};
use super::{Anchor, Canvas, Error, Figure, Font, Pixels, class_color, theme};

const NAME: Font = Font::new(theme::TEXT);

/// Width and height of a legend's squares, in points.
const SQUARE: f32 = 10.0;

/// How wide and high the whole is about to be, in points.
const SIZE: f32 = 256.0;

/// How much of the image below is seen.
const BELOW: f32 = 0.45;

/// The class of each pixel, such as a segmentation's mask or what a network sees where: a colour
/// for each class, the [same](class_color) in all pictures.
///
/// ```
/// use shapewright::plot::{ClassMap, Figure};
///
/// let mask = [0, 0, 1, 0, 2, 1];
/// let map = ClassMap::new(&mask, 2, 3)?.names(["sky", "tree", "house"]).title("mask");
/// map.save(std::env::temp_dir().join("shapewright-mask.png"))?;
/// assert!(ClassMap::new(&mask, 2, 2).is_err());
/// # Ok::<_, shapewright::plot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClassMap {
    classes: Vec<usize>,
    height: usize,
    width: usize,
    strength: Option<Vec<f32>>,
    below: Option<Vec<f32>>,
    background: Option<usize>,
    names: Vec<String>,
    title: Title,
    scale: Option<f32>,
}

impl ClassMap {
    /// A map of classes, counted from 0, row by row.
    ///
    /// # Errors
    ///
    /// If they are not `height · width`, or none.
    pub fn new(classes: &[usize], height: usize, width: usize) -> Result<Self, Error> {
        if classes.is_empty() || height.checked_mul(width) != Some(classes.len()) {
            let count = classes.len();
            let sentence =
                format!("a class map of {height} × {width} pixels cannot be of {count} classes");
            return Err(Error::Invalid(sentence));
        }
        Ok(ClassMap {
            classes: classes.to_vec(),
            height,
            width,
            strength: None,
            below: None,
            background: None,
            names: Vec::new(),
            title: Title::default(),
            scale: None,
        })
    }

    /// The highest of the scores `[classes, height, width]` at each place. The colour is as strong
    /// as the class is probable, by the softmax of the scores.
    ///
    /// # Errors
    ///
    /// If the tensor has another rank, or no elements.
    pub fn of_logits<S: Shape, E: Dtype + ToPrimitive, D: Storage<E>, T>(
        logits: &Tensor<S, E, D, T>,
    ) -> Result<Self, Error> {
        let values = Values::of(logits);
        let (height, width) = match *values.shape {
            [_, height, width] if !values.numbers.is_empty() => (height, width),
            _ => return Err(values.refused("a class map takes scores of [classes, h, w]")),
        };
        let (mut classes, mut strength) = (Vec::new(), Vec::new());
        for place in 0..height * width {
            let scores = values.numbers[place..].iter().step_by(height * width);
            let best = scores.clone().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            let (class, &most) = best.unwrap_or((0, &0.0));
            classes.push(class);
            strength.push(1.0 / scores.map(|score| (score - most).exp()).sum::<f32>());
        }
        Ok(ClassMap { strength: Some(strength), ..Self::new(&classes, height, width)? })
    }

    /// Lays it over an image of its size, `[channels, height, width]` with one or three channels or
    /// `[height, width]`, which is seen below, in grey.
    ///
    /// # Errors
    ///
    /// If the tensor has another shape.
    pub fn over<S: Shape, E: Dtype + ToPrimitive, D: Storage<E>, T>(
        mut self,
        image: &Tensor<S, E, D, T>,
    ) -> Result<Self, Error> {
        let values = Values::of(image);
        let size = [self.height, self.width];
        let channels = match *values.shape {
            [h, w] if [h, w] == size => 1,
            [c @ (1 | 3), h, w] if [h, w] == size => c,
            _ => return Err(values.refused("a class map lies over [c, h, w] of its own size")),
        };
        let (pixels, range) = (size[0] * size[1], values::range(&values.numbers));
        let grey = |i: usize| {
            let all = values.numbers[i..].iter().step_by(pixels);
            values::share(all.sum::<f32>() / channels as f32, range)
        };
        self.below = Some((0..pixels).map(grey).collect());
        Ok(self)
    }

    /// A class without a colour: there is only the image below, or paper. Nor is it in the legend.
    #[must_use]
    pub fn background(mut self, class: usize) -> Self {
        self.background = Some(class);
        self
    }

    /// The classes' names, for a legend.
    #[must_use]
    pub fn names(mut self, names: impl IntoIterator<Item = impl ToString>) -> Self {
        self.names = names.into_iter().map(|name| name.to_string()).collect();
        self
    }

    /// A line above it.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Title::new(title);
        self
    }

    /// So many points for each pixel.
    #[must_use]
    pub fn scale(mut self, points: f32) -> Self {
        self.scale = Some(points);
        self
    }
}

impl ClassMap {
    fn pixels(&self) -> Pixels {
        Pixels::new(self.height, self.width, |y, x| {
            let i = y * self.width + x;
            let strength = self.strength.as_ref().map_or(1.0, |strength| strength[i]);
            let below = self.below.as_ref().map(|below| [(255.0 * below[i]).round() as u8; 3]);
            if self.background == Some(self.classes[i]) {
                return below.unwrap_or(theme::PAPER);
            }
            let color = mix(theme::PAPER, class_color(self.classes[i]), strength);
            below.map_or(color, |below| mix(color, below, BELOW))
        })
    }

    fn map(&self) -> [f32; 2] {
        let fitting = (SIZE / self.height.max(self.width) as f32).floor().max(1.0);
        [self.width, self.height].map(|side| side as f32 * self.scale.unwrap_or(fitting))
    }

    /// The classes in the legend, and where they begin, in lines of the map's width.
    fn legend(&self) -> Vec<(usize, [f32; 2])> {
        let (mut x, mut line) = (0.0, 0.0);
        let place = |(class, name): (usize, &String)| {
            let width = SQUARE + 4.0 + Canvas::text_width(name, NAME) + 2.0 * theme::GAP;
            if x > 0.0 && x + width - 2.0 * theme::GAP > self.map()[0] {
                (x, line) = (0.0, line + theme::LINE);
            }
            x += width;
            (class, [x - width, line])
        };
        let shown =
            self.names.iter().enumerate().filter(|(class, _)| self.background != Some(*class));
        shown.map(place).collect()
    }
}

impl Figure for ClassMap {
    fn size(&self) -> [f32; 2] {
        let [width, height] = self.map();
        let widest = self.names.iter().map(|name| Canvas::text_width(name, NAME) + SQUARE + 4.0);
        let legend = self.legend().last().map_or(0.0, |(_, [_, y])| y + theme::GAP + theme::LINE);
        let width = widest.fold(width.max(self.title.width()), f32::max);
        [width + 2.0 * theme::MARGIN, self.title.height() + height + legend + theme::MARGIN]
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.title.draw(canvas);
        let [width, height] = self.map();
        let rect = [theme::MARGIN, self.title.height(), width, height];
        canvas.pixels(rect, self.pixels());
        canvas.frame(rect, 0.5, theme::FAINT);
        let below = self.title.height() + height + theme::GAP;
        for (class, [x, y]) in self.legend() {
            let (x, middle) = (theme::MARGIN + x, below + y + theme::LINE / 2.0);
            canvas.fill([x, middle - SQUARE / 2.0, SQUARE, SQUARE], class_color(class));
            canvas.text(
                &self.names[class],
                [x + SQUARE + 4.0, middle],
                Anchor::Start,
                NAME,
                theme::INK,
            );
        }
    }
}
