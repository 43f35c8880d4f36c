//! The bar on the terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Whether a training shows how far it is, on stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// If stderr is a terminal.
    #[default]
    Auto,
    /// Never.
    Quiet,
}

impl Progress {
    /// A bar for an epoch of which `done` of `batches` are over.
    pub(super) fn bar(self, title: String, batches: usize, done: usize) -> ProgressBar {
        let target = match self {
            // Hidden if that is no terminal.
            Progress::Auto => ProgressDrawTarget::stderr(),
            Progress::Quiet => ProgressDrawTarget::hidden(),
        };
        let template = "{prefix} [{bar:30}] {pos}/{len}  {per_sec}  {eta} left  {msg}";
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("=> ");
        let bar = ProgressBar::with_draw_target(Some(batches as u64), target);
        bar.set_style(style);
        bar.set_position(done as u64);
        bar.reset_eta();
        bar.with_prefix(title)
    }
}
