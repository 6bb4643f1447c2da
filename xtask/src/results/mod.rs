//! The results of a run for machines: one form, `xtask/results.schema.json`, of which the others are pictures.
//!
//! The form is a promise: keys are added, never changed, while `version` stays. A document can be read again, so that
//! those of several shards become one, and one run is shown in several forms.

mod github;
mod human;
mod junit;
mod merge;

use serde::{Deserialize, Serialize};
use threadcraft_timeline::check::Part;

use crate::cli::{Format, Shard};
use crate::exit::Exit;
use crate::verdict::Verdict;

pub(crate) use merge::read_and_merge;

/// The version of the form.
pub(crate) const VERSION: u32 = 1;

/// The document. Its keys are described in the schema.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) version: u32,
    pub(crate) ok: bool,
    pub(crate) exit_code: u8,
    pub(crate) strict: bool,
    pub(crate) shard: Option<Shard>,
    pub(crate) selected: usize,
    pub(crate) interrupted: bool,
    pub(crate) totals: Totals,
    pub(crate) notices: Vec<String>,
    pub(crate) exercises: Vec<Entry>,
}

/// How many there are of each standing, and the points.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Totals {
    pub(crate) passed: usize,
    pub(crate) failing: usize,
    pub(crate) to_do: usize,
    pub(crate) points: u32,
    pub(crate) of_points: u32,
}

/// One exercise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) chapter: String,
    pub(crate) kind: String,
    pub(crate) stars: u8,
    pub(crate) points: u32,
    pub(crate) earned: u32,
    pub(crate) file: String,
    pub(crate) line: Option<u32>,
    pub(crate) verdict: Verdict,
    pub(crate) standing: Standing,
    pub(crate) checked: String,
    pub(crate) unchanged: bool,
    pub(crate) hints: usize,
    pub(crate) gave_up: bool,
    pub(crate) diagnosis: Option<String>,
    pub(crate) report: Option<Report>,
}

/// The explorer's own report, without what only the runner needs of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) parts: Vec<Part>,
}

/// How a result counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Standing {
    /// It passes.
    #[serde(rename = "passed")]
    Done,
    /// It does not pass, and never did, and the learner has not begun.
    ToDo,
    /// It does not pass, though the learner has begun or had done.
    Failing,
}

impl Standing {
    /// True if it makes the run fail: what is to do does so only where all must pass.
    pub(crate) fn fails(self, strict: bool) -> bool {
        match self {
            Self::Done => false,
            Self::ToDo => strict,
            Self::Failing => true,
        }
    }
}

impl Results {
    /// Of these exercises; what follows from them is counted here, and nowhere else.
    pub(crate) fn new(head: Head, exercises: Vec<Entry>) -> Self {
        let Head { strict, shard, selected, interrupted, notices } = head;
        let exit = exit(strict, interrupted, exercises.iter().map(|entry| (entry.verdict, entry.standing)));
        let count = |standing| exercises.iter().filter(|entry| entry.standing == standing).count();
        let totals = Totals {
            passed: count(Standing::Done),
            failing: count(Standing::Failing),
            to_do: count(Standing::ToDo),
            points: exercises.iter().map(|entry| entry.earned).sum(),
            of_points: exercises.iter().map(|entry| entry.points).sum(),
        };
        Self {
            version: VERSION,
            ok: exit == Exit::Success,
            exit_code: exit.code(),
            strict,
            shard,
            selected,
            interrupted,
            totals,
            notices,
            exercises,
        }
    }

    /// The exit code that the run is worth.
    pub(crate) fn exit(&self) -> Exit {
        exit(self.strict, self.interrupted, self.exercises.iter().map(|entry| (entry.verdict, entry.standing)))
    }

    /// Prints them in a form.
    pub(crate) fn show(&self, format: Format) -> anyhow::Result<()> {
        match format {
            Format::Human => human::show(self),
            Format::Json => println!("{}", serde_json::to_string_pretty(self)?),
            Format::Junit => print!("{}", junit::document(self)),
            Format::Github => {
                print!("{}", github::commands(self));
                github::summarize(self)?;
            }
        }
        Ok(())
    }
}

/// What is said of a run besides its exercises.
pub(crate) struct Head {
    /// What is to do counts as a failure.
    pub(crate) strict: bool,
    /// Which part of what was asked for.
    pub(crate) shard: Option<Shard>,
    /// How many exercises were asked for, in all shards.
    pub(crate) selected: usize,
    /// Ctrl-C left some out.
    pub(crate) interrupted: bool,
    /// What is to be said besides.
    pub(crate) notices: Vec<String>,
}

/// What a run is worth: a broken course is the author's mistake, not a failure of the learner's.
pub(crate) fn exit(strict: bool, interrupted: bool, rows: impl Iterator<Item = (Verdict, Standing)>) -> Exit {
    let mut exit = Exit::Success;
    for (verdict, standing) in rows {
        if verdict == Verdict::CourseError {
            exit = Exit::Usage;
        } else if standing.fails(strict) && exit == Exit::Success {
            exit = Exit::Failed;
        }
    }
    if interrupted { Exit::Interrupted } else { exit }
}

#[cfg(test)]
mod tests;
