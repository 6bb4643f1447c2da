//! The results in lines: what `merge` shows to people. (`verify` itself shows more, as it has the files at hand.)

use colored::Colorize as _;

use super::{Results, Standing};
use crate::show::mark;

/// Prints them: a line an exercise, what fails in full, totals.
pub(super) fn show(results: &Results) {
    for entry in &results.exercises {
        let mark = mark(entry.standing);
        println!("{mark}{:>4} {}  {}  {}", entry.number, entry.name.bold(), entry.verdict, entry.checked.dimmed());
    }
    for entry in results.exercises.iter().filter(|entry| entry.standing == Standing::Failing) {
        println!("\n{}\n{}", entry.name.bold(), entry.diagnosis.as_deref().unwrap_or_default());
    }
    for notice in &results.notices {
        println!("\nnote: {notice}");
    }
    println!("\n{}", totals(results));
}

/// `5 passed · 1 failing · 6 of 8 points`.
pub(super) fn totals(results: &Results) -> String {
    let totals = &results.totals;
    let mut parts = vec![(totals.passed, "passed"), (totals.failing, "failing"), (totals.to_do, "to do")];
    parts.retain(|(count, _)| *count > 0);
    let mut parts: Vec<String> = parts.iter().map(|(count, word)| format!("{count} {word}")).collect();
    parts.push(format!("{} of {} points", totals.points, totals.of_points));
    if results.interrupted {
        parts.push("interrupted: the others were not checked".to_owned());
    }
    parts.join(" · ")
}
