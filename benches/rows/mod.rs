//! What is measured: a pass of an op on one size, and the work that this takes.

use serde::Deserialize;

/// One row of the tables.
#[derive(Clone, Deserialize)]
pub struct Row {
    pub op: String,
    pub pass: String,
    #[serde(flatten)]
    pub size: Size,
}

/// What an op is measured on. An op leaves out what it does not have.
#[derive(Clone, Deserialize)]
pub struct Size {
    pub name: String,
    /// `[batch, channels, height, width]` or `[batch, features]`.
    pub input: Vec<usize>,
    #[serde(default)]
    pub out_channels: usize,
    /// `[kernel, stride, padding]`, the same along both axes.
    #[serde(default)]
    pub window: [usize; 3],
    #[serde(default = "one")]
    pub groups: usize,
}

fn one() -> usize {
    1
}

impl Size {
    /// The input's four sizes.
    pub fn image(&self) -> Result<[usize; 4], String> {
        self.input.clone().try_into().map_err(|_| format!("{}: no images", self.name))
    }

    /// The input's two sizes.
    pub fn features(&self) -> Result<[usize; 2], String> {
        self.input.clone().try_into().map_err(|_| format!("{}: no features", self.name))
    }
}

/// Does the work once; what it computed is returned if that is asked for.
pub type Work = Box<dyn FnMut(bool) -> Option<Vec<f32>>>;

/// Numbers in [-1, 1), the same in each program of the comparison.
pub fn numbers(len: usize, seed: usize) -> Vec<f32> {
    let hash = |i: usize| (i + seed).wrapping_mul(2_654_435_761) as u32;
    (0..len).map(|i| (f64::from(hash(i)) / f64::from(1u32 << 31) - 1.0) as f32).collect()
}
