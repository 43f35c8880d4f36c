//! Where the images come from.
use std::error::Error;

use shapewright::data::{self, Images, Mnist};

use super::cli::Args;

/// Training and test images and, in words, what they are.
pub struct Digits {
    pub train: Images,
    pub test: Images,
    pub train_origin: String,
    pub test_origin: String,
}

impl Args {
    /// MNIST's images, if there is a directory with them, else drawn ones.
    pub fn digits(&self) -> Result<Digits, Box<dyn Error>> {
        let Some(dir) = &self.data else {
            // Fixed seeds, so that --evaluate sees the same test digits as the training.
            let (train, train_origin) = drawn(self.train_size.unwrap_or(12_000), 1);
            let (test, test_origin) = drawn(self.test_size.unwrap_or(4_000), 2);
            return Ok(Digits { train, test, train_origin, test_origin });
        };
        if self.download {
            download(dir)?;
        }
        let (train, train_origin) = first(Mnist::load_train(dir)?, self.train_size, "training")?;
        let (test, test_origin) = first(Mnist::load_test(dir)?, self.test_size, "test")?;
        Ok(Digits { train, test, train_origin, test_origin })
    }
}

fn drawn(count: usize, seed: u64) -> (Images, String) {
    (data::Digits::draw(count, seed), format!("{count} drawn digits"))
}

fn first(
    mut images: Images,
    limit: Option<usize>,
    part: &str,
) -> Result<(Images, String), Box<dyn Error>> {
    images.truncate(limit.unwrap_or(usize::MAX));
    if images.is_empty() {
        return Err(format!("the {part} files hold no images").into());
    }
    let origin = format!("{} {part} images of MNIST", images.len());
    Ok((images, origin))
}

#[cfg(feature = "download")]
fn download(dir: &std::path::Path) -> Result<(), data::Error> {
    Mnist::download(dir, |_| {})
}

#[cfg(not(feature = "download"))]
fn download(_: &std::path::Path) -> Result<(), &'static str> {
    Err("this program was built without downloads; build it with `--features download`")
}
