//! A finding in full, as text: what the explorer draws, what the compiler says, and the runner's own words, in one
//! form: a headline `error[verdict]: …`, the evidence, and help at the end.

use std::path::Path;

use colored::{Color, Colorize as _};
use similar::{ChangeTag, TextDiff};
use threadcraft_timeline::check::{CheckReport, Example, Part, PartKind, Snapshot};
use threadcraft_timeline::render;
use threadcraft_timeline::report::Failure;

use super::outside;
use crate::findings::{Details, Fault, Printed, Summary, What};
use crate::places::Places;
use crate::terminal;
use crate::verdict::Verdict;

/// How many lines of a program's own output are shown, of the beginning and of the end.
const OUTPUT_LINES: usize = 8;

/// How to draw.
pub(crate) struct Picture<'a> {
    /// The exercise.
    pub(crate) exercise: &'a str,
    /// The file that was checked.
    pub(crate) file: &'a Path,
    /// Where everything lies.
    pub(crate) places: &'a Places,
    /// How many columns there are.
    pub(crate) width: usize,
    /// With colours.
    pub(crate) colors: bool,
}

impl Picture<'_> {
    /// The text of a finding.
    pub(crate) fn draw(&self, summary: &Summary, details: &Details) -> String {
        let mut blocks = Vec::new();
        if !details.said.is_empty() {
            blocks.push(self.said(summary.verdict, &details.said.join("\n")));
        }
        blocks.extend(details.compiler.iter().map(|text| self.colored(text).trim_end().to_owned()));
        if let Some(report) = &details.report {
            blocks.extend(self.report(summary.verdict, report, details.fault.as_ref()));
            if details.fault.is_some() {
                blocks.extend(self.outside());
            }
        }
        if !summary.verdict.is_passed() && !details.printed.head.trim().is_empty() {
            blocks.push(printed(&details.printed));
        }
        blocks.join("\n\n")
    }

    /// What the learner's file uses that no check can see, and that may be why.
    fn outside(&self) -> Option<String> {
        let notes = outside::found(&std::fs::read_to_string(self.file).unwrap_or_default());
        let note = |note: &String| {
            let note = terminal::wrapped(&format!("= note: {note}"), self.width.saturating_sub(3), "           ");
            format!("   {note}")
        };
        (!notes.is_empty()).then(|| notes.iter().map(note).collect::<Vec<_>>().join("\n"))
    }

    fn report(&self, verdict: Verdict, report: &CheckReport, fault: Option<&Fault>) -> Vec<String> {
        if let Some(part) = report.parts.iter().find(|part| part.kind == PartKind::Replay) {
            return self.replay(part);
        }
        let Some(fault) = fault else { return Vec::new() };
        let Some(part) = report.parts.get(fault.part) else { return Vec::new() };
        let mut blocks: Vec<String> = match &fault.what {
            What::Failure => part.report.failure.iter().map(|failure| self.failure(failure)).collect(),
            What::Claim(claim) => self.claim(part, *claim),
            What::Snapshot { expected } => match &part.snapshot {
                Some(snapshot) if verdict != Verdict::CourseError => self.difference(verdict, part, snapshot, expected),
                _ => Vec::new(),
            },
        };
        // Of several programs, the one that it is about.
        let explored = report.parts.iter().filter(|part| part.kind == PartKind::Explore).count();
        if part.kind == PartKind::Explore && explored > 1 && !blocks.iter().any(|block| block.contains(&part.title)) {
            let program = format!("= program: {}", part.title);
            let program = terminal::wrapped(&program, self.width.saturating_sub(3), "           ");
            if let Some(last) = blocks.last_mut() {
                let gap = if last.contains("\n   = ") { "" } else { "\n" };
                *last = format!("{last}\n{gap}   {program}");
            }
        }
        blocks
    }

    /// One schedule that was asked for: everything that happened on it.
    fn replay(&self, part: &Part) -> Vec<String> {
        let unfollowed = part.claims.iter().position(|claim| !claim.holds);
        match (&part.report.failure, unfollowed) {
            (_, Some(claim)) => self.claim(part, claim),
            (Some(failure), None) => vec![self.failure(failure)],
            (None, None) => part.examples.iter().map(|example| self.timeline(example)).collect(),
        }
    }

    fn failure(&self, failure: &Failure) -> String {
        render::failure(self.exercise, failure, &self.style()).trim_end().to_owned()
    }

    fn timeline(&self, example: &Example) -> String {
        let timeline = render::timeline(&example.trace, &self.style());
        let schedule = &example.schedule;
        let steps = if schedule.is_empty() { String::new() } else { format!(" on schedule {schedule}") };
        format!("outcome{steps}: {}\n{}", example.outcome, timeline.trim_end())
    }

    /// A claim that does not hold: with the execution that refutes it, or with what the learner's schedule does.
    fn claim(&self, part: &Part, claim: usize) -> Vec<String> {
        let Some(claim) = part.claims.get(claim) else { return Vec::new() };
        if part.kind == PartKind::Explore {
            return vec![render::refuted(self.exercise, claim, &self.style()).trim_end().to_owned()];
        }
        // Nothing is refuted here: a schedule was given, and it is not the one that is wanted.
        let verdict = claim.verdict.parse().unwrap_or(Verdict::CourseError);
        let headline = self.headline(verdict, &claim.seen);
        let wanted = terminal::wrapped(&format!("= wanted: {}", claim.text), self.width.saturating_sub(2), "    ");
        let mut blocks = vec![format!("{headline}\n  {wanted}")];
        blocks.extend(part.examples.first().map(|example| self.timeline(example)));
        blocks
    }

    fn difference(&self, verdict: Verdict, part: &Part, snapshot: &Snapshot, expected: &str) -> Vec<String> {
        let wrong = part.examples.iter().find(|example| !holds(expected, &example.outcome));
        if let (Verdict::WrongOutcomes, Some(wrong)) = (verdict, wrong) {
            let text = render::wrong_outcome(self.exercise, expected, &part.examples, wrong, &self.style());
            return vec![text.trim_end().to_owned()];
        }
        // Of several wrong outputs the one whose execution is shown: all of them at once are no help.
        let (what, actual) = match (verdict, wrong) {
            (Verdict::WrongOutcomes, _) => ("some outcome that must be possible never happens", &snapshot.contents),
            (_, Some(wrong)) => ("it does not print what it should", &wrong.outcome),
            (_, None) => ("it does not print what it should", &snapshot.contents),
        };
        let mut text = self.headline(verdict, &format!("{}: {what}", part.title));
        text += "\n\n";
        text += &self.diff(expected, actual);
        let mut blocks = vec![text.trim_end().to_owned()];
        blocks.extend(wrong.map(|example| render::timeline(&example.trace, &self.style()).trim_end().to_owned()));
        blocks
    }

    /// The runner's own words, with the file they are about.
    fn said(&self, verdict: Verdict, text: &str) -> String {
        let file = self.places.shown(self.file);
        let place = if text.contains(&file) { String::new() } else { format!("\n --> {file}") };
        self.headline(verdict, text) + &place
    }

    fn headline(&self, verdict: Verdict, text: &str) -> String {
        let kind = format!("error[{verdict}]");
        // Wrapped first: the codes of colours take no columns.
        let text = terminal::wrapped(&format!("{kind}: {text}"), self.width, "  ");
        text.replacen(&kind, &self.paint(&kind, Color::Red), 1)
    }

    /// What is expected and what is there, line by line.
    fn diff(&self, expected: &str, actual: &str) -> String {
        let mut text = String::from("  - expected\n  + yours\n\n");
        for change in TextDiff::from_lines(expected.trim_end(), actual.trim_end()).iter_all_changes() {
            let line = change.value().trim_end_matches('\n');
            let shown = match change.tag() {
                ChangeTag::Delete => self.paint(&format!("  - {line}"), Color::Red),
                ChangeTag::Insert => self.paint(&format!("  + {line}"), Color::Green),
                ChangeTag::Equal => format!("    {line}"),
            };
            text += &shown;
            text.push('\n');
        }
        text
    }

    fn paint(&self, text: &str, color: Color) -> String {
        if self.colors { text.color(color).to_string() } else { text.to_owned() }
    }

    fn colored(&self, text: &str) -> String {
        if self.colors { text.to_owned() } else { terminal::plain(text) }
    }

    fn style(&self) -> render::Style {
        render::Style {
            width: self.width,
            color: self.colors,
            root: Some(self.places.root.clone()),
            replay: Some(format!("cargo xtask verify {} --schedule ", self.exercise)),
        }
    }
}

