//! Scenes of shapes, with the class of each pixel.

use rand::{Rng, SeedableRng, rngs::StdRng};
use rayon::prelude::*;
use shapewright::prelude::*;
use shapewright::train::Labelled;

use super::shapes::{Mark, Picture, Shape, color};

/// Height and width.
pub const SIZE: usize = 64;

/// What a pixel can be of.
pub const CLASSES: [&str; 4] = ["background", "circle", "square", "triangle"];

const SHAPES: [Shape; 3] = [Shape::Circle, Shape::Square, Shape::Triangle];

/// Some scenes, as the network takes them, with their masks.
#[derive(Clone)]
pub struct Scenes {
    count: usize,
    pixels: Vec<f32>,
    masks: Vec<usize>,
}

impl Scenes {
    /// Draws batches of scenes; the same seed draws the same ones.
    pub fn batches(batches: usize, count: usize, seed: u64) -> Vec<Self> {
        let draw =
            |i: usize| Scenes::draw(count, &mut StdRng::seed_from_u64(seed << 32 | i as u64));
        (0..batches).into_par_iter().map(draw).collect()
    }

    fn draw(count: usize, rng: &mut StdRng) -> Self {
        let (mut pixels, mut masks) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let mut picture = Picture::background(SIZE, rng);
            let mut mask = vec![0; SIZE * SIZE];
            for _ in 0..rng.gen_range(2..5) {
                let class = rng.gen_range(0..SHAPES.len());
                let mark = Mark::random(SHAPES[class], SIZE, 8.0..16.0, rng);
                picture.draw(&mark, color(0.3..1.0, rng));
                // What is drawn later lies above.
                for (i, pixel) in mask.iter_mut().enumerate() {
                    if mark.covers((i % SIZE) as f32 + 0.5, (i / SIZE) as f32 + 0.5) {
                        *pixel = class + 1;
                    }
                }
            }
            pixels.extend(picture.develop(0.06, rng).iter().map(|&p| f32::from(p) / 127.5 - 1.0));
            masks.extend(mask);
        }
        Scenes { count, pixels, masks }
    }

    /// As a tensor, from -1 to 1.
    pub fn images(&self, dev: &Cpu) -> Result<Images, shapewright::Error> {
        let shape = (self.count, Const, Const, Const);
        dev.try_tensor_from_vec(self.pixels.clone(), shape).map_err(shapewright::Error::device)
    }

    /// The class of each pixel of scene `i`.
    pub fn mask(&self, i: usize) -> &[usize] {
        &self.masks[i * SIZE * SIZE..][..SIZE * SIZE]
    }
}

pub type Images = Tensor<(usize, Const<3>, Const<SIZE>, Const<SIZE>), f32, Cpu>;

/// Images with a label for each pixel are what [`Classification`] measures, too.
///
/// [`Classification`]: shapewright::train::Classification
impl Labelled for Scenes {
    fn dims(&self) -> [usize; 4] {
        [self.count, 3, SIZE, SIZE]
    }

    fn values(&self) -> &[f32] {
        &self.pixels
    }

    fn labels(&self) -> &[usize] {
        &self.masks
    }
}
