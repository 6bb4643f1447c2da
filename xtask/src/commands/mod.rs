//! The commands: one file each.

mod bench;
mod ci;
mod completions;
mod conformance;
mod explain;
mod features;
mod hint;
mod list;
pub(crate) mod new_exercise;
mod next;
mod progress;
mod reset;
mod snapshot;
mod solution;

use crate::cli::Command;
use crate::course::{Course, Exercise};
use crate::exit::{Exit, Mistake};
use crate::learner::Learner;
use crate::places::Places;
use crate::results::read_and_merge;
use crate::{check_course, play, process, tidy, verify, watch};

/// Runs a command.
pub(crate) fn run(command: Command) -> anyhow::Result<Exit> {
    let places = Places::find();
    match command {
        Command::Verify(options) => verify::run(&places, &options),
        Command::Watch(options) => watch::run(&places, &options),
        Command::Play(options) => play::run(&places, &options),
        Command::Explain { verdict } => explain::run(&places, verdict),
        Command::Merge { files, format } => {
            let results = read_and_merge(&files)?;
            results.show(format)?;
            Ok(results.exit())
        }
        Command::List { format } => list::run(&places, format),
        Command::Start { name } => next::start(&places, name.as_deref()),
        Command::Next => next::start(&places, None),
        Command::Skip { name } => next::skip(&places, name.as_deref()),
        Command::Hint { name, all } => hint::run(&places, name.as_deref(), all),
        Command::Reset(options) => reset::run(&places, &options),
        Command::Undo => reset::undo(&places),
        Command::Solution { name, give_up } => solution::run(&places, name.as_deref(), give_up),
        Command::Progress => progress::run(&places),
        Command::Completions { shell } => completions::run(&places, shell),
        Command::Guard { pid } => {
            process::guard(pid);
            Ok(Exit::Success)
        }
        Command::Tidy => tidy::run(&places),
        Command::Ci { only, nightly } => ci::run(&places, only.as_deref(), nightly),
        Command::Conformance { check } => conformance::run(&places, check),
        Command::Bench { group } => bench::run(&places, group.as_ref()),
        Command::Snapshot { names, accept } => snapshot::run(&places, &names, accept),
        Command::NewExercise(asked) => new_exercise::run(&places, &asked),
        Command::CheckCourse { names, deletions } => check_course::run(&places, &names, deletions),
    }
}

/// The exercise that is named; else the one to do.
fn meant<'a>(course: &'a Course, learner: &Learner<'a>, name: Option<&str>) -> anyhow::Result<&'a Exercise> {
    match name {
        Some(name) => course.exercise(name),
        None => learner.to_do().ok_or_else(|| {
            Mistake("everything is passed: name an exercise (`cargo xtask list` shows all)".into()).into()
        }),
    }
}