/// True if an outcome is one of those that a snapshot lists, as whole lines of it.
pub(crate) fn holds(expected: &str, outcome: &str) -> bool {
    format!("\n{expected}\n").contains(&format!("\n{outcome}\n"))
}

/// What the process printed past the explorer: the first lines and the last.
fn printed(printed: &Printed) -> String {
    let head: Vec<&str> = printed.head.lines().collect();
    let (first, rest) = head.split_at(head.len().min(OUTPUT_LINES));
    let tail: Vec<&str> = printed.tail.lines().collect();
    let rest = if printed.missing > 0 { &tail } else { rest };
    let last = &rest[rest.len().saturating_sub(OUTPUT_LINES)..];
    let mut shown = vec!["it printed:".to_owned()];
    shown.extend(first.iter().map(|line| format!("  | {}", shortened(line))));
    match rest.len() - last.len() {
        _ if printed.missing > 0 => shown.push(format!("  … about {} bytes …", printed.missing)),
        0 => {}
        lines => shown.push(format!("  … {lines} lines …")),
    }
    shown.extend(last.iter().map(|line| format!("  | {}", shortened(line))));
    shown.join("\n")
}

fn shortened(line: &str) -> String {
    const LONGEST: usize = 160;
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let start: String = line.chars().take(LONGEST).collect();
    format!("{start} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_holds_if_it_is_a_whole_entry_of_the_snapshot() {
        assert!(holds("counter = 2", "counter = 2"));
        assert!(holds("a = 1\na = 2", "a = 2"));
        assert!(!holds("counter = 21", "counter = 2"));
        assert!(holds("main prints\n  a\n--- or, on another schedule:\nmain prints\n  b", "main prints\n  b"));
    }

    #[test]
    fn a_difference_shows_both_sides() {
        let root = std::path::PathBuf::new();
        let places = Places { work: root.clone(), generated: root.clone(), root };
        let picture = Picture { exercise: "spawn", file: Path::new(""), places: &places, width: 80, colors: false };
        let text = picture.diff("main prints\n  1\n  2", "main prints\n  2\n");
        assert_eq!(text, "  - expected\n  + yours\n\n    main prints\n  -   1\n      2\n");
    }

    #[test]
    fn of_long_output_the_beginning_and_the_end_are_shown() {
        let head: String = (1..=100).map(|line| format!("{line}\n")).collect();
        let whole = printed(&Printed { head, ..Printed::default() });
        assert_eq!(whole.lines().count(), 1 + 2 * OUTPUT_LINES + 1);
        assert!(whole.contains("| 1\n") && whole.contains("… 84 lines …") && whole.ends_with("| 100"), "{whole}");
        let cut = printed(&Printed { head: "x".repeat(1000), missing: 7, tail: "end".to_owned() });
        assert!(cut.contains("… about 7 bytes …") && cut.ends_with("| end") && cut.chars().count() < 250, "{cut}");
    }
}
