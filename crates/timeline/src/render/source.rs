//! The program's own lines: read from the files that the locations name, and the piece of a line that one call takes.
//!
//! The compiler reports where a call starts, not where it ends: the end is found by matching brackets on the line. A
//! file that cannot be read, or has changed and become shorter, leaves `path:line`, never an error.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::style::Style;
use super::text::harmless;
use crate::report::Location;

/// A tab is shown as so many spaces, as rustc does.
const TAB: &str = "    ";

/// The files that one text needs, each read once.
#[derive(Debug, Default)]
pub(super) struct Sources {
    files: HashMap<String, Option<Rc<[String]>>>,
}

impl Sources {
    /// The line, without what is unprintable.
    pub(super) fn line(&mut self, location: &Location, style: &Style) -> Option<String> {
        let raw = self.raw(&location.file, location.line, style)?;
        Some(harmless(&raw.trim_end().replace('\t', TAB)))
    }

    /// The characters of the line, as [`Sources::line`] gives it, that belong to the call at the location.
    pub(super) fn span(&mut self, location: &Location, style: &Style) -> Option<Range<usize>> {
        let raw = self.raw(&location.file, location.line, style)?;
        let chars: Vec<char> = raw.trim_end().chars().collect();
        let span = call_at(&chars, (location.column as usize).saturating_sub(1));
        // A tab before or in the span makes it start or end later in the line that is shown.
        let shown = |end: usize| {
            let before: String = chars[..end].iter().collect();
            harmless(&before.replace('\t', TAB)).chars().count()
        };
        Some(shown(span.start)..shown(span.end))
    }

    fn raw(&mut self, file: &str, line: u32, style: &Style) -> Option<String> {
        let lines = self.files.entry(file.to_owned()).or_insert_with(|| read(file, style)).as_ref()?;
        lines.get((line as usize).checked_sub(1)?).cloned()
    }
}

