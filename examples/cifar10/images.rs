//! What is trained on: CIFAR-10's files, or drawn shapes in their form.
use std::path::Path;

use rand::{SeedableRng, rngs::StdRng};
use rayon::prelude::*;
use shapewright::data::{Cifar10, Error, Images, Normalize};

use super::shapes::{Mark, Picture, Shape, color};

const SIZE: usize = 32;

/// Training and test images, and how they are normalised.
pub struct Data {
    pub train: Images,
    pub test: Images,
    pub normalize: Normalize<3>,
}

impl Data {
    /// CIFAR-10's images if there is a directory with them, else `(train, test)` drawn ones.
    pub fn load(dir: Option<&Path>, count: (usize, usize)) -> Result<Self, Error> {
        let (train, test) = match dir {
            Some(dir) => (Cifar10::load_train(dir)?, Cifar10::load_test(dir)?),
            None => (draw(count.0, 1)?, draw(count.1, 2)?),
        };
        Ok(Data { normalize: Normalize::measure(&train)?, train, test })
    }
}

/// Draws images of one shape each, image `i` of class `i % 10`; smaller shapes lie about it.
fn draw(count: usize, seed: u64) -> Result<Images, Error> {
    let image = |i: usize| {
        let mut rng = StdRng::seed_from_u64(seed << 32 | i as u64);
        let mut picture = Picture::background(SIZE, &mut rng);
        for shape in [Shape::Circle, Shape::Square, Shape::Triangle] {
            let clutter = Mark::random(shape, SIZE, 1.0..3.0, &mut rng);
            picture.draw(&clutter, color(0.0..1.0, &mut rng));
        }
        let mark = Mark::random(Shape::ALL[i % 10], SIZE, 6.0..13.0, &mut rng);
        picture.draw(&mark, color(0.3..1.0, &mut rng));
        picture.develop(0.08, &mut rng)
    };
    let pixels: Vec<Vec<u8>> = (0..count).into_par_iter().map(image).collect();
    let labels = (0..count).map(|i| (i % 10) as u8).collect();
    let names = Shape::ALL.map(Shape::name).to_vec();
    Images::named(pixels.concat(), labels, [3, SIZE, SIZE], names)
}
