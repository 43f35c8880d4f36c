//! What the example programs share: a main function's end, options, a progress bar, accuracies.

// Each example is a crate of its own and uses only some of these.
#![allow(dead_code)]

pub mod options;

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use shapewright::plot::Figure;

/// Where a program's pictures go.
#[derive(Args)]
pub struct Pictures {
    /// Where to write the pictures
    #[arg(long, value_name = "DIR", default_value = "target/pictures")]
    out: PathBuf,
}

impl Pictures {
    /// Saves a picture under a name such as `kernels.png`, and tells where.
    pub fn save(&self, name: &str, figure: &impl Figure) -> Result<(), Box<dyn Error>> {
        let file = self.out.join(name);
        figure.save(&file)?;
        writeln!(io::stdout(), "picture: {}", file.display())?;
        Ok(())
    }
}

/// How `main` ends: an error is a sentence on stderr.
pub fn exit_code(result: Result<(), Box<dyn Error>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has seen enough (`lenet | head`).
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether that is what it says, or what led to it.
fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let broken = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    error.downcast_ref().is_some_and(broken) || error.source().is_some_and(is_broken_pipe)
}

/// Computes with so many threads; without a number, on all cores.
pub fn use_threads(threads: Option<usize>) -> Result<(), rayon::ThreadPoolBuildError> {
    match threads {
        Some(n) => rayon::ThreadPoolBuilder::new().num_threads(n).build_global(),
        None => Ok(()),
    }
}

/// Finds out before the training that a file will have no place.
pub fn prepare(file: &Path) -> Result<(), String> {
    if file.is_dir() || file.file_name().is_none() {
        return Err(format!("{}: not a file that can be written", file.display()));
    }
    match file.parent() {
        Some(dir) => std::fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display())),
        None => Ok(()),
    }
}

/// In how many rows of scores, one row for each label, the label's is the highest.
pub fn count_right(scores: &[f32], labels: &[usize]) -> usize {
    let rows = scores.chunks(scores.len() / labels.len().max(1));
    rows.zip(labels).filter(|(row, label)| best(row) == Some(**label)).count()
}

/// The place of the highest score.
fn best(scores: &[f32]) -> Option<usize> {
    (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b]))
}

pub fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole as f64
}

/// A bar on stderr, invisible when that is no terminal.
pub fn progress_bar(prefix: String, steps: usize) -> ProgressBar {
    let template = "{prefix} [{bar:40}] {pos}/{len} {msg} {eta} left";
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ");
    ProgressBar::new(steps as u64).with_style(style).with_prefix(prefix)
}
