//! Reports as text for people: the diagnostic under the program's own lines, the timeline, and what to type next.
//!
//! A text is made in four steps that know nothing of each other: `kinds` and `outcome` decide what is said, `rows`
//! which steps are shown, `diagnostic` and `table` where everything stands, `style` how it is painted. Texts are the
//! same for the same report, have no spaces at line ends, and end with a newline. Whatever the program itself named or
//! printed is shown with its control characters escaped.

mod causes;
mod diagnostic;
#[cfg(test)]
mod fixtures;
mod held;
mod kinds;
mod names;
mod outcome;
mod rows;
mod source;
mod standing;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod text;

pub use standing::{Card, Scene};
pub use style::Style;

use crate::check::{Claim, Example, Played};
use crate::report::{Failure, FailureKind, Trace};
use crate::why::{Mark, Why};
use diagnostic::Remark;
use kinds::Story;
use names::Names;
use rows::View;
use source::Sources;
use style::Paint;
use text::{Line, Page};

/// How far the lines under a timeline are indented.
const INDENT: usize = 3;

/// What went wrong, why, on which lines, and the timeline that led there. `title` names the program and may be empty.
#[must_use]
pub fn failure(title: &str, failure: &Failure, style: &Style) -> String {
    told(failure.kind.name(), title, kinds::story(failure), failure, style)
}

/// Why it went wrong, as data.
pub(crate) fn why(failure: &Failure) -> Why {
    let story = kinds::story(failure);
    let marks = story.view.marks.into_iter().map(|(step, text)| Mark { step, text }).collect();
    Why { what: story.message, because: story.because, pattern: story.pattern, marks }
}

/// What the threads did, step by step.
#[must_use]
pub fn timeline(trace: &Trace, style: &Style) -> String {
    let names = Names::new(trace);
    let mut page = Page::new();
    page.extend(table::table(names, &rows::rows(names, &View::default()), &mut Sources::default(), style));
    page.render(style)
}

/// How a program stands after the first steps of a schedule, in words: for who plays the scheduler.
#[must_use]
pub fn scene(played: &Played, style: &Style) -> Scene {
    standing::scene(played, style)
}

/// A program that ends as it should not: `wrong` is the execution to show, `examples` has one of each outcome that was
/// seen, and `expected` is the outcome, or the outcomes, that it should have. A lost update is called by its name.
#[must_use]
pub fn wrong_outcome(title: &str, expected: &str, examples: &[Example], wrong: &Example, style: &Style) -> String {
    let (code, mut story) = outcome::story(expected, examples, wrong, style.width);
    story.remarks.push(diagnostic::replay(&wrong.schedule, style));
    text(code, title, &story, Some(&wrong.trace), style)
}

/// A claim that does not hold: the execution that refutes it if there is one, else what was seen instead.
#[must_use]
pub fn refuted(title: &str, claim: &Claim, style: &Style) -> String {
    let Some(failure) = &claim.refuted_by else {
        let story = kinds::property(Names::new(&Trace::default()), &claim.text, &claim.seen);
        return text(&claim.verdict, title, &story, None, style);
    };
    let story = match failure.kind {
        FailureKind::Property { .. } => kinds::property(Names::new(&failure.trace), &claim.text, &claim.seen),
        _ => {
            let mut story = kinds::story(failure);
            story.remarks.push(Remark::Note(format!("so this does not hold: {}", text::harmless(&claim.text))));
            story
        }
    };
    told(&claim.verdict, title, story, failure, style)
}

/// The story of a failure, with how it was found and how to see it again.
fn told(code: &str, title: &str, mut story: Story, failure: &Failure, style: &Style) -> String {
    if !failure.trace.steps.is_empty() {
        let steps = failure.trace.steps.len();
        let how = names::how_found(&failure.kind, failure.found_after, steps, failure.preemptions);
        story.remarks.insert(0, Remark::Note(how));
    }
    // A schedule that cannot be followed, or that orders nothing, shows nothing when it is played again.
    if !matches!(failure.kind, FailureKind::Diverged { .. } | FailureKind::NothingRecorded) {
        story.remarks.push(diagnostic::replay(&failure.schedule, style));
    }
    text(code, title, &story, Some(&failure.trace), style)
}

/// A whole text: sentence, source lines, timeline, conclusion, remarks.
fn text(code: &str, title: &str, story: &Story, trace: Option<&Trace>, style: &Style) -> String {
    let mut sources = Sources::default();
    let mut page = Page::new();
    page.extend(diagnostic::headline(code, title, &story.message, style));
    page.extend(diagnostic::snippet(&story.labels, &mut sources, style));
    if let Some(trace) = trace.filter(|trace| !trace.steps.is_empty()) {
        let names = Names::new(trace);
        page.gap();
        page.extend(table::table(names, &rows::rows(names, &story.view), &mut sources, style));
    }
    let because = story
        .because
        .as_ref()
        .map(|because| Line::of(Paint::Strong, "why:").with(Line::of(Paint::Plain, format!(" {because}"))));
    if because.is_some() || !story.conclusion.is_empty() {
        page.gap();
        page.extend(because.iter().chain(&story.conclusion).flat_map(|line| indented(line, style)));
    }
    page.gap();
    page.extend(diagnostic::remarks(&story.remarks, diagnostic::gutter(&story.labels), style));
    page.render(style)
}

/// A line of a conclusion: its sign, then the rest in as many lines as it takes.
fn indented(line: &Line, style: &Style) -> Vec<Line> {
    let room = style.width.saturating_sub(INDENT);
    line.clone().wrapped(room).into_iter().map(|line| Line::of(Paint::Plain, " ".repeat(INDENT)).with(line)).collect()
}
