//! The result for machines: one JSON document on standard output.
//!
//! The form is a promise: keys are added, never changed, while `version` stays.

use serde::Serialize;

use super::{Outcome, Picture, Row, Standing};
use crate::exit::Exit;
use crate::verdict::Verdict;

/// The document.
#[derive(Serialize)]
struct Document<'a> {
    /// The version of this form.
    version: u32,
    /// True if the exit code is 0.
    ok: bool,
    /// True if Ctrl-C left exercises out.
    interrupted: bool,
    /// How many exercises there are of each standing.
    totals: Totals,
    /// What is to be said besides, such as that the progress file was damaged.
    notices: &'a [String],
    /// The exercises that were asked for, in the order of the course.
    exercises: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Totals {
    passed: usize,
    failing: usize,
    to_do: usize,
    /// Points of what is passed, and of all that was asked for.
    points: u32,
    of_points: u32,
}

/// One exercise.
#[derive(Serialize)]
struct Entry<'a> {
    number: u32,
    name: &'a str,
    chapter: &'a str,
    kind: &'static str,
    stars: u8,
    points: u32,
    /// The file that was checked, from the repository on.
    file: String,
    verdict: Verdict,
    /// `passed`, `failing` or `to-do`.
    standing: &'static str,
    /// What was checked, in a few words; else why nothing could be.
    checked: &'a str,
    /// True if nothing had changed since it was checked.
    unchanged: bool,
    /// What went wrong, as people read it, at 80 columns and without colours; null if nothing did.
    diagnosis: Option<String>,
    /// The explorer's own report, where there is one.
    report: Option<threadcraft_explore::check::CheckReport>,
}

/// Prints it.
pub(crate) fn show(outcome: &Outcome<'_>) -> anyhow::Result<()> {
    let count = |standing| outcome.rows.iter().filter(|row| row.standing == standing).count();
    let points = |rows: &mut dyn Iterator<Item = &Row<'_>>| rows.map(|row| row.exercise.points).sum();
    let document = Document {
        version: 1,
        ok: outcome.exit() == Exit::Success,
        interrupted: outcome.interrupted,
        totals: Totals {
            passed: count(Standing::Done),
            failing: count(Standing::Failing),
            to_do: count(Standing::ToDo),
            points: points(&mut outcome.rows.iter().filter(|row| row.standing == Standing::Done)),
            of_points: points(&mut outcome.rows.iter()),
        },
        notices: &outcome.notices,
        exercises: outcome.rows.iter().map(|row| entry(outcome, row)).collect(),
    };
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(())
}

fn entry<'a>(outcome: &'a Outcome<'_>, row: &'a Row<'_>) -> Entry<'a> {
    let Row { exercise, summary, .. } = row;
    let file = if outcome.options.solutions { exercise.file("solution.rs") } else { exercise.work_file.clone() };
    let details = row.details.read().into_owned();
    let picture = Picture { exercise: &exercise.name, file: &file, places: outcome.places, width: 80, colors: false };
    let is_shown = !summary.verdict.is_passed() || outcome.options.schedule.is_some();
    Entry {
        number: exercise.number,
        name: &exercise.name,
        chapter: &exercise.chapter,
        kind: exercise.kind.letters(),
        stars: exercise.stars,
        points: exercise.points,
        file: outcome.places.shown(&file),
        verdict: summary.verdict,
        standing: match row.standing {
            Standing::Done => "passed",
            Standing::Failing => "failing",
            Standing::ToDo => "to-do",
        },
        checked: &summary.checked,
        unchanged: row.unchanged,
        diagnosis: is_shown.then(|| picture.draw(summary, &details)),
        report: details.report,
    }
}
