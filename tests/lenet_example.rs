//! Runs the LeNet example as a user does.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use shapewright::data::Digits;

/// The example's binary, built in this test's own profile and target directory.
static BINARY: LazyLock<PathBuf> = LazyLock::new(|| {
    // This test is <target>/<profile>/deps/lenet_example-<hash>.
    let test = std::env::current_exe().unwrap();
    let profile_dir = test.ancestors().nth(2).unwrap();
    let profile = match profile_dir.file_name().unwrap().to_str().unwrap() {
        "debug" => "dev",
        other => other,
    };
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--example", "lenet", "--profile", profile, "--target-dir"])
        .arg(profile_dir.parent().unwrap())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(status.success(), "the example does not build");
    profile_dir.join("examples").join(format!("lenet{}", std::env::consts::EXE_SUFFIX))
});

fn lenet(args: &[&str]) -> Output {
    Command::new(&*BINARY).args(args).output().unwrap()
}

/// What a run prints that should succeed.
fn stdout(args: &[&str]) -> String {
    let output = lenet(args);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{args:?}: {stderr}");
    assert_eq!(stderr, "", "no progress bar where there is no terminal");
    String::from_utf8(output.stdout).unwrap()
}

/// What a run says that should fail: by an exit code, not by a panic.
fn failure(args: &[&str]) -> String {
    let output = lenet(args);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(matches!(output.status.code(), Some(1 | 2)), "{args:?}: {}: {stderr}", output.status);
    assert!(!stderr.contains("panicked"), "{args:?}: {stderr}");
    stderr
}

/// The line `test accuracy: …`.
fn accuracy(stdout: &str) -> &str {
    let line = stdout.lines().find(|line| line.starts_with("test accuracy: "));
    line.unwrap_or_else(|| panic!("no accuracy in:\n{stdout}"))
}

/// A directory of its own for a test, removed at the end.
struct Dir(PathBuf);

impl Dir {
    fn new(test: &str) -> Self {
        let name = format!("shapewright-lenet-{test}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
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
    let dir = Dir::new("short");
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
    let dir = Dir::new("files");
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
    let dir = Dir::new("bad-files");
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
    let dir = Dir::new("bad-options");
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
    let dir = Dir::new("diverges");
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
