//! The tutorials. They check their own numbers; here it is that they print them, and that each
//! picture they announce is one.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::BufReader;

use crate::program::{Dir, Program};

/// A test for each program: its name, its arguments, and words that it is to print.
macro_rules! programs {
    ($($name:ident: $args:expr, $words:expr;)*) => {$(
        #[test]
        fn $name() {
            runs_and_draws(stringify!($name), &$args, &$words);
        }
    )*};
}

programs! {
    arithmetic: [], ["conv.gif\n", "conv_transpose.gif\n", "dilated.png\n", "lenet.png\n"];
    conv2d_inside: [], ["together 260 parameters", "becomes [128, 10, 24, 24]", ", by hand 0."];
    cross_correlation: [], ["  37  43\n", "  21  37  43  16\n", "step 20  loss 0.000\n", "-1\n"];
    filters: [], ["   -6   -4   -6  -32\n", "red 30, green 180, blue 30", "over all channels: 240"];
    cifar10: ["--short", "--device=cpu"], ["epoch 2/2  ", "\nLeNet   ", "\nResNet8 "];
    lenet5: ["--short"], ["conv2  [40, 20, 10, 10]\n", "the sum is 1.000,", "\ntest accuracy: "];
    mlp_vs_cnn: ["--short"], ["ConvNet has 1.08 times", "11.3 MiB for a batch of 64", "\nFCNet   "];
    pooling_and_upsampling: [], ["  8  6  9\n", "     20  26.25  38.75     45\n", "  2  2  8  8\n"];
    unet: ["--short"], ["  triangle  IoU ", "; of nothing but background 0.20"];
}

#[test]
fn a_place_that_takes_no_pictures_is_named() {
    let dir = Dir::new("no-pictures");
    let file = dir.path("file");
    fs::write(&file, "in the way").unwrap();
    let error = Program::build("filters").failure(&["--out", &file]);
    assert!(error.contains(&file), "{file} is not in:\n{error}");
}

#[test]
fn a_layer_of_ones_own_learns() {
    let stdout = Program::build("own_layer").stdout(&[]);
    let after = |name: &str| -> Vec<f32> {
        let parts = stdout.split(name).skip(1);
        parts.map(|rest| rest.split_whitespace().next().unwrap().parse().unwrap()).collect()
    };
    let (losses, scales) = (after("loss "), after("mean of the first scale "));
    assert_eq!((losses.len(), scales[0]), (4, 0.1), "{stdout}");
    assert!(losses[3] < losses[0] - 0.2 && scales[3] != scales[0], "{stdout}");
}

fn runs_and_draws(name: &str, args: &[&str], words: &[&str]) {
    let dir = Dir::new(name);
    // A directory that is not there yet, as `target/pictures` in the default.
    let out = dir.path("new/pictures");
    let stdout = Program::build(name).stdout(&[args, &["--out", &out]].concat());
    for word in words {
        assert!(stdout.contains(word), "{word:?} is not in:\n{stdout}");
    }
    let pictures: Vec<&str> =
        stdout.lines().filter_map(|line| line.strip_prefix("picture: ")).collect();
    assert!(!pictures.is_empty(), "no picture in:\n{stdout}");
    for picture in pictures {
        assert!(picture.starts_with(&out), "{picture} is not in {out}");
        if picture.ends_with(".gif") {
            assert_animation(picture);
        } else {
            assert_picture(picture);
        }
    }
}

/// That a file is a GIF of a size that one can look at, with more than one frame.
fn assert_animation(file: &str) {
    let mut decoder = gif::DecodeOptions::new().read_info(File::open(file).unwrap()).unwrap();
    for side in [decoder.width(), decoder.height()] {
        assert!((100..=4096).contains(&side), "{file}: {} × {}", decoder.width(), decoder.height());
    }
    let mut frames = 0;
    while decoder.next_frame_info().unwrap().is_some() {
        frames += 1;
    }
    assert!(frames > 1, "{file}: {frames} frames");
}

/// That a file is a PNG of a size that one can look at, and not of one colour.
fn assert_picture(file: &str) {
    let mut reader =
        png::Decoder::new(BufReader::new(File::open(file).unwrap())).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    for side in [info.width, info.height] {
        assert!((100..=4096).contains(&side), "{file}: {} × {}", info.width, info.height);
    }
    let bytes = info.color_type.samples() * info.bit_depth as usize / 8;
    let colors: HashSet<&[u8]> = pixels[..info.buffer_size()].chunks(bytes).collect();
    assert!(colors.len() > 8, "{file}: {} colours", colors.len());
}
