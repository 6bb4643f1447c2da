//! A diagnostic as rustc writes it: one sentence, the place, the source lines with labels under them, notes and help.

use std::collections::BTreeMap;
use std::ops::Range;

use super::source::{Sources, shown_path};
use super::style::{Paint, Style};
use super::text::{Line, cut, harmless, width, wrap};
use crate::report::Location;

/// More labels than this under one place say no more.
const MOST_LABELS: usize = 6;

/// What the second line of a sentence begins with.
const HANGING: &str = "  ";

/// In a text narrower than this, remarks are not indented to their first word.
const NARROW: usize = 40;

/// What stands under a source line.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) location: Location,
    pub(super) text: String,
    /// True for a place where it goes wrong, false for one that led there.
    pub(super) primary: bool,
    /// Labels of one place stand in this order: that of the steps they speak of.
    pub(super) order: usize,
}

impl Label {
    pub(super) fn primary(location: &Location, text: impl Into<String>) -> Self {
        Self { location: location.clone(), text: text.into(), primary: true, order: 0 }
    }

    pub(super) fn secondary(location: &Location, text: impl Into<String>) -> Self {
        Self { primary: false, ..Self::primary(location, text) }
    }

    /// The same label, placed among those of its place by this step.
    pub(super) fn at_step(self, step: usize) -> Self {
        Self { order: step, ..self }
    }

    /// The same label at a place that led there.
    pub(super) fn into_cause(self) -> Self {
        Self { primary: false, ..self }
    }

    fn paint(&self) -> Paint {
        if self.primary { Paint::Wrong } else { Paint::Cause }
    }
}

/// A remark after the source lines.
#[derive(Debug, Clone)]
pub(super) enum Remark {
    /// A fact.
    Note(String),
    /// What to do.
    Help(String),
    /// What to type: never broken into lines, so that it can be copied.
    Command(&'static str, String),
}

/// `error[code]: title: message`.
pub(super) fn headline(code: &str, title: &str, message: &str, style: &Style) -> Vec<Line> {
    let title = if title.is_empty() { String::new() } else { format!("{}: ", harmless(title)) };
    let head = format!("error[{code}]");
    let whole = format!("{head}: {title}{message}");
    let mut lines = Vec::new();
    for (index, text) in wrap(&whole, style.width.saturating_sub(HANGING.len())).into_iter().enumerate() {
        let mut line = Line::new();
        match text.strip_prefix(&head) {
            Some(rest) if index == 0 => line.put(Paint::Wrong, head.clone()).put(Paint::Strong, rest),
            _ => line.put(Paint::Strong, format!("{HANGING}{text}")),
        };
        lines.push(line);
    }
    lines
}

/// How wide the column of line numbers is.
pub(super) fn gutter(labels: &[Label]) -> usize {
    labels.iter().map(|label| label.location.line.to_string().len()).max().unwrap_or(2)
}

/// The source lines with their labels, file by file, the one of the first primary label first.
pub(super) fn snippet(labels: &[Label], sources: &mut Sources, style: &Style) -> Vec<Line> {
    let mut files: Vec<&str> = Vec::new();
    let first = labels.iter().find(|label| label.primary).or(labels.first());
    for label in first.into_iter().chain(labels) {
        if !files.contains(&label.location.file.as_str()) {
            files.push(&label.location.file);
        }
    }
    let gutter = gutter(labels);
    let mut page = Vec::new();
    for (index, file) in files.into_iter().enumerate() {
        let of_file: Vec<&Label> = labels.iter().filter(|label| label.location.file == file).collect();
        let at = of_file.iter().find(|label| label.primary).unwrap_or(&of_file[0]);
        let mut line = Line::of(Paint::Plain, " ".repeat(gutter));
        line.put(Paint::Frame, if index == 0 { "--> " } else { "::: " });
        let place = &at.location;
        line.put(Paint::Plain, format!("{}:{}:{}", shown_path(file, style), place.line, place.column));
        page.push(line);
        page.extend(FileBlock { labels: of_file, gutter, style }.lines(sources));
    }
    page
}

/// The labels of one file.
struct FileBlock<'a> {
    labels: Vec<&'a Label>,
    gutter: usize,
    style: &'a Style,
}

