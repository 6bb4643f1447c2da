//! The result for people: a line an exercise, the first that fails in full, totals, what to do next.

use colored::Colorize as _;

use super::{Outcome, Picture, Row};
use crate::course::Exercise;
use crate::results::Standing;
use crate::show::{self, from_here, lesson, mark, title};
use crate::terminal;
use crate::verdict::Verdict;

/// Prints it.
pub(crate) fn show(outcome: &Outcome<'_>) {
    show::notices(outcome.notices.clone());
    if outcome.options.schedule.is_none() {
        list(outcome);
    }
    let failing = outcome.rows.iter().filter(|row| row.standing != Standing::Done);
    let shown = if outcome.options.full { usize::MAX } else { 1 };
    let mut any = false;
    for row in failing.take(shown) {
        any = true;
        in_full(outcome, row);
    }
    if !any && outcome.options.schedule.is_some() {
        outcome.rows.iter().for_each(|row| in_full(outcome, row));
    } else if let ([row], false, false) = (outcome.rows.as_slice(), any, outcome.options.solutions) {
        passed(outcome, row);
    }
    if outcome.options.schedule.is_none() {
        println!("{}", totals(outcome));
    }
    if outcome.interrupted {
        println!("interrupted: the others were not checked");
    }
}

/// A line an exercise, by chapter.
fn list(outcome: &Outcome<'_>) {
    let name_width = outcome.rows.iter().map(|row| row.exercise.name.len()).max().unwrap_or(0);
    let verdict_width = outcome.rows.iter().map(|row| row.summary.verdict.name().len()).max().unwrap_or(0);
    let width = terminal::width();
    for chapter in &outcome.course.chapters {
        let mut rows = outcome.rows.iter().filter(|row| row.exercise.chapter == chapter.dir).peekable();
        if rows.peek().is_none() {
            continue;
        }
        println!("{}", chapter.title.bold());
        for row in rows {
            let Row { exercise, summary, .. } = row;
            let left =
                format!("{:>4} {:name_width$}  {:verdict_width$}  ", exercise.number, exercise.name, summary.verdict);
            let room = width.saturating_sub(left.chars().count() + 4);
            let checked = cut(&checked(row), room);
            println!("  {}{left}{}", mark(row.standing), checked.dimmed());
        }
    }
    println!();
}

/// What was checked; for what the compiler or the runner refused, why.
fn checked(row: &Row<'_>) -> String {
    if row.standing == Standing::Done && row.exercise.kind.breaks() {
        return row.summary.checked.replacen("your schedule ·", "broken, then", 1);
    }
    row.summary.checked.clone()
}

/// A text that fits; what does not is said by `…`.
fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// One exercise in full.
fn in_full(outcome: &Outcome<'_>, row: &Row<'_>) {
    let exercise = row.exercise;
    let file = file(outcome, exercise);
    println!("{}", title(exercise));
    println!("  {}  {}", "task".dimmed(), from_here(&exercise.file("task.md")));
    println!("  {}  {}\n", "file".dimmed(), from_here(&file));
    let picture = Picture {
        exercise: &exercise.name,
        file: &file,
        places: outcome.places,
        width: terminal::width(),
        colors: terminal::has_colors(),
    };
    println!("{}\n", picture.draw(&row.summary, &row.details.read()));
}

fn file(outcome: &Outcome<'_>, exercise: &Exercise) -> std::path::PathBuf {
    if outcome.options.solutions { exercise.file("solution.rs") } else { exercise.work_file.clone() }
}

/// What an exercise teaches, when it is passed.
fn passed(outcome: &Outcome<'_>, row: &Row<'_>) {
    let details = row.details.read();
    for warning in &details.compiler {
        let warning = if terminal::has_colors() { warning.clone() } else { terminal::plain(warning) };
        println!("{}", warning.trim_end());
    }
    println!("{}\n", lesson(row.exercise));
    println!("why it is right, and our solution: cargo xtask solution {}", row.exercise.name);
    if let Some(next) = outcome.next {
        println!("next: {} in {}", title(next), from_here(&next.work_file));
    }
    println!();
}

/// How many of each, and the next step.
fn totals(outcome: &Outcome<'_>) -> String {
    let count = |standing| outcome.rows.iter().filter(|row| row.standing == standing).count();
    let mut parts = Vec::new();
    for (standing, word) in [(Standing::Done, "passed"), (Standing::Failing, "failing"), (Standing::ToDo, "to do")] {
        if count(standing) > 0 {
            parts.push(format!("{} {word}", count(standing)));
        }
    }
    let unchanged = outcome.rows.iter().filter(|row| row.unchanged).count();
    if unchanged > 0 {
        parts.push(format!("{unchanged} not changed since").dimmed().to_string());
    }
    let mut text = parts.join(" · ");
    let next = outcome.rows.iter().find(|row| row.standing != Standing::Done && !outcome.options.solutions);
    if let Some(row) = next {
        text += &format!("\nnext: {}", next_step(row));
    }
    text
}

fn next_step(row: &Row<'_>) -> String {
    let name = &row.exercise.name;
    match row.summary.verdict {
        Verdict::MissingFile => format!("cargo xtask reset {name}"),
        Verdict::CourseError => "restore the course with git".to_owned(),
        _ => {
            let file = from_here(&row.exercise.work_file);
            let verdict = row.summary.verdict;
            format!(
                "edit {file}, then cargo xtask verify {name}\nstuck? cargo xtask hint {name}, cargo xtask explain {verdict}"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_does_not_fit_ends_in_dots() {
        assert_eq!(cut("all interleavings", 80), "all interleavings");
        assert_eq!(cut("all interleavings", 8), "all int…");
        assert_eq!(cut("x", 0), "…");
    }
}
