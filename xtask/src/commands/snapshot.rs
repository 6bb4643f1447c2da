//! `snapshot`, for course authors: what the solutions do, and what is shown of the near misses, becomes pending
//! snapshots, which a person accepts. The table of what the tutorials show is written anew besides.

use anyhow::bail;

use crate::check_course::{self, Case, checker};
use crate::course::{Course, Exercise};
use crate::exit::Exit;
use crate::findings::What;
use crate::places::Places;
use crate::snapshot;
use crate::verdict::Verdict;
use crate::verify::{Checked, Subject};

/// Runs the command.
pub(crate) fn run(places: &Places, names: &[String], accept: bool) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let exercises = course.select(names)?;
    let mut exit = Exit::Success;
    // The near misses come second: what is shown of them depends on what the solutions do.
    for near_misses in [false, true] {
        let subjects: Vec<Subject<'_>> =
            exercises.iter().flat_map(|exercise| subjects(exercise, near_misses)).collect();
        for (checked, subject) in checker(places).check(&subjects, &|_, _| {})?.iter().zip(&subjects) {
            let Some(checked) = checked else { return Ok(Exit::Interrupted) };
            let right = if near_misses {
                shown(places, checked, subject, accept)?
            } else {
                compared(places, checked, subject, accept)?
            };
            if !right {
                exit = Exit::Failed;
            }
        }
    }
    if let Some(path) = check_course::update_seeds(places, &course)? {
        println!("written {}", places.shown(&path));
    }
    Ok(exit)
}

fn subjects(exercise: &Exercise, near_misses: bool) -> Vec<Subject<'_>> {
    if near_misses {
        return check_course::near_misses(exercise).map(|Case { subject, .. }| subject).collect();
    }
    let bin = format!("solution-{}", exercise.name);
    vec![Subject { exercise, file: exercise.file("solution.rs"), bin }]
}

/// Writes what the check compares of a solution; false if it fails by something else than a snapshot.
fn compared(places: &Places, checked: &Checked, subject: &Subject<'_>, accept: bool) -> anyhow::Result<bool> {
    let name = &subject.exercise.name;
    let check = subject.exercise.file("check.rs");
    if checked.summary.verdict.is_passed() {
        // All that it is compared with is as accepted.
        return Ok(true);
    }
    let details = checked.details.read();
    let by_snapshot = details.fault.as_ref().is_none_or(|fault| matches!(fault.what, What::Snapshot { .. }));
    let Some(report) = details.report.as_ref().filter(|_| by_snapshot) else {
        println!("{name}: no snapshot, the solution fails: {}", checked.summary.verdict);
        return Ok(false);
    };
    for snapshot in report.parts.iter().filter_map(|part| part.snapshot.as_ref()) {
        if snapshot.verdict.parse::<Verdict>().is_err() {
            bail!("{name}: check.rs names no verdict for its snapshot: `{}`", snapshot.verdict);
        }
        let path = snapshot::write(&check, &places.shown(&check), &snapshot.name, &snapshot.contents, accept)?;
        if let Some(path) = path {
            println!("{name}: written {}", places.shown(&path));
        }
    }
    Ok(true)
}

/// Writes what is shown of a near miss; false if it passes.
fn shown(places: &Places, checked: &Checked, subject: &Subject<'_>, accept: bool) -> anyhow::Result<bool> {
    let file = places.shown(&subject.file);
    if checked.summary.verdict.is_passed() {
        println!("{file}: no snapshot, it passes");
        return Ok(false);
    }
    let stem = subject.file.file_stem().unwrap_or_default().to_string_lossy();
    let path = snapshot::write(&subject.file, &file, &stem, &check_course::kept(places, checked, subject), accept)?;
    if let Some(path) = path {
        println!("{}: written {}", subject.exercise.name, places.shown(&path));
    }
    Ok(true)
}
