//! Lines that know how wide they are: everything is laid out as painted pieces and becomes a string only at the end.

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::style::{Paint, Style};

/// One line of painted pieces.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pieces: Vec<(Paint, String)>,
    width: usize,
}

impl Line {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A line of one piece.
    pub(super) fn of(paint: Paint, text: impl Into<String>) -> Self {
        let mut line = Self::new();
        line.put(paint, text);
        line
    }

    /// Adds a piece at the end.
    pub(super) fn put(&mut self, paint: Paint, text: impl Into<String>) -> &mut Self {
        let text = text.into();
        self.width += width(&text);
        match self.pieces.last_mut() {
            Some((last, before)) if *last == paint => before.push_str(&text),
            _ => self.pieces.push((paint, text)),
        }
        self
    }

    /// Adds a line at the end.
    pub(super) fn put_line(&mut self, line: Self) -> &mut Self {
        self.width += line.width;
        self.pieces.extend(line.pieces);
        self
    }

    /// Adds spaces until the line is so wide.
    pub(super) fn pad_to(&mut self, column: usize) -> &mut Self {
        self.put(Paint::Plain, " ".repeat(column.saturating_sub(self.width)))
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The same line, cut to so many columns; a cut is shown as `…`.
    pub(super) fn cut(self, most: usize) -> Self {
        if self.width <= most {
            return self;
        }
        let mut line = Self::new();
        for (paint, text) in self.pieces {
            let room = most - line.width;
            if width(&text) >= room {
                // Something follows for sure, as the whole is wider than `most`.
                line.put(paint, cut(&format!("{text} "), room));
                break;
            }
            line.put(paint, text);
        }
        line
    }

    /// The same line, and another after it.
    pub(super) fn with(mut self, line: Self) -> Self {
        self.put_line(line);
        self
    }

    /// The line in lines of at most so many columns, all but the first indented to the word after the first. A line that
    /// must be broken keeps the role of its first piece, a sign, alone.
    pub(super) fn wrapped(self, most: usize) -> Vec<Self> {
        if self.width <= most {
            return vec![self];
        }
        let paint = self.pieces.first().map_or(Paint::Plain, |(paint, _)| *paint);
        let text = self.into_text();
        let Some((sign, rest)) = text.split_once(' ') else { return vec![Self::of(paint, text)] };
        let indent = width(sign) + 1;
        let texts = wrap(rest, most.saturating_sub(indent));
        let line = |(index, text): (usize, &String)| {
            let mut line = if index == 0 { Self::of(paint, sign) } else { Self::new() };
            line.pad_to(indent).put(Paint::Plain, text);
            line
        };
        texts.iter().enumerate().map(line).collect()
    }

    /// The text without its roles.
    pub(super) fn into_text(self) -> String {
        self.pieces.into_iter().map(|(_, text)| text).collect()
    }

    fn render(&self, style: &Style) -> String {
        let whole: String = self.pieces.iter().map(|(_, text)| text.as_str()).collect();
        let mut left = whole.trim_end().len();
        let mut out = String::new();
        for (paint, text) in &self.pieces {
            let shown = &text[..text.len().min(left)];
            left -= shown.len();
            let seen = if shown.trim().is_empty() { Paint::Plain } else { *paint };
            out.push_str(&style.paint(seen, shown));
        }
        out
    }
}

/// Lines one under the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    lines: Vec<Line>,
}

impl Page {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    pub(super) fn extend(&mut self, lines: impl IntoIterator<Item = Line>) {
        self.lines.extend(lines);
    }

    /// An empty line between what stands there and what follows.
    pub(super) fn gap(&mut self) {
        if !self.lines.is_empty() {
            self.push(Line::new());
        }
    }

    /// The text; it ends with a newline.
    pub(super) fn render(&self, style: &Style) -> String {
        self.lines.iter().map(|line| line.render(style) + "\n").collect()
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text, cut to so many columns; a cut is shown as `…`.
pub(super) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept) + 1 > most {
            kept.pop();
            break;
        }
    }
    if most > 0 {
        kept.push('…');
    }
    kept
}

/// The text in lines of at most so many columns, broken between words where a word fits at all. All lines have the
/// indentation of the text.
pub(super) fn wrap(text: &str, most: usize) -> Vec<String> {
    let rest = text.trim_start_matches(' ');
    let indent = text.len() - rest.len();
    if indent == 0 || indent * 2 > most {
        return wrap_words(rest, most.max(1));
    }
    wrap_words(rest, most - indent).into_iter().map(|line| " ".repeat(indent) + &line).collect()
}

