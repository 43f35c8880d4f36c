//! `SHAPEWRIGHT_EXPAND`: the generated code of all networks of a build in a directory.

#[path = "common/program.rs"]
#[allow(dead_code, reason = "nothing is run here")]
mod program;

use program::Dir;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Builds the example in this test's own target directory, as `Program` does.
fn build(dir: &Path) -> (bool, String) {
    let test = std::env::current_exe().unwrap();
    let profile_dir = test.ancestors().nth(2).unwrap();
    let profile = match profile_dir.file_name().unwrap().to_str().unwrap() {
        "debug" => "dev",
        other => other,
    };
    let output = Command::new(env!("CARGO"))
        .args(["build", "--example", "own_layer", "--profile", profile, "--target-dir"])
        .arg(profile_dir.parent().unwrap())
        .args(if cfg!(feature = "cuda") { &["--features", "cuda"][..] } else { &[] })
        .env("SHAPEWRIGHT_EXPAND", dir)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn every_network_of_a_build_goes_into_the_directory() {
    let dir = Dir::new("expand");
    let [first, second] = ["first", "second/deeper"].map(|name| dir.0.join(name));
    let (built, stderr) = build(&first);
    assert!(built, "{stderr}");
    let files = |dir: &Path| {
        let files = fs::read_dir(dir.join("own_layer")).unwrap();
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        files
    };
    let texts =
        |dir: &Path| files(dir).iter().map(fs::read_to_string).map(Result::unwrap).collect();
    let written: Vec<String> = texts(&first);
    assert!(!written.is_empty());
    for text in &written {
        assert!(text.starts_with("// What `net!` of shapewright "), "{text}");
        assert!(text.contains("\npub struct ") || text.contains("\nstruct "), "{text}");
    }

    // Cargo notices that the variable has changed, and the text is the same.
    let (built, stderr) = build(&second);
    assert!(built, "{stderr}");
    assert_eq!(texts(&second), written);

    // What is there already is not written again, though the compiler runs.
    let modified = |dir: &Path| -> Vec<_> {
        files(dir).iter().map(|file| file.metadata().unwrap().modified().unwrap()).collect()
    };
    let before = modified(&first);
    let (built, stderr) = build(&first);
    assert!(built && stderr.contains("Compiling shapewright"), "{stderr}");
    assert_eq!(modified(&first), before);

    // A file where the directory should be.
    let (built, stderr) = build(&files(&first)[0]);
    assert!(!built && stderr.contains("(for `SHAPEWRIGHT_EXPAND`): "), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
}