/// A relative path is relative to where the compiler ran: the root of the workspace, while tests run in their package.
fn read(file: &str, style: &Style) -> Option<Rc<[String]>> {
    let here = std::env::current_dir().unwrap_or_default();
    let mut places = style.root.iter().map(PathBuf::as_path).chain(here.ancestors()).map(|place| place.join(file));
    let text = places.find_map(|path| std::fs::read(path).ok())?;
    Some(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
}

/// The path as it is shown: relative to the root if it lies below it.
pub(super) fn shown_path(file: &str, style: &Style) -> String {
    let path = Path::new(file);
    let below = style.root.as_ref().and_then(|root| path.strip_prefix(root).ok());
    harmless(&below.unwrap_or(path).display().to_string())
}

/// The name of the file alone.
pub(super) fn file_name(file: &str) -> String {
    let name = Path::new(file).file_name().map_or_else(|| file.to_owned(), |name| name.to_string_lossy().into_owned());
    harmless(&name)
}

/// The characters of the call that the compiler places at this character: `forks[left].lock()` for the `lock` in it.
fn call_at(line: &[char], at: usize) -> Range<usize> {
    if at >= line.len() {
        let indent = line.iter().take_while(|c| c.is_whitespace()).count();
        return indent..line.len();
    }
    receiver_start(line, at)..call_end(line, at)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The end of the path, the `!` of a macro and the arguments that start here.
fn call_end(line: &[char], at: usize) -> usize {
    let mut end = at;
    while end < line.len() && (is_word(line[end]) || line[end..].starts_with(&[':', ':'])) {
        end += if is_word(line[end]) { 1 } else { 2 };
    }
    if end == at {
        return closing(line, at).unwrap_or(at + 1);
    }
    let open = if line.get(end) == Some(&'!') { end + 1 } else { end };
    closing(line, open).unwrap_or(end)
}

/// The place after the bracket that closes the one at `open`; `None` if there is none or it closes on another line.
fn closing(line: &[char], open: usize) -> Option<usize> {
    if !matches!(line.get(open), Some('(' | '[' | '{')) {
        return None;
    }
    let mut depth = 0_usize;
    let mut at = open;
    while at < line.len() {
        match line[at] {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            '"' => at = end_of_string(line, at)?,
            '\'' => at += char_literal(&line[at..]),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The place of the quote that ends the string which starts at `at`.
fn end_of_string(line: &[char], mut at: usize) -> Option<usize> {
    loop {
        at += 1;
        match line.get(at)? {
            '\\' => at += 1,
            '"' => return Some(at),
            _ => {}
        }
    }
}

/// How far the end of a character literal lies from its start; 0 for a lifetime.
fn char_literal(rest: &[char]) -> usize {
    match rest {
        ['\'', '\\', _, '\'', ..] => 3,
        ['\'', _, '\'', ..] => 2,
        _ => 0,
    }
}

/// The start of what the method at `at` is called on; `at` itself if it is no method.
fn receiver_start(line: &[char], at: usize) -> usize {
    let mut start = at;
    loop {
        let before = &line[..start];
        let mut next = match before {
            [.., ':', ':'] => start - 2,
            [.., '.'] => start - 1,
            _ => return start,
        };
        let dot = next;
        while next > 0 {
            match opening_before(line, next) {
                Some(opening) => next = opening,
                None if line[next - 1] == '?' => next -= 1,
                None => break,
            }
        }
        while next > 0 && is_word(line[next - 1]) {
            next -= 1;
        }
        if next == dot {
            return start;
        }
        start = next;
    }
}

/// The place of the bracket that the one before `end` closes.
fn opening_before(line: &[char], end: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for at in (0..end).rev() {
        match line[at] {
            ')' | ']' => depth += 1,
            '(' | '[' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return (at + 1 < end).then_some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The call in `line` that the compiler places at the first `mark`.
    fn call<'l>(line: &'l str, mark: &str) -> &'l str {
        let chars: Vec<char> = line.chars().collect();
        let at = line[..line.find(mark).expect("the mark is in the line")].chars().count();
        let span = call_at(&chars, at);
        let byte = |index: usize| line.char_indices().nth(index).map_or(line.len(), |(byte, _)| byte);
        &line[byte(span.start)..byte(span.end)]
    }

    #[test]
    fn a_call_is_found_with_its_receiver_and_arguments() {
        assert_eq!(call("    let _first = forks[left].lock();", "lock"), "forks[left].lock()");
        assert_eq!(call("    total.set(total.get() + 1);", "set"), "total.set(total.get() + 1)");
        assert_eq!(call("    total.set(total.get() + 1);", "get"), "total.get()");
        assert_eq!(call("    *self.forks.get(i)?.lock() += 1;", "lock"), "self.forks.get(i)?.lock()");
        assert_eq!(call("    println!(\"a ) {}\", ')');", "println"), "println!(\"a ) {}\", ')')");
        assert_eq!(call("    threadcraft::spawn(f);", "threadcraft"), "threadcraft::spawn(f)");
        assert_eq!(call("    let x = values[9];", "values"), "values[9]");
    }

    #[test]
    fn what_does_not_end_on_the_line_is_shown_as_far_as_it_is_certain() {
        assert_eq!(call("    spawn(move || {", "spawn"), "spawn");
        assert_eq!(call("        .lock()", "lock"), "lock()");
        assert_eq!(call("    a + b", "a"), "a");
        assert_eq!(call("    (f)(x)", "(f"), "(f)");
    }

    #[test]
    fn a_column_beyond_the_line_takes_the_whole_line() {
        assert_eq!(call_at(&"  short".chars().collect::<Vec<_>>(), 40), 2..7);
        assert_eq!(call_at(&[], 0), 0..0);
    }

    #[test]
    fn paths_are_shown_below_the_root() {
        let style = Style { root: Some("/home/me/course".into()), ..Style::plain() };
        assert_eq!(shown_path("/home/me/course/work/a.rs", &style), "work/a.rs");
        assert_eq!(shown_path("/elsewhere/a.rs", &style), "/elsewhere/a.rs");
        assert_eq!(shown_path("src/a.rs", &style), "src/a.rs");
    }

    #[test]
    fn a_file_is_found_from_the_folder_of_a_package_too() {
        let location = Location { file: file!().to_owned(), line: 1, column: 1 };
        let line = Sources::default().line(&location, &Style::plain());
        assert!(line.is_some_and(|line| line.starts_with("//! The program's own lines")));
    }

    #[test]
    fn tabs_move_the_span_as_they_move_the_text() {
        let dir = std::env::temp_dir().join(format!("threadcraft-render-tabs-{}", std::process::id()));
        std::fs::write(&dir, "\tx.lock();\n").expect("the temporary directory is writable");
        let location = Location { file: dir.to_string_lossy().into_owned(), line: 1, column: 4 };
        let mut sources = Sources::default();
        assert_eq!(sources.line(&location, &Style::plain()).as_deref(), Some("    x.lock();"));
        assert_eq!(sources.span(&location, &Style::plain()), Some(4..12));
        std::fs::remove_file(dir).expect("the file was written above");
    }
}
