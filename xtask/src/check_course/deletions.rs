//! Deletion mutants: a check is worth something if it misses what is taken from the solution.

use std::fmt;
use std::fs;

use anyhow::Context as _;

use super::deletion::{self, Deletion};
use super::{Found, checker, diagnosis};
use crate::course::{Exercise, Kind};
use crate::lines::Fault;
use crate::places::Places;
use crate::verdict::Verdict;
use crate::verify::{Checked, Subject};

/// What became of the deletions.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    tried: usize,
    rejected: usize,
    not_compiled: usize,
    spared: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tried, rejected, not_compiled, spared } = self;
        write!(f, "{tried} tried, {rejected} rejected, {not_compiled} do not compile, {spared} spared for a reason")
    }
}

/// A deletion of an exercise's solution, and whether the check missed what was deleted.
struct Tried<'a> {
    exercise: &'a Exercise,
    deletion: Deletion,
}

/// Tries all deletions of the solutions; `None` if interrupted.
pub(super) fn check(
    places: &Places,
    exercises: &[&Exercise],
    found: &mut Vec<Found>,
) -> anyhow::Result<Option<Counts>> {
    let (mut all, mut subjects) = (Vec::new(), Vec::new());
    // Where the schedule is all that is asked for, the program is as it was given.
    for exercise in exercises.iter().filter(|exercise| exercise.kind != Kind::Break) {
        let file = exercise.file("solution.rs");
        let source = fs::read_to_string(&file).with_context(|| places.shown(&file))?;
        // A check that has a program of its own does not run the solution's.
        let runs_main =
            fs::read_to_string(exercise.file("check.rs")).is_ok_and(|check| check.contains("learner::main"));
        match deletion::of(&source, runs_main) {
            Ok(deletions) => {
                for (number, deletion) in deletions.into_iter().enumerate() {
                    subjects.push(mutant(places, exercise, &deletion, number)?);
                    all.push(Tried { exercise, deletion });
                }
            }
            Err(error) => {
                let what = format!("it cannot be parsed: {error}");
                found.push(Found { fault: Fault::new(places.shown(&file), 0, what), evidence: String::new() });
            }
        }
    }
    let results = checker(places).check(&subjects, &|_, _| {})?;
    let mut counts = Counts { tried: all.len(), ..Counts::default() };
    let mut survivors = Vec::new();
    for ((checked, tried), subject) in results.iter().zip(&all).zip(&subjects) {
        let Some(checked) = checked else { return Ok(None) };
        match checked.summary.verdict {
            Verdict::Passed => survivors.push(tried),
            Verdict::CompileError | Verdict::Interface => counts.not_compiled += 1,
            Verdict::CourseError => found.push(course_error(places, checked, subject, tried)),
            _ => counts.rejected += 1,
        }
    }
    for exercise in exercises {
        let of = |tried: &&&Tried<'_>| tried.exercise.name == exercise.name;
        let survivors: Vec<&Deletion> = survivors.iter().filter(of).map(|tried| &tried.deletion).collect();
        let tried: Vec<&Deletion> = all.iter().filter(|tried| of(&tried)).map(|tried| &tried.deletion).collect();
        let faults = judged(places, exercise, &tried, &survivors);
        counts.spared += survivors.iter().filter(|deletion| is_recorded(exercise, deletion)).count();
        found.extend(faults.into_iter().map(|fault| Found { fault, evidence: String::new() }));
    }
    Ok(Some(counts))
}

fn is_recorded(exercise: &Exercise, deletion: &Deletion) -> bool {
    exercise.spare.iter().any(|spare| spare.statement == deletion.statement)
}

/// What is wrong with what one exercise's check misses, and with what is recorded about that.
fn judged(places: &Places, exercise: &Exercise, tried: &[&Deletion], survivors: &[&Deletion]) -> Vec<Fault> {
    let solution = places.shown(&exercise.file("solution.rs"));
    let mut faults: Vec<Fault> = survivors
        .iter()
        .filter(|deletion| !is_recorded(exercise, deletion))
        .map(|Deletion { line, statement, .. }| {
            let what = format!(
                "the check passes without `{statement}`: mend the check, do without it, or record the reason under \
                 [chapter.exercise.spare]"
            );
            Fault::new(&solution, *line, what)
        })
        .collect();
    for spare in &exercise.spare {
        let is = |deletion: &&&Deletion| deletion.statement == spare.statement;
        let what = if tried.iter().filter(is).count() == 0 {
            "no such statement of the solution has to do with synchronisation: write it as it stands there"
        } else if survivors.iter().filter(is).count() == 0 {
            "the check misses this statement, so it is not spare: delete the entry"
        } else {
            continue;
        };
        let Exercise { name, .. } = exercise;
        let what = format!("{name}: `{}`: {what}", spare.statement);
        faults.push(Fault::new(places.shown(&places.course()), spare.line, what));
    }
    faults
}

fn course_error(places: &Places, checked: &Checked, subject: &Subject<'_>, tried: &Tried<'_>) -> Found {
    let Deletion { line, statement, .. } = &tried.deletion;
    let what = format!("without `{statement}` the check itself fails: mend it");
    let fault = Fault::new(places.shown(&tried.exercise.file("solution.rs")), *line, what);
    Found { fault, evidence: diagnosis::drawn(places, checked, subject) }
}

/// Writes the program down that is left.
fn mutant<'a>(
    places: &Places,
    exercise: &'a Exercise,
    deletion: &Deletion,
    number: usize,
) -> anyhow::Result<Subject<'a>> {
    let folder = places.of_this_work().join("deletions").join(&exercise.name);
    let file = folder.join(format!("{number}.rs"));
    // Written only if it changes: time stamps tell cargo what to compile.
    if fs::read_to_string(&file).ok().as_ref() != Some(&deletion.rest) {
        fs::create_dir_all(&folder).with_context(|| places.shown(&folder))?;
        fs::write(&file, &deletion.rest).with_context(|| places.shown(&file))?;
    }
    let bin = format!("{}-deletion-{number}", exercise.name);
    Ok(Subject { exercise, file, bin })
}

#[cfg(test)]
#[path = "deletions_tests.rs"]
mod tests;
