//! Folders of PNG and JPEG files: as torchvision reads them, and every kind of bad one.
use std::io::Cursor;
use std::path::Path;

use crate::files::{Dir, mutated};
use dfdx::prelude::*;
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, RgbaImage};
use rand::{Rng, SeedableRng, rngs::StdRng};
use shapewright::data::{Dataset, Decoder, Error, ImageFolder, Loader, Normalize};

/// A picture of 7×11 pixels whose channels have nothing in common.
fn picture() -> RgbImage {
    RgbImage::from_fn(11, 7, |x, y| {
        let value = |c: u32| (y * y * 37 + x * x * 53 + c * 91 + x * y * 17) as u8;
        image::Rgb([value(0), value(1), value(2)])
    })
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    encoded(picture, ImageFormat::Png)
}

/// One colour everywhere.
fn plain(width: u32, height: u32, colour: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(width, height, image::Rgb(colour))
}

/// Pillow rounds between scaling one side and the other, so the last bit differs.
fn assert_close(found: &[u8], expected: &[u8]) {
    assert_eq!(found.len(), expected.len());
    let far = found.iter().zip(expected).filter(|(a, b)| a.abs_diff(**b) > 1).count();
    assert_eq!(far, 0, "{found:?} is not {expected:?}");
}

#[test]
fn pictures_keep_their_pixels_at_their_own_size() {
    let dir = Dir::new("image-exact");
    let file = dir.write("picture.png", &png(picture()));
    let decoder = Decoder::rgb([7, 11]);
    let pixels = decoder.read(&file).unwrap();
    for (c, plane) in pixels.chunks(77).enumerate() {
        let expected: Vec<u8> = picture().pixels().map(|p| p.0[c]).collect();
        assert_eq!(plane, expected);
    }
    assert_eq!(decoder.convert(picture().into()).unwrap(), pixels);
    assert_eq!(decoder.stretch().read(&file).unwrap(), pixels);
}

/// Expected are the pixels of Pillow's `resize(…, BILINEAR)` with torchvision's sizes and its crop.
#[test]
fn pictures_are_scaled_and_cut_as_by_torchvision() {
    let convert = |decoder: Decoder| decoder.convert(picture().into()).unwrap();
    let crop = [
        128, 124, 144, 139, 157, 134, 191, 178, 163, 159, 129, 124, 119, 77, 45, 104, 98, 97, 116,
        105, 82, 141, 81, 79, 85, 101, 131, 114, 111, 156, 132, 189, 166, 110, 135, 172, 124, 72,
        117, 138, 123, 111, 92, 102, 166, 157, 149, 115,
    ];
    assert_close(&convert(Decoder::rgb([4, 4])), &crop);
    let margin = [
        89, 143, 162, 224, 207, 183, 138, 127, 214, 168, 193, 170, 165, 152, 129, 120, 118, 124,
        40, 89, 100, 88, 67, 59, 42, 69, 150, 184, 49, 55, 80, 82, 117, 131, 93, 131, 129, 146,
        131, 143, 191, 123, 88, 150, 133, 109, 64, 53, 140, 146, 119, 96, 91, 78, 106, 127, 166,
        97, 142, 110,
    ];
    assert_close(&convert(Decoder::rgb([4, 5]).shorter_side(6)), &margin);
    let stretched = [
        101, 134, 155, 157, 151, 155, 159, 167, 122, 106, 73, 139, 122, 98, 95, 133, 104, 114, 102,
        121, 116, 130, 143, 176, 156, 126, 137, 114, 96, 96, 111, 119, 152, 150, 130, 83,
    ];
    assert_close(&convert(Decoder::rgb([3, 4]).stretch()), &stretched);
    let grey = [115, 107, 126, 123, 109, 131, 118, 115, 112, 120, 126, 115, 119, 133, 108, 155];
    assert_close(&convert(Decoder::grey([4, 4])), &grey);
    let greys = convert(Decoder::grey([7, 11]));
    assert_eq!(greys[..11], [74, 127, 107, 116, 125, 119, 161, 111, 138, 92, 75]);
}

