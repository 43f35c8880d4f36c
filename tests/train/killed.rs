//! A process that is killed at random moments, again and again.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;
use std::{env, fs};

use rand::{Rng, SeedableRng, rngs::StdRng};
use shapewright::weights::StateDict;

use crate::network::{Dir, Source, lines, test_set, training};

/// Tells the test below where to work, in a process of its own.
const DIR: &str = "SHAPEWRIGHT_TEST_TRAIN_IN";

/// After each epoch, so that a process is likely to be killed in the midst of its work.
const PAUSE: Duration = Duration::from_millis(3);

fn files(dir: &Path) -> [PathBuf; 3] {
    ["checkpoint.safetensors", "log.jsonl", "best.safetensors"].map(|name| dir.join(name))
}

/// Does nothing, unless it is told where to work: then it trains to the end, from the checkpoint on
/// if there is one.
#[test]
fn train_in_a_process_of_its_own() {
    let Some(dir) = env::var_os(DIR) else { return };
    let [checkpoint, log, best] = files(Path::new(&dir));
    let mut trainer = training(u64::from(std::process::id()))
        .epochs(30)
        .log(log)
        .checkpoint(&checkpoint)
        .checkpoint_every(1)
        .best_weights(best)
        .on_epoch(|_| {
            thread::sleep(PAUSE);
            Ok(())
        });
    if checkpoint.exists() {
        trainer.resume(&checkpoint).unwrap();
    }
    trainer.fit(&Source, &test_set()).unwrap();
}

fn start(dir: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "killed::train_in_a_process_of_its_own", "--test-threads=1"])
        .env(DIR, dir)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

#[test]
fn a_training_that_is_killed_goes_on_as_if_it_had_not_been() {
    let (calm, wild) = (Dir::new("calm"), Dir::new("wild"));
    let (calm, wild) = (calm.path(""), wild.path(""));
    assert!(start(&calm).wait().unwrap().success());

    let mut rng = StdRng::seed_from_u64(5);
    let [checkpoint, log, _] = files(&wild);
    let length = || fs::metadata(&log).map_or(0, |log| log.len());
    let (mut kills, mut done) = (0, false);
    while !done {
        let mut child = start(&wild);
        // After some more lines of the log, and then at any moment of a step.
        let (target, delay) = (length() + rng.gen_range(0..3000), rng.gen_range(0..4000));
        done = loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success());
                break true;
            }
            if length() >= target {
                thread::sleep(Duration::from_micros(delay));
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
                break false;
            }
            thread::sleep(Duration::from_micros(100));
        };
        if checkpoint.exists() {
            StateDict::read_safetensors(&checkpoint).expect("a whole checkpoint at any moment");
        }
    }
    assert!(kills >= 10, "{kills} kills");
    let ([a, log, best], [b, other_log, other_best]) = (files(&calm), files(&wild));
    println!("{kills} kills");
    // Nothing half-written is left.
    assert_eq!(fs::read_dir(&wild).unwrap().count(), 3);
    assert_eq!(lines(&log), lines(&other_log));
    let read = |path: &Path| StateDict::read_safetensors(path).unwrap();
    assert_eq!(read(&best), read(&other_best));
    // All but the metadata, which has the times.
    assert!(read(&a).iter().eq(read(&b).iter()));
}
