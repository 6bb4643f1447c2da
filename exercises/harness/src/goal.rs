//! What a learner's schedule is to reach when an exercise asks for a program to be broken.

use threadcraft_explore::Execution;
use threadcraft_explore::report::FailureKind;

use crate::claim::Test;

/// What counts as broken.
#[must_use = "a goal does nothing until it is given to `Check::break_it`"]
pub struct Goal {
    text: String,
    /// `Err` says how the execution ended instead.
    reached: Test,
}

impl Goal {
    /// The program fails in this way: the name of a [`FailureKind`], such as `deadlock`.
    pub fn failure(kind: &'static str) -> Self {
        Self::new(
            format!("on your schedule it ends in a {}", kind.replace('-', " ")),
            move |execution| match &execution.failure {
                Some(failure) if failure.name() == kind => Ok(()),
                _ => Err(ending(execution)),
            },
        )
    }

    /// Nobody can go on, and somebody has not finished.
    pub fn deadlock() -> Self {
        Self::failure("deadlock")
    }

    /// The program ends with another outcome than the right one, or fails.
    pub fn outcome_other_than(right: impl Into<String>) -> Self {
        let right = right.into();
        let text = format!("on your schedule it does not end with `{right}`");
        Self::new(text, move |execution| match (&execution.failure, &execution.outcome) {
            (None, Some(outcome)) if *outcome == right => Err(ending(execution)),
            _ => Ok(()),
        })
    }

    /// Something happens that should not, as with "two are inside at once".
    pub fn happens(what: impl Into<String>, happened: impl Fn(&Execution) -> bool + Send + Sync + 'static) -> Self {
        let what = what.into();
        let instead = format!("it does not happen that {what}");
        Self::new(format!("on your schedule it happens that {what}"), move |execution| {
            if happened(execution) { Ok(()) } else { Err(instead.clone()) }
        })
    }

    fn new(text: String, reached: impl Fn(&Execution) -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self { text, reached: Box::new(reached) }
    }

    /// The goal as a sentence.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether this execution reaches it; else how it ended.
    pub(crate) fn reached(&self, execution: &Execution) -> Result<(), String> {
        (self.reached)(execution)
    }
}

/// How an execution ended, in a few words.
fn ending(execution: &Execution) -> String {
    match (&execution.failure, &execution.outcome) {
        (Some(FailureKind::Panic { message, .. }), _) => format!("it ends in a panic: {message}"),
        (Some(failure), _) => format!("it ends in a {}", failure.name().replace('-', " ")),
        (None, Some(outcome)) if !outcome.is_empty() => format!("it ends well, with `{outcome}`"),
        (None, _) => "it ends well".to_owned(),
    }
}