#[test]
fn a_picture_covers_any_size() {
    // The outer thirds are red and blue, the middle is green: what remains of a wide or high picture.
    let colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255]];
    let wide = RgbImage::from_fn(90, 30, |x, _| image::Rgb(colours[x as usize / 30]));
    let high = RgbImage::from_fn(30, 90, |_, y| image::Rgb(colours[y as usize / 30]));
    for (picture, size) in [(&wide, [8, 6]), (&high, [6, 8]), (&wide, [30, 30]), (&high, [30, 30])]
    {
        let pixels = Decoder::rgb(size).convert(picture.clone().into()).unwrap();
        let n = size[0] * size[1];
        assert!(pixels[..n].iter().all(|&p| p < 60) && pixels[2 * n..].iter().all(|&p| p < 60));
        assert!(pixels[n..2 * n].iter().all(|&p| p > 190));
    }
    for (width, height) in [(1, 1), (1, 50), (50, 1), (3, 200), (13, 11)] {
        for size in [[1, 1], [8, 8], [5, 17], [17, 5], [40, 3]] {
            for decoder in [Decoder::rgb(size), Decoder::rgb(size).shorter_side(9)] {
                let pixels = decoder.convert(plain(width, height, [9, 90, 200]).into()).unwrap();
                let n = size[0] * size[1];
                assert_eq!(pixels, [vec![9; n], vec![90; n], vec![200; n]].concat());
            }
        }
    }
}

#[test]
fn all_kinds_of_png_and_jpeg_are_read() {
    let dir = Dir::new("image-kinds");
    let grey = GrayImage::from_pixel(4, 4, image::Luma([50]));
    let transparent = RgbaImage::from_pixel(4, 4, image::Rgba([10, 20, 30, 0]));
    let deep = image::ImageBuffer::from_pixel(4, 4, image::Rgb([0x1414_u16, 0x2828, 0x3c3c]));
    for (bytes, expected) in [
        (png(grey.clone()), [50, 50, 50]),
        (encoded(grey, ImageFormat::Jpeg), [50, 50, 50]),
        (png(transparent), [10, 20, 30]),
        (png(DynamicImage::ImageRgb16(deep)), [20, 40, 60]),
    ] {
        // Known by their content.
        let pixels = Decoder::rgb([1, 1]).read(dir.write("file.jpg", &bytes)).unwrap();
        assert_close(&pixels, &expected);
    }
}

/// Two classes; the names of the files are not in the order in which they were written.
fn write_folder(dir: &Dir) {
    dir.write("dog/b.png", &png(plain(8, 8, [40; 3])));
    dir.write("dog/a.JPG", &encoded(plain(8, 8, [30; 3]), ImageFormat::Jpeg));
    dir.write("cat/z.jpeg", &encoded(plain(9, 6, [20; 3]), ImageFormat::Jpeg));
    dir.write("cat/10.png", &png(plain(5, 8, [10; 3])));
}

#[test]
fn classes_and_files_are_sorted_and_strays_are_passed_over() {
    let dir = Dir::new("image-folder");
    write_folder(&dir);
    dir.write("readme.txt", b"beside the classes");
    dir.write("loose.png", &png(picture()));
    dir.write("cat/notes.txt", b"no picture");
    dir.write("cat/.hidden.png", b"no picture");
    dir.write("cat/deeper/c.png", &png(picture()));
    dir.write(".cache/x.png", b"no picture");
    std::fs::create_dir(dir.0.join("dog/folder.png")).unwrap();
    let folder = ImageFolder::open(&dir.0, Decoder::grey([4, 4])).unwrap();
    assert_eq!((folder.len(), folder.classes(), folder.shape()), (4, 2, [1, 4, 4]));
    assert_eq!((folder.class_name(0), folder.class_name(1)), ("cat".into(), "dog".into()));
    let file = |i| folder.path(i).unwrap().strip_prefix(&dir.0).unwrap();
    let files: Vec<&Path> = (0..4).map(file).collect();
    assert_eq!(files, ["cat/10.png", "cat/z.jpeg", "dog/a.JPG", "dog/b.png"].map(Path::new));
    assert_eq!(folder.path(4), None);

    let dev = AutoDevice::default();
    let batch = Loader::new(folder).batch_size(4).epoch(0).next().unwrap().unwrap();
    assert_eq!(batch.labels, [0, 0, 1, 1]);
    let images = batch.images::<1, 4, 4, f32, _>(&dev).unwrap().as_vec();
    for (image, grey) in images.chunks(16).zip([10.0, 20.0, 30.0, 40.0]) {
        assert!(image.iter().all(|p| (p * 255.0 - grey).abs() < 1.01), "{grey}: {image:?}");
    }
}

