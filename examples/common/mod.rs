//! What the example programs share: a main function's end, options, pictures.

// Each example is a crate of its own and uses only some of these.
#![allow(dead_code)]

pub mod matrix;
pub mod options;

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use shapewright::plot::{Arithmetic, Figure};

/// Where a program's pictures go.
#[derive(Args)]
pub struct Pictures {
    /// Where to write the pictures
    #[arg(long, value_name = "DIR", default_value = "target/pictures")]
    out: PathBuf,
}

impl Pictures {
    /// Finds out before the training that they will have no place.
    pub fn prepare(&self) -> Result<(), String> {
        std::fs::create_dir_all(&self.out).map_err(|e| format!("{}: {e}", self.out.display()))
    }

    /// Saves a picture under a name such as `kernels.png`, and tells where.
    pub fn save(&self, name: &str, figure: &impl Figure) -> Result<(), Box<dyn Error>> {
        let file = self.out.join(name);
        figure.save(&file)?;
        writeln!(io::stdout(), "picture: {}", file.display())?;
        Ok(())
    }

    /// Saves an animation under a name such as `conv.gif`, and tells where.
    pub fn save_gif(&self, name: &str, figure: &Arithmetic) -> Result<(), Box<dyn Error>> {
        let file = self.out.join(name);
        figure.save_gif(&file)?;
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
