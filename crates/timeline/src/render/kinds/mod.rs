//! What is said of each kind of failure: the sentence, the labels under the program's lines, and what to do.
//!
//! Each kind is a function from the failure to a [`Story`]; how a story looks is not known here. A new kind takes a
//! variant of [`FailureKind`] with its name, a file here, and a line in [`story`].

mod deadlock;
mod livelock;
mod panic;
mod race;
mod resources;
mod runs;
mod stuck;

use super::causes::Cause;
use super::diagnostic::{Label, Remark};
use super::names::{Names, number};
use super::rows::View;
use super::text::{Line, listed};
use crate::report::{Effect, Failure, FailureKind, Location, ThreadIndex};
use crate::why::Pattern;

pub(super) use runs::property;

/// Everything that a diagnostic says.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// What is wrong, in one sentence without a full stop.
    pub(super) message: String,
    /// What led there, in one sentence, if the trace shows it and the message does not say it.
    pub(super) because: Option<String>,
    /// The name of what led there.
    pub(super) pattern: Option<Pattern>,
    pub(super) labels: Vec<Label>,
    /// Which part of the timeline is shown.
    pub(super) view: View,
    /// What stands under the timeline, such as who waits for whom.
    pub(super) conclusion: Vec<Line>,
    pub(super) remarks: Vec<Remark>,
}

impl Story {
    fn of(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    fn label(mut self, label: Option<Label>) -> Self {
        self.labels.extend(label);
        self
    }

    /// What led there: its sentence, its labels before those that stand there, its marks in the timeline.
    pub(super) fn caused(mut self, cause: Cause) -> Self {
        self.because = Some(cause.because);
        self.pattern = cause.pattern;
        self.view.keep.extend(cause.marks.iter().map(|mark| mark.step));
        self.view.marks.extend(cause.marks.into_iter().map(|mark| (mark.step, mark.text)));
        self.labels.splice(0..0, cause.labels);
        self
    }

    fn note(mut self, text: impl Into<String>) -> Self {
        self.remarks.push(Remark::Note(text.into()));
        self
    }

    fn help(mut self, text: impl Into<String>) -> Self {
        self.remarks.push(Remark::Help(text.into()));
        self
    }
}

/// The story of a failure.
pub(super) fn story(failure: &Failure) -> Story {
    let names = Names::new(&failure.trace);
    match &failure.kind {
        FailureKind::Deadlock { waiting, cycle } => deadlock::story(names, waiting, cycle),
        FailureKind::Livelock { from, period } => livelock::story(names, *from, *period),
        FailureKind::Starvation { thread, object, from, period } => {
            resources::starvation(names, *thread, *object, *from, *period)
        }
        FailureKind::LeakedLock { object, thread, location } => {
            resources::leaked(names, *object, *thread, location.as_ref())
        }
        FailureKind::Misuse { thread, what, location } => resources::misuse(names, *thread, what, location.as_ref()),
        FailureKind::Panic { thread, message, location } => panic::story(names, *thread, message, location.as_ref()),
        FailureKind::DataRace { object, first, second } => race::story(names, *object, first, second),
        FailureKind::StepLimit { limit } => runs::step_limit(names, *limit),
        FailureKind::Property { claim, seen } => property(names, claim, seen),
        FailureKind::Stuck { thread, waited, location } => stuck::stuck(names, *thread, *waited, location.as_ref()),
        FailureKind::Foreign { what, instead, location } => stuck::foreign(what, instead, location.as_ref()),
        FailureKind::Uncontrolled { what } => runs::uncontrolled(what),
        FailureKind::Diverged { step, why } => runs::diverged(names, *step, why),
        FailureKind::NothingRecorded => runs::nothing_recorded(),
    }
}

/// Labels for the interruptions: where a thread was stopped, and where it went on with what it knew then.
pub(super) fn interruptions(names: Names<'_>) -> Vec<Label> {
    /// More of them than this do not explain anything.
    const MOST: usize = 2;
    let steps = &names.trace.steps;
    let mut labels = Vec::new();
    for at in (1..steps.len()).filter(|&at| steps[at].preempts) {
        let Some(last) = steps[..at].iter().rposition(|step| step.effect != Effect::Clock) else { continue };
        let thread = steps[last].thread;
        let who = names.tag(thread);
        labels.extend(steps[last].location.as_ref().map(|place| {
            Label::primary(place, format!("{who} is interrupted after step {}", number(last))).at_step(last)
        }));
        let resumes = (at..steps.len()).find(|&next| steps[next].thread == thread);
        labels.extend(resumes.and_then(|next| {
            let place = steps[next].location.as_ref()?;
            Some(Label::secondary(place, format!("{who} goes on at step {}", number(next))).at_step(next))
        }));
    }
    if labels.len() > 2 * MOST { Vec::new() } else { labels }
}

/// A label at a place that may not be known.
fn primary(location: Option<&Location>, text: impl Into<String>) -> Option<Label> {
    location.map(|place| Label::primary(place, text))
}

fn secondary(location: Option<&Location>, text: impl Into<String>) -> Option<Label> {
    location.map(|place| Label::secondary(place, text))
}

/// `P0, P1 and P2`, and the verb for one or for several.
fn subject<'v>(names: Names<'_>, threads: &[ThreadIndex], one: &'v str, several: &'v str) -> (String, &'v str) {
    (listed(&names.all(threads)), if threads.len() == 1 { one } else { several })
}
