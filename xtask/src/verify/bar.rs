//! What is being done, while it is done: as a bar on standard error, on a terminal only and gone when the work is done,
//! or told to whoever has a screen of their own.

use std::sync::OnceLock;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Who is told what is being done.
#[derive(Clone, Copy, Default)]
pub(crate) enum Told<'a> {
    /// Nobody.
    #[default]
    Hidden,
    /// Who looks at standard error, if that is a terminal.
    Bar,
    /// This function.
    To(&'a (dyn Fn(String) + Sync)),
}

/// Shows what is being done.
pub(super) struct Bar<'a> {
    bar: ProgressBar,
    progress: Told<'a>,
    /// Set once the first program is checked; others may still be compiled.
    checking: OnceLock<()>,
}

impl<'a> Bar<'a> {
    /// A bar that is drawn if it is wanted and there is a terminal (indicatif looks).
    pub(super) fn new(progress: Told<'a>) -> Self {
        let wanted = matches!(progress, Told::Bar);
        let target = if wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar, progress, checking: OnceLock::new() }
    }

    /// Compiling: nobody knows how much there is.
    pub(super) fn compiling(&self) {
        self.style("{spinner} compiling {wide_msg}");
    }

    /// One thing was compiled.
    pub(super) fn compiled(&self, what: &str) {
        if self.checking.get().is_some() {
            return;
        }
        self.bar.set_message(what.to_owned());
        self.tell(format!("compiling: {what}"));
    }

    /// Checking has begun, of so many programs: said once.
    pub(super) fn searching(&self, programs: usize) {
        if self.checking.set(()).is_err() {
            return;
        }
        self.bar.set_length(programs as u64);
        self.bar.set_position(0);
        self.style("{spinner} checking [{bar:20}] {pos}/{len} {wide_msg}");
        self.tell("checking".to_owned());
    }

    /// The schedules of this exercise are searched.
    pub(super) fn searches(&self, exercise: &str) {
        self.bar.set_message(exercise.to_owned());
    }

    /// One more is done.
    pub(super) fn step(&self) {
        self.bar.inc(1);
    }

    fn tell(&self, what: String) {
        if let Told::To(tell) = self.progress {
            tell(what);
        }
    }

    fn style(&self, template: &str) {
        // The templates above are constants: a mistake in one shows as indicatif's default bar.
        self.bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