impl FileBlock<'_> {
    fn lines(&self, sources: &mut Sources) -> Vec<Line> {
        let mut by_line: BTreeMap<u32, Vec<&Label>> = BTreeMap::new();
        for label in &self.labels {
            by_line.entry(label.location.line).or_default().push(label);
        }
        for labels in by_line.values_mut() {
            labels.sort_by_key(|label| label.order);
        }
        let dedent = self.dedent(&by_line, sources);
        let mut page = vec![self.frame("", "|")];
        let mut previous = None;
        for (&number, labels) in &by_line {
            match previous.map(|previous| number - previous) {
                None | Some(1) => {}
                Some(2) => page.extend(self.bare_line(labels[0], number - 1, dedent, sources)),
                Some(_) => page.push(Line::of(Paint::Frame, "...")),
            }
            page.extend(self.labelled_line(labels, dedent, sources));
            previous = Some(number);
        }
        page
    }

    /// How many columns of indentation to leave out: none, unless a labelled place would not fit.
    fn dedent(&self, by_line: &BTreeMap<u32, Vec<&Label>>, sources: &mut Sources) -> usize {
        let mut least = usize::MAX;
        let mut fits = true;
        for label in by_line.values().flatten() {
            let (Some(text), Some(span)) =
                (sources.line(&label.location, self.style), sources.span(&label.location, self.style))
            else {
                continue;
            };
            least = least.min(text.chars().take_while(|c| *c == ' ').count());
            fits &= span.end.max(width(&text)) <= self.room();
        }
        if fits { 0 } else { least }
    }

    /// The columns to the right of the gutter.
    fn room(&self) -> usize {
        self.style.width.saturating_sub(self.gutter + 3).max(8)
    }

    fn frame(&self, number: &str, bar: &str) -> Line {
        let mut line = Line::of(Paint::Frame, format!("{number:>gutter$} {bar}", gutter = self.gutter));
        line.put(Paint::Plain, " ");
        line
    }

    fn bare_line(&self, beside: &Label, number: u32, dedent: usize, sources: &mut Sources) -> Option<Line> {
        let text = sources.line(&Location { line: number, ..beside.location.clone() }, self.style)?;
        let mut line = self.frame(&number.to_string(), "|");
        line.put(Paint::Plain, cut(&skip(&text, dedent), self.room()));
        Some(line)
    }

    fn labelled_line(&self, labels: &[&Label], dedent: usize, sources: &mut Sources) -> Vec<Line> {
        let number = labels[0].location.line.to_string();
        let Some(text) = sources.line(&labels[0].location, self.style) else {
            // The file is not here: the number and what happened still help.
            let texts = labels.iter().flat_map(|label| self.label_texts(0, label));
            let lines = texts.enumerate().map(|(index, (paint, text))| {
                let mut line = self.frame(if index == 0 { &number } else { "" }, "|");
                line.put(paint, text);
                line
            });
            return lines.collect();
        };
        let mut spans: Vec<(Range<usize>, Vec<&Label>)> = Vec::new();
        for &label in labels {
            let span = sources.span(&label.location, self.style).unwrap_or(0..0);
            match spans.iter_mut().find(|(known, _)| *known == span) {
                Some((_, same)) => same.push(label),
                None => spans.push((span, vec![label])),
            }
        }
        let view = View::new(&text, dedent, spans.iter().map(|(span, _)| span), self.room());
        let mut line = self.frame(&number, "|");
        line.put(Paint::Plain, view.text.clone());
        let mut page = vec![line];
        page.extend(spans.iter().flat_map(|(span, labels)| self.underlined(&view.place(span), labels)));
        page
    }

    /// The underline of one place, and its labels to the right of it or below it.
    fn underlined(&self, place: &Range<usize>, labels: &[&Label]) -> Vec<Line> {
        let primary = labels.iter().find(|label| label.primary);
        let paint = primary.unwrap_or(&labels[0]).paint();
        let mark = if primary.is_some() { "^" } else { "-" };
        let mut under = self.frame("", "|");
        under.put(Paint::Plain, " ".repeat(place.start)).put(paint, mark.repeat(place.len().max(1)));
        let after = place.end.max(place.start + 1) + 1;
        let longest = labels.iter().flat_map(|label| label.text.split('\n')).map(width).max().unwrap_or(0);
        let beside = self.room().saturating_sub(after) >= longest;
        let column = if beside { after } else { place.start.min(self.room().saturating_sub(longest)) };
        let shown = if labels.len() > MOST_LABELS { MOST_LABELS - 1 } else { labels.len() };
        let mut texts: Vec<_> = labels[..shown].iter().flat_map(|label| self.label_texts(column, label)).collect();
        if shown < labels.len() {
            let more = format!("and {} more like this", labels.len() - shown);
            texts.extend(wrap(&more, self.room().saturating_sub(column)).into_iter().map(|text| (paint, text)));
        }
        let mut texts = texts.into_iter();
        if beside && let Some((paint, text)) = texts.next() {
            under.put(Paint::Plain, " ").put(paint, text);
        }
        let rest = texts.map(|(paint, text)| {
            let mut line = self.frame("", "|");
            line.put(Paint::Plain, " ".repeat(column)).put(paint, text);
            line
        });
        std::iter::once(under).chain(rest).collect()
    }

    /// A label in as many lines as it takes from this column on.
    fn label_texts(&self, column: usize, label: &Label) -> Vec<(Paint, String)> {
        let room = self.room().saturating_sub(column);
        label.text.split('\n').flat_map(|text| wrap(text, room)).map(|text| (label.paint(), text)).collect()
    }
}

