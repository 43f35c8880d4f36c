//! Runs the fully convolutional example as a user does.
use std::fs;
use std::sync::LazyLock;

use crate::program::{Dir, Program};

static FULLY_CONV: LazyLock<Program> = LazyLock::new(|| Program::build("fully_conv"));

/// Width and height of a PNG file, from its header.
fn png_size(file: &str) -> (u32, u32) {
    let bytes = fs::read(file).unwrap();
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn a_short_training_finds_digits_and_draws_them() {
    let dir = Dir::new("fully-conv-short");
    // A directory that is not there yet, as `target/pictures` in the default.
    let out = dir.path("new/pictures");
    let stdout = FULLY_CONV.stdout(&[
        "--steps=300",
        "--batch=32",
        "--threads=2",
        "--seed=1",
        "--height=70",
        "--width=101",
        "--out",
        &out,
    ]);
    let difference = stdout.lines().find_map(|l| l.split_once("scores differ by ")).unwrap().1;
    assert!(difference.parse::<f32>().unwrap() < 1e-4, "{stdout}");
    assert!(stdout.contains("\nscene of 64 × 160, map of 9 × 33\n"), "{stdout}");
    assert!(stdout.contains("\nscene of 70 × 101, map of 10 × 18\n"), "{stdout}");
    // Some are found even after so few steps.
    let counts: Vec<(&str, &str)> = stdout
        .lines()
        .filter_map(|l| l.strip_suffix(" digits found")?.split_once(" of "))
        .collect();
    assert_eq!(counts.len(), 2);
    assert!(counts.iter().any(|(found, _)| *found != "0"), "{stdout}");

    let (width, height) = png_size(&format!("{out}/known_size.png"));
    assert!(width > 900 && height > 3 * 64 * 6, "{width} × {height}");
    let (width, height) = png_size(&format!("{out}/any_size.png"));
    assert!(width > 900 && height > 3 * 70 * 9, "{width} × {height}");
}

#[test]
fn bad_options_are_refused_in_words() {
    let dir = Dir::new("fully-conv-bad-options");
    let file = dir.path("file");
    fs::write(&file, "in the way").unwrap();
    let below_a_file = dir.path("file/pictures");
    for (args, words) in [
        (&["--steps=0"][..], "0 is not in 1.."),
        (&["--batch=0"], "0 is not in 1.."),
        (&["--lr=NaN"], "above zero"),
        (&["--threads=0"], "0 is not in 1.."),
        (&["--seed=-1"], "invalid digit"),
        (&["--height=0"], "0 is not in 1.."),
        (&["--width=100000"], "100000 is not in 1..=2048"),
        (&["--width=wide"], "invalid digit"),
        (&["--speed=9"], "unexpected argument"),
        (&["--out", &file], "/file: "),
        (&["--out", &below_a_file], "/file/pictures: "),
    ] {
        let error = FULLY_CONV.failure(args);
        assert!(error.contains(words), "{args:?}: {words:?} is not in:\n{error}");
    }
}

#[test]
fn a_scene_too_small_for_the_network_is_refused_before_the_training() {
    let dir = Dir::new("fully-conv-too-small");
    let out = dir.path("pictures");
    for (size, words) in [
        (["--height=31", "--width=100"], "reaches over 5 rows, but its input has 4"),
        (["--height=100", "--width=3"], "reaches over 5 columns, but its input has 3"),
    ] {
        let error = FULLY_CONV.failure(&[&size[..], &["--out", &out]].concat());
        assert!(error.contains(words), "{size:?}: {words:?} is not in:\n{error}");
    }
    assert!(!fs::exists(&out).unwrap(), "a failed run must leave nothing");
}

#[test]
fn a_training_that_diverges_says_so() {
    let dir = Dir::new("fully-conv-diverges");
    let error =
        FULLY_CONV.failure(&["--lr=1e30", "--steps=30", "--batch=8", "--out", &dir.path("")]);
    assert!(error.contains("try a smaller learning rate"), "{error}");
}

#[test]
fn help_lists_every_option() {
    let help = FULLY_CONV.stdout(&["--help"]);
    for option in
        ["--height", "--width", "--out", "--steps", "--batch", "--lr", "--seed", "--threads"]
    {
        assert!(help.contains(option), "{option} is not in:\n{help}");
    }
}
