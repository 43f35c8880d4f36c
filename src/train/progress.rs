//! The bar on the terminal.

use std::fmt::Write;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

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
        let template = "{prefix} [{bar:30}] {pos}/{len}  {rate}  {eta} left  {msg}";
        let rate = |state: &ProgressState, to: &mut dyn Write| {
            // Nothing can be done if there is no room for it.
            let _ = write!(to, "{:.1} batches/s", state.per_sec());
        };
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("rate", rate)
            .progress_chars("=> ");
        let bar = ProgressBar::with_draw_target(Some(batches as u64), target);
        bar.set_style(style);
        bar.set_position(done as u64);
        bar.reset_eta();
        bar.with_prefix(title)
    }
}