/// The part of a source line that is shown.
struct View {
    text: String,
    /// How many characters are left out at the start, and how many columns stand in their place.
    skipped: usize,
    shift: usize,
    chars: Vec<char>,
    room: usize,
}

impl View {
    fn new<'s>(text: &str, dedent: usize, spans: impl Iterator<Item = &'s Range<usize>>, room: usize) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let (mut start, mut end) = (usize::MAX, 0);
        for span in spans {
            start = start.min(span.start);
            end = end.max(span.end);
        }
        let before_end: String = chars[dedent.min(end)..end].iter().collect();
        let (skipped, lead) = if width(&before_end) <= room || start <= dedent { (dedent, "") } else { (start, "…") };
        let rest: String = chars[skipped.min(chars.len())..].iter().collect();
        let shown = cut(&format!("{lead}{rest}"), room);
        Self { text: shown, skipped, shift: width(lead), chars, room }
    }

    /// The columns of the shown text where a span of the line stands.
    fn place(&self, span: &Range<usize>) -> Range<usize> {
        let column = |at: usize| {
            let before: String = self.chars[self.skipped.min(at)..at].iter().collect();
            (self.shift + width(&before)).min(self.room)
        };
        let start = column(span.start).min(self.room.saturating_sub(1));
        start..column(span.end)
    }
}

fn skip(text: &str, dedent: usize) -> String {
    let indent = text.chars().take_while(|c| *c == ' ').count();
    text.chars().skip(dedent.min(indent)).collect()
}

/// Remarks, aligned with the gutter.
pub(super) fn remarks(remarks: &[Remark], gutter: usize, style: &Style) -> Vec<Line> {
    remarks.iter().flat_map(|remark| remark_lines(remark, gutter, style)).collect()
}

fn remark_lines(remark: &Remark, gutter: usize, style: &Style) -> Vec<Line> {
    let word = match remark {
        Remark::Note(_) => "note: ",
        Remark::Help(_) => "help: ",
        Remark::Command(word, _) => word,
    };
    let start = gutter + 1 + "= ".len();
    let indent = if style.width < NARROW { start } else { start + word.len() };
    let texts = match remark {
        Remark::Note(text) | Remark::Help(text) => wrapped(&format!("{word}{text}"), start, indent, style),
        Remark::Command(_, text) => vec![format!("{word}{text}")],
    };
    let mut page = Vec::new();
    for (index, text) in texts.into_iter().enumerate() {
        let mut line = Line::of(Paint::Plain, " ".repeat(gutter + 1));
        match text.strip_prefix(word) {
            Some(rest) if index == 0 => {
                line.put(Paint::Frame, "= ").put(Paint::Strong, word).put(Paint::Plain, rest);
            }
            _ => {
                line.pad_to(indent).put(Paint::Plain, text);
            }
        }
        page.push(line);
    }
    page
}

/// The text in lines, of which the first stands at `start` and the others at `indent`.
fn wrapped(text: &str, start: usize, indent: usize, style: &Style) -> Vec<String> {
    let room = style.width.saturating_sub(start);
    let mut lines = Vec::new();
    for part in text.split('\n') {
        // What has the same room everywhere is wrapped once; else the first line is, and then the rest.
        let whole = wrap(part, if lines.is_empty() { room } else { style.width.saturating_sub(indent) });
        if !lines.is_empty() || whole.len() == 1 || indent == start {
            lines.extend(whole);
            continue;
        }
        let first = whole[0].clone();
        let rest = part[first.len()..].trim_start().to_owned();
        lines.push(first);
        lines.extend(wrap(&rest, style.width.saturating_sub(indent)));
    }
    lines
}

/// The command that shows the schedule again, as a remark; the bare schedule if no command is known.
pub(super) fn replay(schedule: &crate::schedule::Schedule, style: &Style) -> Remark {
    let text = schedule.to_string();
    match &style.replay {
        Some(command) => Remark::Command("help: ", format!("replay: {command}{}", for_shell(&text))),
        None if text.is_empty() => Remark::Note("schedule: empty, each thread runs until it blocks or ends".to_owned()),
        None => Remark::Command("note: ", format!("schedule: {text}")),
    }
}

/// The schedule as one word of a shell.
fn for_shell(text: &str) -> String {
    let bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
    if bare { text.to_owned() } else { format!("'{text}'") }
}
