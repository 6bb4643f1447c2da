//! The results as JUnit's XML, which test reporters of CI systems read: a suite a chapter, a case an exercise.
//!
//! Written by hand: it is four elements, and a writer for all of XML would be compiled by every learner before the
//! first verdict. The tests read it with a reader of another hand.

use std::fmt::Write as _;

use super::{Entry, Results, Standing};
use crate::verdict::Verdict;

/// The document.
pub(super) fn document(results: &Results) -> String {
    let mut chapters: Vec<&str> = results.exercises.iter().map(|entry| entry.chapter.as_str()).collect();
    chapters.dedup();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<&Entry> = results.exercises.iter().collect();
    line(&mut xml, 0, &format!("<testsuites name=\"threadcraft\" {}>", counts(results, &all)));
    for chapter in chapters {
        let entries: Vec<&Entry> = results.exercises.iter().filter(|entry| entry.chapter == chapter).collect();
        line(&mut xml, 1, &format!("<testsuite name=\"{}\" {}>", escaped(chapter), counts(results, &entries)));
        for entry in entries {
            case(&mut xml, results, entry);
        }
        line(&mut xml, 1, "</testsuite>");
    }
    line(&mut xml, 0, "</testsuites>");
    xml
}

/// What becomes of an exercise in JUnit's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Success,
    Failure,
    Error,
    Skipped,
}

/// What is to do is skipped, except where all must pass; a fault of the course is an error and nobody's failure.
fn kind(results: &Results, entry: &Entry) -> Kind {
    match entry.standing {
        _ if entry.verdict == Verdict::CourseError => Kind::Error,
        Standing::Done => Kind::Success,
        standing if standing.fails(results.strict) => Kind::Failure,
        _ => Kind::Skipped,
    }
}

fn counts(results: &Results, entries: &[&Entry]) -> String {
    let count = |wanted| entries.iter().filter(|entry| kind(results, entry) == wanted).count();
    let (failures, errors, skipped) = (count(Kind::Failure), count(Kind::Error), count(Kind::Skipped));
    let tests = entries.len();
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\"")
}

fn case(xml: &mut String, results: &Results, entry: &Entry) {
    let Entry { name, chapter, file, points, earned, verdict, checked, .. } = entry;
    let place = entry.line.map_or_else(String::new, |line| format!(" line=\"{line}\""));
    let (name, chapter, file) = (escaped(name), escaped(chapter), escaped(file));
    line(xml, 2, &format!("<testcase name=\"{name}\" classname=\"{chapter}\" file=\"{file}\"{place}>"));
    line(xml, 3, "<properties>");
    line(xml, 4, &format!("<property name=\"points\" value=\"{points}\"/>"));
    line(xml, 4, &format!("<property name=\"earned\" value=\"{earned}\"/>"));
    line(xml, 3, "</properties>");
    let checked = escaped(checked);
    let diagnosis = escaped(entry.diagnosis.as_deref().unwrap_or_default());
    match kind(results, entry) {
        Kind::Success => {}
        Kind::Skipped => line(xml, 3, &format!("<skipped message=\"to do: {checked}\"/>")),
        Kind::Failure => {
            line(xml, 3, &format!("<failure type=\"{verdict}\" message=\"{checked}\">{diagnosis}</failure>"));
        }
        Kind::Error => line(xml, 3, &format!("<error type=\"{verdict}\" message=\"{checked}\">{diagnosis}</error>")),
    }
    line(xml, 2, "</testcase>");
}

fn line(xml: &mut String, depth: usize, text: &str) {
    writeln!(xml, "{:1$}{text}", "", 2 * depth).expect("a string takes all");
}

/// Text for an element or an attribute. What XML cannot hold at all is shown by a sign.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\t' | '\n' => escaped.push(c),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