#[test]
fn one_picture_goes_to_a_network() {
    let dir = Dir::new("image-one");
    let file = dir.write("cat.png", &png(plain(30, 20, [255, 0, 51])));
    let pixels = Decoder::rgb([2, 3]).read(file).unwrap();
    let dev = AutoDevice::default();
    let image: Tensor<Rank3<3, 2, 3>, f32, _> =
        Normalize::<3>::UNIT.image(&dev, &pixels, (Const, Const)).unwrap();
    assert_eq!(image.as_vec(), [[1.0; 6], [0.0; 6], [0.2; 6]].concat());
}

#[test]
fn folders_without_pictures_are_named() {
    let dir = Dir::new("image-empty");
    let open = || ImageFolder::open(&dir.0, Decoder::rgb([4, 4])).unwrap_err().to_string();
    let path = dir.0.display();
    dir.write("loose.png", &png(picture()));
    assert_eq!(open(), format!("{path}: no folder in it; there should be one for each class"));
    write_folder(&dir);
    dir.write("bird/notes.txt", b"no picture");
    assert_eq!(
        open(),
        format!(
            "{}: no .png, .jpg or .jpeg file in this class's folder",
            dir.0.join("bird").display()
        )
    );
    let nowhere = ImageFolder::open(dir.0.join("nowhere"), Decoder::rgb([4, 4])).unwrap_err();
    assert!(matches!(nowhere, Error::Io { .. }) && nowhere.to_string().contains("nowhere"));
    for size in [[0, 4], [4, 40_000], [usize::MAX, usize::MAX]] {
        let error = ImageFolder::open(&dir.0, Decoder::rgb(size)).unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
    }
}

#[test]
fn broken_pictures_are_named_and_the_others_go_on() {
    let dir = Dir::new("image-broken");
    write_folder(&dir);
    let good = png(picture());
    dir.write("dog/b.png", &good[..good.len() / 2]);
    dir.write("dog/c.png", b"GIF89a, in disguise");
    dir.write("dog/d.png", b"");
    let folder = ImageFolder::open(&dir.0, Decoder::rgb([4, 4])).unwrap();
    let results: Vec<_> = Loader::new(folder).epoch(0).collect();
    let files = ["b.png", "c.png", "d.png"];
    assert!(results[..3].iter().all(Result::is_ok));
    for (result, file) in results[3..].iter().zip(files) {
        let error = result.as_ref().unwrap_err();
        assert!(matches!(error, Error::Unreadable { .. }), "{error}");
        let start = format!("{}: ", dir.0.join("dog").join(file).display());
        assert!(error.to_string().starts_with(&start), "{error}");
    }
}

/// A PNG file of a single header, which promises so many pixels.
fn promising(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(plain(1, 1, [0; 3]));
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    bytes
}

#[test]
fn pictures_that_would_take_too_much_memory_are_refused() {
    let dir = Dir::new("image-bomb");
    let decoder = Decoder::rgb([4, 4]);
    for (width, height) in [(u32::MAX >> 1, 1), (1, 40_000), (32_000, 32_000)] {
        let file = dir.write("bomb.png", &promising(width, height));
        let error = decoder.read(&file).unwrap_err();
        assert!(matches!(error, Error::Unreadable { .. }), "{error}");
        let message = error.to_string();
        assert!(message.contains("bomb.png") && message.contains("imit"), "{message}");
    }
    // A small file whose scaled picture would be enormous, before most of it is cut away.
    let file = dir.write("thin.png", &png(plain(1, 20_000, [0; 3])));
    let message = Decoder::rgb([2000, 2000]).read(file).unwrap_err().to_string();
    assert!(
        message.contains("thin.png: a picture of 20000×1 pixels cannot be scaled"),
        "{message}"
    );
}

#[test]
fn damaged_pictures_are_read_or_refused() {
    let dir = Dir::new("image-damaged");
    let mut rng = StdRng::seed_from_u64(6);
    let noise = RgbImage::from_fn(24, 20, |_, _| image::Rgb(rng.r#gen()));
    for (format, file) in [(ImageFormat::Png, "damaged.png"), (ImageFormat::Jpeg, "damaged.jpg")] {
        let original = encoded(noise.clone(), format);
        let mut refused = 0;
        for _ in 0..3000 {
            let path = dir.write(file, &mutated(&original, &mut rng));
            match Decoder::rgb([5, 5]).read(path) {
                Ok(pixels) => assert_eq!(pixels.len(), 75),
                Err(error) => {
                    assert!(error.to_string().contains(file), "{error}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 1000, "only {refused} of 3000 damaged files were noticed");
    }
}
