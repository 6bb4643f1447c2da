//! The results for GitHub Actions: an annotation at the line of each exercise that fails, and a table in the summary of
//! the run.

use std::env;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;

use anyhow::Context as _;

use super::human::totals;
use super::{Entry, Results, Standing};
use crate::verdict::Verdict;

/// GitHub names the file for the summary in this variable.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The annotations, as commands that the runner of GitHub reads from the output.
pub(super) fn commands(results: &Results) -> String {
    let mut text = String::new();
    for entry in results.exercises.iter().filter(|entry| entry.standing != Standing::Done) {
        let Entry { name, file, verdict, checked, .. } = entry;
        let is_wrong = *verdict == Verdict::CourseError || entry.standing.fails(results.strict);
        let level = if is_wrong { "error" } else { "notice" };
        let line = entry.line.map_or_else(String::new, |line| format!(",line={line}"));
        let title = property(&format!("{name}: {verdict}"));
        let message = entry.diagnosis.as_deref().filter(|_| is_wrong).unwrap_or(checked);
        writeln!(text, "::{level} file={}{line},title={title}::{}", property(file), data(message))
            .expect("a string takes all");
    }
    for notice in &results.notices {
        writeln!(text, "::warning::{}", data(notice)).expect("a string takes all");
    }
    text + &totals(results) + "\n"
}

/// Adds the table to the run's summary, if there is one.
pub(super) fn summarize(results: &Results) -> anyhow::Result<()> {
    let Some(file) = env::var_os(SUMMARY).filter(|file| !file.is_empty()) else { return Ok(()) };
    let mut file = OpenOptions::new().append(true).create(true).open(&file).context(SUMMARY)?;
    file.write_all(table(results).as_bytes()).context(SUMMARY)
}

/// The table, as Markdown.
fn table(results: &Results) -> String {
    let mut text = String::from("| | exercise | points | verdict | checked |\n|---|---|--:|---|---|\n");
    for entry in &results.exercises {
        let mark = match entry.standing {
            Standing::Done => "✅",
            Standing::ToDo => "▫️",
            Standing::Failing => "❌",
        };
        let Entry { name, points, earned, verdict, checked, .. } = entry;
        writeln!(text, "| {mark} | {name} | {earned} / {points} | {verdict} | {} |", cell(checked))
            .expect("a string takes all");
    }
    text + "\n" + &totals(results) + "\n"
}

/// A message: what could end it, or begin a command of its own, is encoded.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command: `:` and `,` end one, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A cell of a table: no mark of Markdown or HTML means anything in it.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => cell.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '&' | '#' | '~' => cell.extend(['\\', c]),
            c => cell.push(c),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_begin_a_command_of_its_own() {
        assert_eq!(data("50 %\r\n::set-env name=x::y"), "50 %25%0D%0A::set-env name=x::y");
        assert_eq!(property("a,b::c"), "a%2Cb%3A%3Ac");
        assert_eq!(cell("a|b\n<b>*x*"), "a\\|b \\<b\\>\\*x\\*");
    }
}
