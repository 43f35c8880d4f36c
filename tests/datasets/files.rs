//! Directories of files for tests, good ones and damaged ones.

// Each test is a crate of its own and uses only some of these.
#![allow(dead_code)]

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use flate2::{Compression, write::GzEncoder};
use rand::{Rng, rngs::StdRng};

/// A directory of its own for a test, removed at the end.
pub struct Dir(pub PathBuf);

impl Dir {
    pub fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shapewright-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file, and the folders on its way.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A damaged copy: bits flipped, bytes set, cut off, put in, or the first bytes all made large.
pub fn mutated(original: &[u8], rng: &mut StdRng) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..rng.gen_range(1..=3) {
        let at = rng.gen_range(0..bytes.len());
        match rng.gen_range(0..6) {
            0 => bytes[at] ^= 1 << rng.gen_range(0..8),
            1 => bytes[at] = rng.r#gen(),
            2 => bytes.truncate(at.max(1)),
            3 => drop(bytes.splice(at..at, (0..rng.gen_range(1..20)).map(|_| rng.r#gen::<u8>()))),
            4 => drop(bytes.drain(at..(at + rng.gen_range(1..9)).min(bytes.len() - 1).max(at))),
            _ => {
                // Headers come first, so that large numbers there promise a lot.
                let end = (at % 64 + 4).min(bytes.len());
                bytes[at % 64 % end..end].fill(0xff);
            }
        }
    }
    bytes
}
