//! Runs the ResNet-18 example as a user does.
use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use crate::program::{Dir, Program};
use safetensors::SafeTensors;

static RESNET18: LazyLock<Program> = LazyLock::new(|| Program::build("resnet18"));

const SHORT: [&str; 5] =
    ["--epochs=2", "--train-size=12", "--batch=4", "--test-size=30", "--threads=2"];

/// The line `test accuracy: …`.
fn accuracy(stdout: &str) -> &str {
    let line = stdout.lines().find(|line| line.starts_with("test accuracy: "));
    line.unwrap_or_else(|| panic!("no accuracy in:\n{stdout}"))
}

/// The tensors of torchvision's `resnet18(num_classes=10)` but the counters of its batch norms.
fn torchvision() -> BTreeMap<String, Vec<usize>> {
    let mut tensors = BTreeMap::new();
    let mut conv = |name: String, norm: String, shape: [usize; 4]| {
        tensors.insert(format!("{name}.weight"), shape.to_vec());
        for tensor in ["weight", "bias", "running_mean", "running_var"] {
            tensors.insert(format!("{norm}.{tensor}"), vec![shape[0]]);
        }
    };
    conv("conv1".to_owned(), "bn1".to_owned(), [64, 3, 7, 7]);
    let mut channels = 64;
    for (layer, out) in [(1, 64), (2, 128), (3, 256), (4, 512)] {
        for block in 0..2 {
            let name = format!("layer{layer}.{block}");
            conv(format!("{name}.conv1"), format!("{name}.bn1"), [out, channels, 3, 3]);
            conv(format!("{name}.conv2"), format!("{name}.bn2"), [out, out, 3, 3]);
            if channels != out {
                let name = format!("{name}.downsample");
                conv(format!("{name}.0"), format!("{name}.1"), [out, channels, 1, 1]);
            }
            channels = out;
        }
    }
    tensors.insert("fc.weight".to_owned(), vec![10, 512]);
    tensors.insert("fc.bias".to_owned(), vec![10]);
    tensors
}

#[test]
fn a_short_training_saves_torchvisions_tensors_which_measure_the_same() {
    let dir = Dir::new("resnet18-short");
    // In a directory that is not there yet.
    let file = dir.path("new/resnet18.safetensors");
    let out = dir.path("pictures");
    let trained = RESNET18.stdout(&[&SHORT[..], &["--save", &file, "--out", &out]].concat());
    assert!(trained.contains("ResNet18: [3, 224, 224] -> [1000]"), "{trained}");
    assert!(trained.contains(" 11 689 512 "), "{trained}");
    assert!(trained.contains("\none image of 224 × 224: "), "{trained}");
    assert!(trained.contains("\nepoch 2/2  train loss "), "{trained}");

    let bytes = fs::read(&file).unwrap();
    let saved = SafeTensors::deserialize(&bytes).unwrap();
    let saved = saved.tensors().into_iter().map(|(name, t)| (name, t.shape().to_vec()));
    assert_eq!(saved.collect::<BTreeMap<_, _>>(), torchvision());

    let loaded = RESNET18.stdout(&["--load", &file, "--epochs=0", "--test-size=30", "--out", &out]);
    assert_eq!(accuracy(&loaded), accuracy(&trained));
    assert!(!loaded.contains("\nepoch "), "{loaded}");
}

#[test]
fn bad_options_are_refused_in_words() {
    let dir = Dir::new("resnet18-bad-options");
    let garbage = dir.path("garbage.safetensors");
    fs::write(&garbage, "GIF89a").unwrap();
    let below_a_file = dir.path("garbage.safetensors/net.safetensors");
    for (args, words) in [
        (&["--epochs=many"][..], "invalid digit"),
        (&["--batch=1"], "1 is not in 2.."),
        (&["--lr=0"], "above zero"),
        (&["--threads=0"], "0 is not in 1.."),
        (&["--test-size=0"], "0 is not in 1.."),
        (&["--seed=-1"], "invalid digit"),
        (&["--speed=9"], "unexpected argument"),
        (&["--load=/nowhere/at/all"], "/nowhere/at/all: "),
        (&["--load", &garbage], "garbage.safetensors: not a whole safetensors file"),
        (&["--out", &below_a_file], "garbage.safetensors/net.safetensors: "),
        (&["--save=/"], "/: not a file that can be written"),
        (&["--save", &below_a_file], "garbage.safetensors: "),
    ] {
        let error = RESNET18.failure(args);
        assert!(error.contains(words), "{args:?}: {words:?} is not in:\n{error}");
    }
}

#[test]
fn a_training_that_diverges_says_so() {
    let dir = Dir::new("resnet18-diverges");
    let out = dir.path("pictures");
    let error = RESNET18.failure(&[&SHORT[..], &["--lr=1e30", "--out", &out]].concat());
    assert!(error.contains("try a smaller learning rate"), "{error}");
}

#[test]
fn help_lists_every_option() {
    let help = RESNET18.stdout(&["--help"]);
    for option in [
        "--epochs",
        "--train-size",
        "--batch",
        "--lr",
        "--seed",
        "--threads",
        "--test-size",
        "--load",
        "--save",
    ] {
        assert!(help.contains(option), "{option} is not in:\n{help}");
    }
}