fn wrap_words(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for mut word in text.split(' ') {
        let last = lines.last_mut().expect("there is always a line");
        if !last.is_empty() && width(last) + 1 + width(word) <= most {
            last.push(' ');
            last.push_str(word);
            continue;
        }
        if !last.is_empty() {
            lines.push(String::new());
        }
        while fitting(word, most) < word.len() {
            let (head, rest) = word.split_at(fitting(word, most));
            lines.last_mut().expect("there is always a line").push_str(head);
            lines.push(String::new());
            word = rest;
        }
        lines.last_mut().expect("there is always a line").push_str(word);
    }
    lines
}

/// How many bytes of the text fit into so many columns; at least one character.
fn fitting(text: &str, most: usize) -> usize {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut fits = 0;
    for end in ends {
        if fits > 0 && width(&text[..end]) > most {
            break;
        }
        fits = end;
    }
    fits
}

/// The text with whatever would move the cursor written as an escape: names, values and messages are the program's.
pub(super) fn harmless(text: &str) -> String {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if invisible(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// The text in backticks, unless it is a plain word or number that cannot be mistaken.
pub(super) fn quoted(text: &str) -> String {
    let text = harmless(text);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("`{text}`") }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// `1 step`, `2 steps`.
pub(super) fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// The time in the largest unit that leaves something before the point, with at most three digits behind it.
pub(super) fn duration(time: Duration) -> String {
    let nanos = time.as_nanos();
    let (unit, name) = match nanos {
        0 => return "0 s".to_owned(),
        1_000_000_000.. => (1_000_000_000, "s"),
        1_000_000.. => (1_000_000, "ms"),
        1_000.. => (1_000, "µs"),
        _ => (1, "ns"),
    };
    let thousandths = format!("{:03}", nanos % unit * 1000 / unit);
    match thousandths.trim_end_matches('0') {
        "" => format!("{} {name}", nanos / unit),
        digits => format!("{}.{digits} {name}", nanos / unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_wrap_and_long_words_break() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("  left: 1", 8), ["  left:", "  1"]);
        assert_eq!(wrap("日本語", 1), ["日", "本", "語"]);
    }

    #[test]
    fn a_cut_is_seen_and_never_wider_than_asked() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("abc", 0), "");
        let line = || {
            let mut line = Line::of(Paint::Plain, "abc");
            line.put(Paint::Strong, "def");
            line
        };
        assert_eq!(line().cut(3).render(&Style::plain()), "ab…");
        assert_eq!(line().cut(6).render(&Style::plain()), "abcdef");
    }

    #[test]
    fn spaces_at_the_end_are_dropped_across_pieces() {
        let mut line = Line::of(Paint::Strong, "a ");
        line.pad_to(9);
        let style = Style { color: true, ..Style::plain() };
        assert_eq!(line.render(&style), "\x1b[1ma\x1b[0m");
    }

    #[test]
    fn what_the_program_wrote_cannot_move_the_cursor() {
        assert_eq!(harmless("a\x1b[2J\nb\u{202e}c"), "a\\u{1b}[2J\\nb\\u{202e}c");
        assert_eq!(quoted("total = 1"), "`total = 1`");
        assert_eq!(quoted("12"), "12");
        assert_eq!(quoted(""), "``");
    }

    #[test]
    fn times_read_like_speech() {
        let of = |nanos| duration(Duration::from_nanos(nanos));
        assert_eq!(of(0), "0 s");
        assert_eq!(of(10_000_000), "10 ms");
        assert_eq!(of(1_500_000_000), "1.5 s");
        assert_eq!(of(2_050), "2.05 µs");
        assert_eq!(of(86_400_000_000_000), "86400 s");
        assert_eq!(of(999), "999 ns");
    }

    #[test]
    fn lists_and_counts() {
        let names = |names: &[&str]| listed(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(names(&["P0", "P1", "P2"]), "P0, P1 and P2");
        assert_eq!(names(&["P0"]), "P0");
        assert_eq!(counted(1, "step"), "1 step");
        assert_eq!(counted(0, "step"), "0 steps");
    }
}
