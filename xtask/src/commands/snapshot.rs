//! `snapshot`, for course authors: what the solutions do becomes a pending snapshot, which a person accepts.

use anyhow::bail;

use crate::cli::Verify;
use crate::course::Course;
use crate::exit::Exit;
use crate::findings::What;
use crate::places::Places;
use crate::process::Limits;
use crate::snapshot;
use crate::verdict::Verdict;
use crate::verify::{Checked, Checker, Subject};

/// Runs the command.
pub(crate) fn run(places: &Places, names: &[String], accept: bool) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let subjects: Vec<Subject<'_>> = course
        .select(names)?
        .into_iter()
        .map(|exercise| Subject {
            exercise,
            file: exercise.file("solution.rs"),
            bin: format!("solution-{}", exercise.name),
        })
        .collect();
    let options = Verify::default();
    let checker =
        Checker { places, limits: Limits::default(), offline: options.offline, again: true, schedule: None, bar: true };
    let mut exit = Exit::Success;
    for (checked, subject) in checker.check(&subjects, &|_, _| {})?.iter().zip(&subjects) {
        let Some(checked) = checked else { return Ok(Exit::Interrupted) };
        if !write(places, checked, subject, accept)? {
            exit = Exit::Failed;
        }
    }
    Ok(exit)
}

/// Writes the snapshots of one solution; false if it fails by something else than a snapshot.
fn write(places: &Places, checked: &Checked, subject: &Subject<'_>, accept: bool) -> anyhow::Result<bool> {
    let name = &subject.exercise.name;
    let details = checked.details.read();
    let by_snapshot = details.fault.as_ref().is_none_or(|fault| matches!(fault.what, What::Snapshot { .. }));
    let Some(report) = details.report.as_ref().filter(|_| by_snapshot) else {
        println!("{name}: no snapshot, the solution fails: {}", checked.summary.verdict);
        return Ok(false);
    };
    let check = subject.exercise.file("check.rs");
    let mut written = false;
    for snapshot in report.parts.iter().filter_map(|part| part.snapshot.as_ref()) {
        if snapshot.verdict.parse::<Verdict>().is_err() {
            bail!("{name}: check.rs names no verdict for its snapshot: `{}`", snapshot.verdict);
        }
        let path = snapshot::write(&check, &places.shown(&check), &snapshot.name, &snapshot.contents, accept)?;
        if let Some(path) = path {
            println!("{name}: written {}", places.shown(&path));
            written = true;
        }
    }
    if !written {
        println!("{name}: nothing new");
    }
    Ok(true)
}
