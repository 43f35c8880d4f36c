//! Runs the LeNet example as a user does.
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use crate::program::{Dir, Program};
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

/// Where a training writes, instead of to the project's target directory.
fn files(dir: &Dir) -> [String; 6] {
    // In a directory that is not there yet, as `target` in the default.
    let (weights, checkpoint) = (dir.path("new/net.safetensors"), dir.path("new/checkpoint"));
    let option = |name: &str| format!("--{name}");
    let pictures = dir.path("pictures");
    [option("weights"), weights, option("checkpoint"), checkpoint, option("out"), pictures]
}

fn train(dir: &Dir, args: &[&str]) -> String {
    let files = files(dir);
    let files = files.iter().map(String::as_str);
    stdout(&args.iter().copied().chain(files).collect::<Vec<_>>())
}

#[test]
fn a_short_training_saves_weights_that_measure_the_same() {
    let dir = Dir::new("lenet-short");
    let options = ["--epochs=2", "--train-size=1000", "--test-size=200", "--batch=32"];
    let more = ["--threads=2", "--seed=3", "--schedule=one-cycle", "--shift=1"];
    let trained = train(&dir, &[&options[..], &more[..]].concat());
    assert!(trained.contains("LeNet: [1, 28, 28] -> [10]"), "{trained}");
    assert!(trained.contains("\nepoch 2/2  train loss "), "{trained}");
    assert!(trained.contains("\ntraining time: "), "{trained}");
    assert!(trained.contains("\nlabel \\ said   0"), "{trained}");
    let percent: f64 =
        accuracy(&trained)["test accuracy: ".len()..].replace(" %", "").parse().unwrap();
    assert!(percent > 40.0, "nothing was learned:\n{trained}");

    let evaluated = stdout(&["--evaluate", &dir.path("new/net.safetensors"), "--test-size=200"]);
    assert_eq!(accuracy(&evaluated), accuracy(&trained));
}

#[test]
fn a_resumed_training_is_as_one_in_a_piece() {
    let options = ["--train-size=300", "--test-size=50", "--threads=2", "--schedule=constant"];
    let run = |dir: &Dir, more: &[&str]| {
        let log = dir.path("log.csv");
        let log = ["--log", &log, "--log-every=2"];
        train(dir, &[&options[..], &log[..], more].concat());
        let log = fs::read_to_string(log[1]).unwrap();
        // All columns but the last, the seconds.
        let lines = log.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned());
        lines.collect::<Vec<_>>()
    };
    let (whole, parts) = (Dir::new("lenet-whole"), Dir::new("lenet-parts"));
    let expected = run(&whole, &["--epochs=3"]);
    // The header, and of each epoch two steps of five and the epoch.
    assert_eq!(expected.len(), 1 + 7 + 3, "{expected:#?}");
    run(&parts, &["--epochs=1"]);
    assert_eq!(run(&parts, &["--epochs=3", "--resume"]), expected);

    let missing = Dir::new("lenet-missing");
    let [_, weights, _, checkpoint, ..] = files(&missing);
    let error = failure(&["--resume", "--weights", &weights, "--checkpoint", &checkpoint]);
    assert!(error.contains(&format!("{checkpoint}: No such file")), "{error}");
}

#[test]
fn mnists_files_can_be_used_instead() {
    let dir = Dir::new("lenet-files");
    write_mnist(&dir.0, 70, 30);
    let data = dir.path("");
    let trained = train(&dir, &["--data", &data, "--epochs=1"]);
    assert!(trained.contains("70 training images"), "{trained}");
    let weights = dir.path("new/net.safetensors");
    let evaluated = stdout(&["--data", &data, "--evaluate", &weights]);
    assert_eq!(accuracy(&evaluated), accuracy(&trained));
}

#[test]
fn a_bad_file_is_named_with_byte_and_reason() {
    let dir = Dir::new("lenet-bad-files");
    let data = dir.path("");
    let [_, weights, _, checkpoint, ..] = files(&dir);
    let train = ["--data", &data, "--weights", &weights, "--checkpoint", &checkpoint];
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
    assert!(!Path::new(&weights).exists(), "a failed run must save nothing");

    let error = failure(&["--evaluate", &images]);
    assert!(error.contains("train-images-idx3-ubyte: not a whole safetensors file"), "{error}");
}

#[test]
fn bad_options_are_refused_in_words() {
    let dir = Dir::new("lenet-bad-options");
    let files = files(&dir);
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
        (&["--schedule=steep"], "possible values: constant, linear, cosine, one-cycle, warm-up"),
        (&["--shift=28"], "28 is not in 0..=27"),
        (&["--log-every=1"], "--log <FILE>"),
        (&["--download"], "--data <DIR>"),
        (&["--data=/nowhere/at/all"], "/nowhere/at/all: "),
        (&["--evaluate=/nowhere/at/all"], "/nowhere/at/all: "),
        (&["--evaluate=x", "--epochs=3"], "cannot be used with"),
        (&["--checkpoint=/"], "/: not a file that can be written"),
    ] {
        let mut args = args.to_vec();
        // Not into the project's own target directory, should a run begin.
        if !args.iter().any(|a| a.starts_with("--checkpoint") || a.starts_with("--evaluate")) {
            args.extend(files.iter().map(String::as_str));
        }
        let error = failure(&args);
        assert!(error.contains(words), "{args:?}: {words:?} is not in:\n{error}");
    }
}

#[test]
fn a_training_that_diverges_says_so() {
    let dir = Dir::new("lenet-diverges");
    let files = files(&dir);
    let mut args = vec!["--lr=1e30", "--epochs=2", "--train-size=300", "--test-size=10"];
    args.extend(files.iter().map(String::as_str));
    let error = failure(&args);
    assert!(error.contains("try a smaller learning rate than"), "{error}");
}

#[test]
fn help_lists_every_option() {
    let help = stdout(&["--help"]);
    for option in [
        "--data",
        "--evaluate",
        "--weights",
        "--checkpoint",
        "--resume",
        "--schedule",
        "--log",
        "--epochs",
        "--batch",
        "--lr",
        "--seed",
        "--threads",
    ] {
        assert!(help.contains(option), "{option} is not in:\n{help}");
    }
}
