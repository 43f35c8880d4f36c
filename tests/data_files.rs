//! Reading MNIST's files: the good ones in every spelling, and every kind of bad one.
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};
use rand::{Rng, SeedableRng, rngs::StdRng};
use shapewright::data::{Error, Mnist, Reason, idx::Idx};

/// A directory of its own for a test, removed at the end.
struct Dir(PathBuf);

impl Dir {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shapewright-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The four files of a small set: `train` and `t10k` images with their labels.
    fn write_mnist(&self, train: usize, test: usize) {
        for (part, n) in [("train", train), ("t10k", test)] {
            self.write(&format!("{part}-images-idx3-ubyte"), &images(n, 28, 28));
            self.write(&format!("{part}-labels-idx1-ubyte"), &labels(n));
        }
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn idx(dims: &[usize], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, dims.len() as u8];
    dims.iter().for_each(|&d| bytes.extend((d as u32).to_be_bytes()));
    bytes.extend(data);
    bytes
}

fn images(n: usize, h: usize, w: usize) -> Vec<u8> {
    let pixels: Vec<u8> = (0..n * h * w).map(|i| (i % 251) as u8).collect();
    idx(&[n, h, w], &pixels)
}

fn labels(n: usize) -> Vec<u8> {
    idx(&[n], &(0..n).map(|i| (i % 10) as u8).collect::<Vec<_>>())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Where and why reading stopped.
fn content<T>(result: Result<T, Error>) -> (PathBuf, u64, Reason) {
    match result.err().expect("an error") {
        Error::Content { path, byte, reason, .. } => (path, byte, reason),
        other => panic!("not about content: {other}"),
    }
}

#[test]
fn the_four_files_load_in_every_spelling() {
    let dir = Dir::new("spellings");
    dir.write("train-images-idx3-ubyte", &images(3, 28, 28));
    dir.write("train-labels.idx1-ubyte", &labels(3));
    dir.write("t10k-images-idx3-ubyte.gz", &gzip(&images(2, 28, 28)));
    dir.write("t10k-labels.idx1-ubyte.gz", &gzip(&labels(2)));
    let mnist = Mnist::load(&dir.0).unwrap();
    assert_eq!((mnist.train.len(), mnist.test.len()), (3, 2));
    assert_eq!((mnist.train.shape(), mnist.train.classes()), ([1, 28, 28], 10));
    assert_eq!(mnist.train.labels(), [0, 1, 2]);
    assert_eq!(mnist.test.sample(1).0[..3], [31, 32, 33], "784 % 251 = 31");
}

#[test]
fn gzip_is_known_by_its_content_not_its_name() {
    let dir = Dir::new("gzip-name");
    let packed = dir.write("labels", &gzip(&labels(5)));
    let plain = dir.write("labels.gz", &labels(5));
    assert_eq!(Idx::<1>::read(packed).unwrap().data, Idx::<1>::read(plain).unwrap().data);
}

#[test]
fn a_missing_file_is_named_in_all_spellings_tried() {
    let dir = Dir::new("missing");
    dir.write_mnist(1, 1);
    fs::remove_file(dir.0.join("t10k-labels-idx1-ubyte")).unwrap();
    let message = Mnist::load(&dir.0).unwrap_err().to_string();
    assert!(message.starts_with(&dir.0.display().to_string()), "{message}");
    for name in ["t10k-labels-idx1-ubyte,", "t10k-labels-idx1-ubyte.gz", "t10k-labels.idx1-ubyte"] {
        assert!(message.contains(name), "{name} not in: {message}");
    }
    let nowhere = Mnist::load(dir.0.join("nowhere")).unwrap_err();
    assert!(matches!(nowhere, Error::Io { .. }), "{nowhere}");
    assert!(nowhere.to_string().contains("nowhere"), "{nowhere}");
}

#[test]
fn every_wrong_header_names_its_byte() {
    let dir = Dir::new("headers");
    let read = |bytes: &[u8]| content(Idx::<3>::read(dir.write("file", bytes)));
    let good = images(2, 3, 4);
    assert_eq!(Idx::<3>::read(dir.write("file", &good)).unwrap().shape, [2, 3, 4]);

    let (_, byte, reason) = read(b"P5 28 28 255");
    assert!(byte == 0 && matches!(reason, Reason::Magic(_)), "{byte}: {reason}");
    let mut floats = good.clone();
    floats[2] = 0x0d;
    let (_, byte, reason) = read(&floats);
    assert!(byte == 2 && matches!(reason, Reason::ElementType(0x0d)), "{byte}: {reason}");
    let (_, byte, reason) = read(&labels(3));
    assert!(
        byte == 3 && matches!(reason, Reason::Rank { found: 1, needed: 3 }),
        "{byte}: {reason}"
    );
    let (_, byte, reason) = read(&[good.clone(), vec![0]].concat());
    assert!(byte == 40 && matches!(reason, Reason::Long { needed: 40 }), "{byte}: {reason}");
    let (path, byte, reason) = read(&good[..39]);
    assert!(byte == 39 && matches!(reason, Reason::Short { needed: 40 }), "{byte}: {reason}");
    assert_eq!(path, dir.0.join("file"));
}

#[test]
fn absurd_dimensions_are_refused_without_allocating_them() {
    let dir = Dir::new("absurd");
    let huge = idx(&[0xffff_ffff, 0xffff_ffff, 0xffff_ffff], &[1, 2, 3]);
    let (_, byte, reason) = content(Idx::<3>::read(dir.write("huge", &huge)));
    assert!(byte == 4 && matches!(reason, Reason::TooLarge(_)), "{byte}: {reason}");
    // Within the limit, but not in the file: what is allocated is what is there.
    let empty = idx(&[1 << 20, 28, 28], &[]);
    let (_, byte, reason) = content(Idx::<3>::read(dir.write("empty", &empty)));
    assert!(byte == 16 && matches!(reason, Reason::Short { .. }), "{byte}: {reason}");
    // A small gzip file of a lot: unpacked no further than the header promises.
    let bomb = gzip(&[idx(&[10], &[]), vec![0; 50_000_000]].concat());
    let (_, byte, reason) = content(Idx::<1>::read(dir.write("bomb", &bomb)));
    assert!(byte == 18 && matches!(reason, Reason::Long { needed: 18 }), "{byte}: {reason}");
}

#[test]
fn images_and_labels_that_do_not_fit_together_are_named() {
    let dir = Dir::new("pairs");
    dir.write_mnist(4, 2);
    dir.write("train-labels-idx1-ubyte", &labels(3));
    let error = Mnist::load(&dir.0).unwrap_err().to_string();
    assert!(
        error.contains("train-labels-idx1-ubyte: byte 4: 3 labels, but 4 images in"),
        "{error}"
    );

    dir.write("train-labels-idx1-ubyte", &idx(&[4], &[0, 9, 10, 3]));
    let error = Mnist::load(&dir.0).unwrap_err().to_string();
    assert!(error.ends_with("byte 10: label 10, but the classes are 0 to 9"), "{error}");

    dir.write("train-labels-idx1-ubyte", &labels(4));
    dir.write("train-images-idx3-ubyte", &images(4, 28, 27));
    let error = Mnist::load(&dir.0).unwrap_err().to_string();
    assert!(error.ends_with("byte 8: images of 28×27 pixels, 28×28 needed here"), "{error}");
}

#[test]
fn every_truncation_is_an_error_at_the_cut() {
    let dir = Dir::new("truncations");
    let good = images(2, 3, 4);
    for cut in 0..good.len() {
        let (_, byte, reason) = content(Idx::<3>::read(dir.write("plain", &good[..cut])));
        assert!(matches!(reason, Reason::Short { .. }), "cut at {cut}: {reason}");
        assert_eq!(byte, cut as u64);
    }
    let packed = gzip(&good);
    for cut in 2..packed.len() {
        let error = Idx::<3>::read(dir.write("packed", &packed[..cut])).unwrap_err();
        assert!(matches!(error, Error::Content { .. }), "cut at {cut}: {error}");
        assert!(error.to_string().contains("packed"), "{error}");
    }
}

#[test]
fn mutated_files_are_read_or_refused_but_never_panic() {
    let dir = Dir::new("mutations");
    let mut rng = StdRng::seed_from_u64(5);
    let plain = images(2, 5, 5);
    for original in [plain.clone(), gzip(&plain)] {
        let mut refused = 0;
        for _ in 0..2000 {
            let mut bytes = original.clone();
            for _ in 0..rng.gen_range(1..=3) {
                let i = rng.gen_range(0..bytes.len());
                bytes[i] = rng.r#gen();
            }
            match Idx::<3>::read(dir.write("mutated", &bytes)) {
                Ok(idx) => assert_eq!(idx.data.len(), idx.shape.iter().product::<usize>()),
                Err(error) => {
                    assert!(error.to_string().contains("mutated"), "{error}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 200, "only {refused} of 2000 mutations were noticed");
    }
}

#[test]
fn a_directory_in_place_of_a_file_is_an_error() {
    let error = Idx::<1>::read(Path::new("/")).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
}
