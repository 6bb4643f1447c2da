//! A program that ends as it should not: on how many schedules, and what happened on the simplest of them.

use super::causes::{LostUpdate, Stale};
use super::diagnostic::Remark;
use super::kinds::{Story, interruptions};
use super::names::Names;
use super::style::Paint;
use super::text::{Line, counted, cut, harmless, quoted, width};
use crate::check::Example;
use crate::report::{ObjectIndex, Trace};

/// An outcome longer than this stands in the list alone, not in the sentence.
const SHORT: usize = 40;

/// A wrong outcome's code and story.
pub(super) fn story(expected: &str, examples: &[Example], wrong: &Example, room: usize) -> (&'static str, Story) {
    let names = Names::new(&wrong.trace);
    let lost = LostUpdate::find(&wrong.trace);
    let mut story = Story { message: message(names, expected, examples, wrong, lost), ..Story::default() };
    match lost {
        Some(lost) => {
            story.view.keep.extend(lost.steps());
            story = story.caused(lost.cause(names));
        }
        None => match Stale::find(&wrong.trace) {
            Some(stale) => story = story.caused(stale.cause(names)),
            None => story.labels = interruptions(names),
        },
    }
    story.conclusion = list(expected, examples, wrong, room);
    if width(expected) > SHORT || expected.contains('\n') {
        let lines: Vec<String> = expected.trim().lines().map(harmless).collect();
        story.remarks.push(Remark::Note(format!("expected:\n{}", lines.join("\n"))));
    }
    (if lost.is_some() { "lost-update" } else { "wrong-outcomes" }, story)
}

fn message(
    names: Names<'_>,
    expected: &str,
    examples: &[Example],
    wrong: &Example,
    lost: Option<LostUpdate>,
) -> String {
    let outcome = if wrong.outcome.contains('\n') { "" } else { wrong.outcome.as_str() };
    let short = |text: &str| !text.is_empty() && width(text) <= SHORT && !text.contains('\n');
    let ends = match lost {
        Some(lost) if last_value(names.trace, lost.object) == Some(outcome) => {
            format!("`{}` ends at {}", names.object(lost.object), quoted(outcome))
        }
        Some(lost) => format!("an update of `{}` is lost", names.object(lost.object)),
        None if short(outcome) => format!("ends with {}", quoted(outcome)),
        None => "ends with a wrong outcome".to_owned(),
    };
    let on = share(wrong.times, examples);
    let expected = expected.trim();
    if short(expected) { format!("{ends} {on}, expected {}", quoted(expected)) } else { format!("{ends} {on}") }
}

/// `on 4 of 6 schedules`.
fn share(times: u64, examples: &[Example]) -> String {
    let all: u64 = examples.iter().map(|example| example.times).sum();
    format!("on {times} of {}", counted(all.max(times), "schedule"))
}

fn last_value(trace: &Trace, object: ObjectIndex) -> Option<&str> {
    trace.steps.iter().rev().find(|step| step.object == Some(object) && step.value.is_some())?.value.as_deref()
}

/// All outcomes, and whether each was to be expected.
fn list(expected: &str, examples: &[Example], wrong: &Example, room: usize) -> Vec<Line> {
    if examples.len() < 2 {
        return Vec::new();
    }
    let outcomes: Vec<String> =
        examples.iter().map(|example| cut(&quoted(&example.outcome), room.saturating_sub(30).max(8))).collect();
    let widest = outcomes.iter().map(|outcome| width(outcome)).max().unwrap_or(0);
    let line = |(example, outcome): (&Example, &String)| {
        let right = is_expected(expected, &example.outcome);
        let mut line = if right { Line::of(Paint::Right, "✓ ") } else { Line::of(Paint::Wrong, "✗ ") };
        line.put(Paint::Plain, outcome).pad_to(widest + 4);
        line.put(Paint::Plain, share(example.times, examples));
        if example.outcome == wrong.outcome {
            line.put(Paint::Faint, " (above)");
        }
        line
    };
    examples.iter().zip(&outcomes).map(line).collect()
}

/// Whether the outcome is among those expected: the whole text, one of its lines, or one between ` | `.
fn is_expected(expected: &str, outcome: &str) -> bool {
    let whole = expected.trim();
    whole == outcome || whole.lines().any(|line| line.trim() == outcome) || whole.split(" | ").any(|one| one == outcome)
}
