//! Runs the LeNet example as a user does.
#[path = "common/program.rs"]
mod program;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use program::{Dir, Program};
use shapewright::data::Digits;

static LENET: LazyLock<Program> = LazyLock::new(|| Program::build("lenet"));

fn stdout(args: &[&str]) -> String {
    LENET.stdout(args)
}

fn failure(args: &[&str]) -> String {
    LENET.failure(args)
}

/// The line `test accuracy: …`.
fn accuracy(stdout: &str) -> &str {
    let line = stdout.lines().find(|line| line.starts_with("test accuracy: "));
    line.unwrap_or_else(|| panic!("no accuracy in:\n{stdout}"))
}

/// Writes MNIST's four files with drawn digits.
fn write_mnist(dir: &Path, train: usize, test: usize) {
    for (part, images) in [("train", Digits::draw(train, 5)), ("t10k", Digits::draw(test, 6))] {
        let count = (images.len() as u32).to_be_bytes();
        let size = 28u32.to_be_bytes();
        let pixels = [&[0, 0, 8, 3], &count, &size, &size, images.pixels()].concat();
        let labels = [&[0, 0, 8, 1], &count, images.labels()].concat();
        fs::write(dir.join(format!("{part}-images-idx3-ubyte")), pixels).unwrap();
        fs::write(dir.join(format!("{part}-labels-idx1-ubyte")), labels).unwrap();
    }
}

#[test]
fn a_short_training_saves_a_checkpoint_that_measures_the_same() {
    let dir = Dir::new("lenet-short");
    // In a directory that is not there yet, as `target` in the default.
    let checkpoint = dir.path("new/lenet.safetensors");
    let trained = stdout(&[
        "--epochs=2",
        "--train-size=1000",
        "--test-size=200",
        "--batch=32",
        "--threads=2",
        "--seed=3",
        "--checkpoint",
        &checkpoint,
    ]);
    assert!(trained.contains("LeNet: [1, 28, 28] -> [10]"), "{trained}");
    assert!(trained.contains("\nepoch 2/2  loss "), "{trained}");
    assert!(trained.contains("\ntraining time: "), "{trained}");
    let percent: f64 =
        accuracy(&trained)["test accuracy: ".len()..].replace(" %", "").parse().unwrap();
    assert!(percent > 40.0, "nothing was learned:\n{trained}");

    let evaluated = stdout(&["--evaluate", &checkpoint, "--test-size=200"]);
    assert_eq!(accuracy(&evaluated), accuracy(&trained));
}

#[test]
fn mnists_files_can_be_used_instead() {
    let dir = Dir::new("lenet-files");
    write_mnist(&dir.0, 70, 30);
    let data = dir.path("");
    let checkpoint = dir.path("net.safetensors");
    let trained = stdout(&["--data", &data, "--epochs=1", "--checkpoint", &checkpoint]);
    assert!(trained.contains("70 training images"), "{trained}");
    let evaluated = stdout(&["--data", &data, "--evaluate", &checkpoint]);
    assert_eq!(accuracy(&evaluated), accuracy(&trained));
}

#[test]
fn a_bad_file_is_named_with_byte_and_reason() {
    let dir = Dir::new("lenet-bad-files");
    let (data, checkpoint) = (dir.path(""), dir.path("net.safetensors"));
    let train = ["--data", &data, "--checkpoint", &checkpoint];
    assert!(failure(&train).contains("train-images-idx3-ubyte.gz"));

    write_mnist(&dir.0, 20, 10);
    let images = dir.path("train-images-idx3-ubyte");
    let bytes = fs::read(&images).unwrap();
    fs::write(&images, &bytes[..1000]).unwrap();
    let error = failure(&train);
    assert!(error.contains("train-images-idx3-ubyte: byte 1000: the data ends here"), "{error}");

    fs::write(&images, b"GIF89a").unwrap();
    let error = failure(&train);
    assert!(error.contains("train-images-idx3-ubyte: byte 0: not an IDX file"), "{error}");

    write_mnist(&dir.0, 0, 10);
    assert!(failure(&train).contains("hold no images"));
    assert!(!Path::new(&checkpoint).exists(), "a failed run must save nothing");

    let error = failure(&["--evaluate", &images]);
    assert!(error.contains("train-images-idx3-ubyte: not a whole safetensors file"), "{error}");
}

#[test]
fn bad_options_are_refused_in_words() {
    let dir = Dir::new("lenet-bad-options");
    let checkpoint = dir.path("net.safetensors");
    for (args, words) in [
        (&["--epochs=0"][..], "0 is not in 1.."),
        (&["--batch=0"], "0 is not in 1.."),
        (&["--batch=many"], "invalid digit"),
        (&["--lr=NaN"], "above zero"),
        (&["--lr=-0.1"], "above zero"),
        (&["--lr=0"], "above zero"),
        (&["--lr=inf"], "above zero"),
        (&["--lr=fast"], "not a number"),
        (&["--seed=-1"], "invalid digit"),
        (&["--threads=0"], "0 is not in 1.."),
        (&["--train-size=0"], "0 is not in 1.."),
        (&["--test-size=99999999999999999999"], "number too large"),
        (&["--speed=9"], "unexpected argument"),
        (&["--data=/nowhere/at/all"], "/nowhere/at/all: "),
        (&["--evaluate=/nowhere/at/all"], "/nowhere/at/all: "),
        (&["--evaluate=x", "--epochs=3"], "cannot be used with"),
        (&["--checkpoint=/"], "/: the checkpoint must be a file"),
    ] {
        let mut args = args.to_vec();
        // Not into the project's own target directory, should a run begin.
        if !args.iter().any(|a| a.starts_with("--checkpoint") || a.starts_with("--evaluate")) {
            args.extend(["--checkpoint", &checkpoint]);
        }
        let error = failure(&args);
        assert!(error.contains(words), "{args:?}: {words:?} is not in:\n{error}");
    }
}

#[test]
fn a_training_that_diverges_says_so() {
    let dir = Dir::new("lenet-diverges");
    let checkpoint = dir.path("net.safetensors");
    let error = failure(&[
        "--lr=1e30",
        "--epochs=2",
        "--train-size=300",
        "--test-size=10",
        "--checkpoint",
        &checkpoint,
    ]);
    assert!(error.contains("try a smaller --lr"), "{error}");
}

#[test]
fn help_lists_every_option() {
    let help = stdout(&["--help"]);
    for option in [
        "--data",
        "--evaluate",
        "--checkpoint",
        "--epochs",
        "--batch",
        "--lr",
        "--seed",
        "--threads",
    ] {
        assert!(help.contains(option), "{option} is not in:\n{help}");
    }
}
