//! Where the images come from.
use std::error::Error;

use shapewright::data::{Digits, Images, Mnist};

use super::cli::Args;

/// Seeds of the drawn sets. Fixed, so that --evaluate sees the same test digits as the training.
const TRAIN_SEED: u64 = 1;
const TEST_SEED: u64 = 2;

const TRAIN_SIZE: usize = 12_000;
const TEST_SIZE: usize = 4_000;

/// Images and, in words, what they are.
pub struct Dataset {
    pub images: Images,
    pub origin: String,
}

pub fn train(args: &Args) -> Result<Dataset, Box<dyn Error>> {
    match &args.data {
        Some(dir) => loaded(Mnist::load_train(dir)?, args.train_size, "training"),
        None => Ok(drawn(args.train_size.unwrap_or(TRAIN_SIZE), TRAIN_SEED)),
    }
}

pub fn test(args: &Args) -> Result<Dataset, Box<dyn Error>> {
    match &args.data {
        Some(dir) => loaded(Mnist::load_test(dir)?, args.test_size, "test"),
        None => Ok(drawn(args.test_size.unwrap_or(TEST_SIZE), TEST_SEED)),
    }
}

fn drawn(count: usize, seed: u64) -> Dataset {
    Dataset { images: Digits::draw(count, seed), origin: format!("{count} drawn digits") }
}

fn loaded(mut images: Images, limit: Option<usize>, part: &str) -> Result<Dataset, Box<dyn Error>> {
    images.truncate(limit.unwrap_or(usize::MAX));
    if images.is_empty() {
        return Err(format!("the {part} files hold no images").into());
    }
    let origin = format!("{} {part} images of MNIST", images.len());
    Ok(Dataset { images, origin })
}
