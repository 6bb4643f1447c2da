//! Why it went wrong, as data: the sentence, what led there as far as the trace shows it, and the steps that it rests
//! on.

use serde::{Deserialize, Serialize};

use crate::report::Failure;

/// Why an execution went wrong, as far as its trace shows it.
///
/// What a trace does not show is not claimed: `because` and `pattern` are empty where what went wrong says all that is
/// known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Why {
    /// What went wrong, in one sentence without a full stop.
    pub what: String,
    /// What led there, in one sentence without a full stop.
    pub because: Option<String>,
    /// The name of what led there, if it has one.
    pub pattern: Option<Pattern>,
    /// The steps that it rests on, and what is to be said of each.
    pub marks: Vec<Mark>,
}

/// What is said of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The step, as an index into the trace.
    pub step: usize,
    /// In a few words, such as `nobody heard`.
    pub text: String,
}

/// Mistakes that have a name of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Pattern {
    /// A thread writes what it made of a value that another has replaced meanwhile.
    LostUpdate,
    /// A thread acts on what it saw before another changed it.
    CheckThenAct,
    /// A thread begins to wait for what was announced before, and is not announced again.
    LostWakeUp,
}

impl Failure {
    /// Why it went wrong: what [`render::failure`](crate::render::failure) says in words.
    #[must_use]
    pub fn why(&self) -> Why {
        crate::render::why(self)
    }
}
