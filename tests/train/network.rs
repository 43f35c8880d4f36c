//! What the tests train: a small network with everything that a checkpoint has to hold.

use std::path::{Path, PathBuf};

use rand::{Rng, SeedableRng, rngs::StdRng};
use shapewright::prelude::*;
use shapewright::train::{BatchSource, Labelled, Trainer, schedule};

net! {
    /// Batch norm has statistics, dropout draws.
    pub struct Net: [1, 6, 6] -> [3] {
        conv: Conv2d(4, kernel = 3, bias = false),
        norm: BatchNorm2d,
        ReLU,
        Dropout(0.2),
        Flatten,
        fc: Linear(3),
    }
}

/// Noise in which one of three columns is brighter.
#[derive(Clone)]
pub struct Stripes {
    pixels: Vec<f32>,
    labels: Vec<usize>,
}

impl Labelled for Stripes {
    fn dims(&self) -> [usize; 4] {
        [self.labels.len(), 1, 6, 6]
    }

    fn values(&self) -> &[f32] {
        &self.pixels
    }

    fn labels(&self) -> &[usize] {
        &self.labels
    }
}

fn stripes(count: usize, seed: u64) -> Stripes {
    let mut rng = StdRng::seed_from_u64(seed);
    let labels: Vec<usize> = (0..count).map(|_| rng.gen_range(0..3)).collect();
    let pixel = |label: usize, i: usize, rng: &mut StdRng| {
        rng.gen_range(-1.0..1.0) + if i % 6 / 2 == label { 0.8 } else { 0.0 }
    };
    let pixels = labels.iter().flat_map(|&label| (0..36).map(move |i| (label, i)));
    let pixels: Vec<f32> = pixels.map(|(label, i)| pixel(label, i, &mut rng)).collect();
    Stripes { pixels, labels }
}

pub const BATCHES: usize = 6;

/// BatchSource that are others in each epoch, the last one smaller.
pub struct Source;

impl BatchSource for Source {
    type Batch = Stripes;

    fn per_epoch(&self) -> usize {
        BATCHES
    }

    fn epoch(
        &self,
        epoch: usize,
        from: usize,
    ) -> impl Iterator<Item = Result<Stripes, Box<dyn std::error::Error + Send + Sync>>> {
        let size = |batch| if batch == BATCHES - 1 { 5 } else { 8 };
        (from..BATCHES).map(move |batch| Ok(stripes(size(batch), (epoch * 100 + batch) as u64)))
    }
}

pub fn test_set() -> Vec<Stripes> {
    vec![stripes(40, 1_000_000), stripes(15, 1_000_001)]
}

pub type Training = Trainer<Net<f32, AutoDevice>, AdamConfig, f32, AutoDevice>;

/// The training of all these tests, whose device is another one in each process.
pub fn training(device_seed: u64) -> Training {
    let net = AutoDevice::seed_from_u64(7).build_module::<Net, f32>();
    let dev = AutoDevice::seed_from_u64(device_seed);
    Trainer::new(&dev, net, AdamConfig { lr: 0.02, ..Default::default() })
        .epochs(5)
        .schedule(schedule::OneCycle::default())
        .clip_norm(1.0)
        .seed(3)
        .log_every(1)
}

/// A directory of its own for a test, removed at the end.
pub struct Dir(PathBuf);

impl Dir {
    pub fn new(test: &str) -> Self {
        let name = format!("shapewright-train-{test}-{}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&dir).unwrap();
        Dir(dir)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The lines of a log without how long they took.
pub fn lines(log: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(log).unwrap();
    let lines = text.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        line.as_object_mut().unwrap().remove("seconds");
        line
    });
    lines.collect()
}
