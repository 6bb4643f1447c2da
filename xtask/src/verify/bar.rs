//! The progress bar: on standard error, on a terminal only, gone when the work is done.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows what is being done, or nothing.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar that is drawn if it is wanted and there is a terminal (indicatif looks).
    pub(crate) fn new(wanted: bool) -> Self {
        let target = if wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self(bar)
    }

    /// Compiling: nobody knows how much there is.
    pub(crate) fn compiling(&self) {
        self.style("{spinner} compiling {wide_msg}");
    }

    /// Searching: so many programs.
    pub(crate) fn searching(&self, programs: usize) {
        self.0.set_length(programs as u64);
        self.0.set_position(0);
        self.style("{spinner} checking [{bar:20}] {pos}/{len} {wide_msg}");
    }

    /// What is being done now.
    pub(crate) fn says(&self, what: &str) {
        self.0.set_message(what.to_owned());
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }

    fn style(&self, template: &str) {
        // The templates above are constants: a mistake in one shows as indicatif's default bar.
        self.0.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
