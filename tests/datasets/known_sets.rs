//! Reading the files of MNIST, Fashion-MNIST and CIFAR: good ones in every spelling, and every kind of
//! bad one.
use std::fs;
use std::path::{Path, PathBuf};

use crate::files::{Dir, gzip, mutated};
use rand::{SeedableRng, rngs::StdRng};
use shapewright::data::{
    Cifar10, Cifar100, Cifar100Labels, Dataset, Error, FashionMnist, Mnist, Reason, idx::Idx,
};

/// Writes the four files of a small set: `train` and `t10k` images with their labels.
fn write_mnist(dir: &Dir, train: usize, test: usize) {
    for (part, n) in [("train", train), ("t10k", test)] {
        dir.write(&format!("{part}-images-idx3-ubyte"), &images(n, 28, 28));
        dir.write(&format!("{part}-labels-idx1-ubyte"), &labels(n));
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
    write_mnist(&dir, 1, 1);
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
    write_mnist(&dir, 4, 2);
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

/// Reads thousands of damaged copies of a file. Each is read or refused with its name; most have to
/// be refused, or the damage is too small to tell anything.
fn damage(test: &str, original: &[u8], read: impl Fn(&Path) -> Result<(), Error>) {
    let dir = Dir::new(test);
    let mut rng = StdRng::seed_from_u64(5);
    let mut refused = 0;
    for _ in 0..3000 {
        let path = dir.write("damaged.bin", &mutated(original, &mut rng));
        if let Err(error) = read(&path) {
            assert!(error.to_string().contains("damaged.bin"), "{error}");
            refused += 1;
        }
    }
    assert!(refused > 1000, "only {refused} of 3000 damaged files were noticed");
}

#[test]
fn damaged_idx_files_are_read_or_refused() {
    let plain = images(2, 5, 5);
    for (test, original) in [("idx", plain.clone()), ("idx-gz", gzip(&plain))] {
        damage(test, &original, |path| {
            let idx = Idx::<3>::read(path)?;
            assert_eq!(idx.data.len(), idx.shape.iter().product::<usize>());
            Ok(())
        });
    }
}

#[test]
fn damaged_cifar_files_are_read_or_refused() {
    let plain = records(2, &[3]);
    for (test, original) in [("cifar", plain.clone()), ("cifar-gz", gzip(&plain))] {
        damage(test, &original, |path| {
            let file = path.with_file_name("test_batch.bin");
            fs::rename(path, &file).unwrap();
            let images = match Cifar10::load_test(path.parent().unwrap()) {
                Ok(images) => images,
                Err(error) => {
                    // So that the damaged file's name is looked for.
                    let message = error.to_string().replace("test_batch.bin", "damaged.bin");
                    return Err(Error::other(message));
                }
            };
            assert_eq!(images.pixels().len(), images.len() * 3072);
            Ok(())
        });
    }
}

#[test]
fn a_directory_in_place_of_a_file_is_an_error() {
    let error = Idx::<1>::read(Path::new("/")).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
}

#[test]
fn fashion_mnist_has_names_for_its_classes() {
    let dir = Dir::new("fashion");
    write_mnist(&dir, 3, 2);
    let fashion = FashionMnist::load(&dir.0).unwrap();
    assert_eq!((fashion.train.len(), fashion.test.len()), (3, 2));
    assert_eq!(fashion.train.class_name(9), "Ankle boot");
    assert_eq!(Mnist::load(&dir.0).unwrap().train.class_name(9), "9");
}

/// `n` records of CIFAR: the labels, the same in each, then pixels that are the record's number in
/// red, 100 more in green, 200 more in blue.
fn records(n: usize, labels: &[u8]) -> Vec<u8> {
    let record = |i: usize| {
        let plane = |c: u8| [i as u8 + 100 * c; 1024];
        [labels, &plane(0), &plane(1), &plane(2)].concat()
    };
    (0..n).flat_map(record).collect()
}

/// CIFAR-10's six files, of the batch's number of records each, labelled with the batch's number.
fn write_cifar10(dir: &Dir, folder: &str) {
    for i in 1..=5 {
        dir.write(&format!("{folder}data_batch_{i}.bin"), &records(i, &[i as u8]));
    }
    dir.write(&format!("{folder}test_batch.bin"), &records(2, &[9]));
}

#[test]
fn cifar10_is_read_from_its_directory_or_the_one_around_it() {
    for folder in ["", "cifar-10-batches-bin/"] {
        let dir = Dir::new("cifar10");
        write_cifar10(&dir, folder);
        let cifar = Cifar10::load(&dir.0).unwrap();
        assert_eq!((cifar.train.len(), cifar.test.len()), (15, 2));
        assert_eq!((cifar.train.shape(), cifar.train.classes()), ([3, 32, 32], 10));
        assert_eq!(cifar.train.labels(), [1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5]);
        let (pixels, _) = cifar.train.sample(14);
        assert_eq!([pixels[0], pixels[1024], pixels[2048]], [4, 104, 204], "red, green, blue");
        assert_eq!(cifar.test.class_name(9), "truck");

        // One of them packed, and with names of its own.
        let path = dir.0.join(folder).join("data_batch_3.bin");
        fs::remove_file(path).unwrap();
        dir.write(&format!("{folder}data_batch_3.bin.gz"), &gzip(&records(7, &[0])));
        let names: String = (0..10).map(|i| format!("class {i}\n")).collect();
        dir.write(&format!("{folder}batches.meta.txt"), format!("{names}\n").as_bytes());
        let train = Cifar10::load_train(&dir.0).unwrap();
        assert_eq!((train.len(), train.class_name(2).as_str()), (19, "class 2"));
    }
}

#[test]
fn cifar100_has_fine_and_coarse_labels() {
    let dir = Dir::new("cifar100");
    dir.write("cifar-100-binary/train.bin", &records(3, &[19, 99]));
    dir.write("cifar-100-binary/test.bin", &records(2, &[0, 1]));
    let fine = Cifar100::load(&dir.0, Cifar100Labels::Fine).unwrap();
    assert_eq!((fine.train.labels(), fine.train.classes()), (&[99; 3][..], 100));
    assert_eq!(
        (fine.train.class_name(99), fine.test.class_name(1)),
        ("worm".into(), "aquarium_fish".into())
    );
    let coarse = Cifar100::load(&dir.0, Cifar100Labels::Coarse).unwrap();
    assert_eq!((coarse.train.labels(), coarse.train.classes()), (&[19; 3][..], 20));
    assert_eq!(coarse.train.class_name(19), "vehicles_2");
    assert_eq!(coarse.train.pixels(), fine.train.pixels());
    assert_eq!(coarse.train.sample(2).0[1024], 102);

    dir.write("cifar-100-binary/coarse_label_names.txt", b"one\ntwo\n");
    let error = Cifar100::load_test(&dir.0, Cifar100Labels::Coarse).unwrap_err().to_string();
    assert!(
        error.ends_with(
            "coarse_label_names.txt: byte 0: the file names 2 classes, but there are 20"
        ),
        "{error}"
    );
    assert!(Cifar100::load_test(&dir.0, Cifar100Labels::Fine).is_ok());
}

#[test]
fn bad_cifar_files_are_named_with_the_byte() {
    let dir = Dir::new("cifar-bad");
    write_cifar10(&dir, "");
    let error = |bytes: &[u8]| {
        dir.write("data_batch_2.bin", bytes);
        Cifar10::load(&dir.0).unwrap_err().to_string()
    };
    let file = dir.0.join("data_batch_2.bin").display().to_string();
    let records_of = "the data ends here, but it should be records of 3073 bytes";
    assert_eq!(error(&records(2, &[1])[..6000]), format!("{file}: byte 6000: {records_of}"));
    assert_eq!(error(&[]), format!("{file}: byte 0: {records_of}"));
    assert_eq!(
        error(&[records(1, &[9]), records(1, &[10])].concat()),
        format!("{file}: byte 3073: label 10, but the classes are 0 to 9")
    );
    let packed = gzip(&records(2, &[1]));
    let cut = error(&packed[..packed.len() - 20]);
    assert!(cut.starts_with(&file) && cut.contains("damaged gzip"), "{cut}");

    fs::remove_file(&file).unwrap();
    let missing = Cifar10::load(&dir.0).unwrap_err().to_string();
    assert!(
        missing.ends_with("none of these files is there: data_batch_2.bin, data_batch_2.bin.gz"),
        "{missing}"
    );

    dir.write("train.bin", &records(2, &[20, 3]));
    let coarse = Cifar100::load_train(&dir.0, Cifar100Labels::Coarse).unwrap_err().to_string();
    assert!(
        coarse.ends_with("train.bin: byte 0: label 20, but the classes are 0 to 19"),
        "{coarse}"
    );
    dir.write("train.bin", &[records(1, &[0, 0]), records(1, &[0, 100])].concat());
    let fine = Cifar100::load_train(&dir.0, Cifar100Labels::Fine).unwrap_err().to_string();
    assert!(
        fine.ends_with("train.bin: byte 3075: label 100, but the classes are 0 to 99"),
        "{fine}"
    );
    dir.write("train.bin", &records(1, &[0]));
    let length = Cifar100::load_train(&dir.0, Cifar100Labels::Fine).unwrap_err().to_string();
    assert!(
        length.ends_with("byte 3073: the data ends here, but it should be records of 3074 bytes"),
        "{length}"
    );
}

#[test]
fn an_archive_of_more_than_a_reader_takes_is_refused() {
    let dir = Dir::new("cifar-bomb");
    // 300 MiB of zeros, which are valid records; only what is allowed is unpacked.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let block = vec![0; 1 << 20];
    (0..300).for_each(|_| std::io::Write::write_all(&mut encoder, &block).unwrap());
    dir.write("test.bin", &encoder.finish().unwrap());
    let error = Cifar100::load_test(&dir.0, Cifar100Labels::Fine).unwrap_err().to_string();
    assert!(error.contains("more data than the 268435456 bytes that are read at most"), "{error}");
}
