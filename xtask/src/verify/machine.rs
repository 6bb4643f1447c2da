//! What `verify` found, in the form for machines.

use super::{Outcome, Picture, Row};
use crate::results::{Entry, Head, Report, Results};

/// The results.
pub(super) fn results(outcome: &Outcome<'_>) -> Results {
    let head = Head {
        strict: outcome.is_strict(),
        shard: outcome.options.shard,
        selected: outcome.selected,
        interrupted: outcome.interrupted,
        notices: outcome.notices.clone(),
    };
    Results::new(head, outcome.rows.iter().map(|row| entry(outcome, row)).collect())
}

fn entry(outcome: &Outcome<'_>, row: &Row<'_>) -> Entry {
    let Row { exercise, summary, unchanged, standing, hints, gave_up, .. } = row;
    let file = if outcome.options.solutions { exercise.file("solution.rs") } else { exercise.work_file.clone() };
    let details = row.details.read().into_owned();
    let picture = Picture { exercise: &exercise.name, file: &file, places: outcome.places, width: 80, colors: false };
    let is_shown = !summary.verdict.is_passed() || outcome.options.schedule.is_some();
    let diagnosis = is_shown.then(|| picture.draw(summary, &details));
    let shown = outcome.places.shown(&file);
    Entry {
        number: exercise.number,
        name: exercise.name.clone(),
        chapter: exercise.chapter.clone(),
        kind: exercise.kind.letters().to_owned(),
        stars: exercise.stars,
        points: exercise.points,
        earned: if summary.verdict.is_passed() { exercise.points } else { 0 },
        line: diagnosis.as_deref().and_then(|diagnosis| line(diagnosis, &shown)),
        file: shown,
        verdict: summary.verdict,
        standing: *standing,
        checked: summary.checked.clone(),
        unchanged: *unchanged,
        hints: *hints,
        gave_up: *gave_up,
        diagnosis,
        report: details.report.map(|report| Report { parts: report.parts }),
    }
}

/// The line of a file that a diagnosis points to: ` --> file:31:24`.
fn line(diagnosis: &str, file: &str) -> Option<u32> {
    let place = format!("--> {file}:");
    let rest = diagnosis.lines().find_map(|line| line.trim_start().strip_prefix(&place))?;
    rest.split(':').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_that_of_the_first_place_in_the_file() {
        let text = "error: x\n  --> a/b.rs\n  --> c.rs:2:1\n  --> a/b.rs:31:24\n --> a/b.rs:7:1\n";
        assert_eq!(line(text, "a/b.rs"), Some(31));
        assert_eq!(line(text, "d.rs"), None);
    }
}
