//! Places in files as links (OSC 8), where the terminal knows them.
//!
//! The screen's own cells know no links: after a frame is drawn, each place that it names is printed once more over
//! itself, within a link. It stays until its cells change.

use std::io::{self, Write};
use std::path::PathBuf;

use ratatui::backend::IntoCrossterm as _;
use ratatui::buffer::Buffer;
use ratatui::crossterm::cursor::MoveTo;
use ratatui::crossterm::queue;
use ratatui::crossterm::style::{Attribute, Print, ResetColor, SetAttribute, SetStyle};

/// Which places become links, and where they lead.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    /// Paths on the screen begin here; `None`: no links.
    root: Option<PathBuf>,
}

/// A place that stands on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    column: u16,
    row: u16,
    text: String,
    path: String,
}

impl Links {
    /// Links to the files below `root`, if the terminal knows them.
    pub(crate) fn detect(root: PathBuf) -> Self {
        Self { root: Some(root).filter(|_| supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)) }
    }

    /// Prints the places of a frame again, as links.
    pub(super) fn write(&self, buffer: &Buffer, out: &mut impl Write) -> io::Result<()> {
        let Some(root) = &self.root else { return Ok(()) };
        for place in places(buffer).into_iter().filter(|place| root.join(&place.path).is_file()) {
            let target = root.join(&place.path).display().to_string().replace(' ', "%20");
            let style = buffer[(place.column, place.row)].style().into_crossterm();
            let linked = format!("\u{1b}]8;;file://{target}\u{1b}\\{}\u{1b}]8;;\u{1b}\\", place.text);
            queue!(out, MoveTo(place.column, place.row), SetStyle(style), Print(linked))?;
            queue!(out, SetAttribute(Attribute::Reset), ResetColor)?;
        }
        out.flush()
    }
}

/// The places on a screen: words such as `exercises/work/a.rs:3:7`.
fn places(buffer: &Buffer) -> Vec<Place> {
    let mut places = Vec::new();
    for row in buffer.area.top()..buffer.area.bottom() {
        let mut word = Place { column: 0, row, text: String::new(), path: String::new() };
        for column in buffer.area.left()..=buffer.area.right() {
            let symbol = if column < buffer.area.right() { buffer[(column, row)].symbol() } else { " " };
            let in_path = symbol.chars().all(|c| c.is_ascii_alphanumeric() || "/._-:~+".contains(c));
            if in_path && !symbol.is_empty() {
                if word.text.is_empty() {
                    word.column = column;
                }
                word.text += symbol;
            } else {
                places.extend(as_place(std::mem::take(&mut word.text), word.column, row));
            }
        }
    }
    places
}

/// A word, if it names a place.
fn as_place(word: String, column: u16, row: u16) -> Option<Place> {
    let end = word.find(".rs").map(|at| at + 3).or_else(|| word.find(".md").map(|at| at + 3))?;
    let (path, rest) = word.split_at(end);
    let is_position = rest.chars().all(|c| c == ':' || c.is_ascii_digit());
    (path.contains('/') && is_position).then(|| Place { column, row, path: path.to_owned(), text: word.clone() })
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    fn screen(lines: &[&str]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 60, lines.len() as u16));
        for (row, line) in (0..).zip(lines) {
            buffer.set_string(0, row, line, Style::default().fg(Color::Red));
        }
        buffer
    }

    #[test]
    fn places_are_found_where_they_stand() {
        let found = places(&screen(&["  --> a/b.rs:31:24", "│ x.rs and a/c.md │", "a/b.rs|a/d.rsx"]));
        let found: Vec<_> = found.iter().map(|place| (place.column, place.row, place.text.as_str())).collect();
        assert_eq!(found, [(6, 0, "a/b.rs:31:24"), (11, 1, "a/c.md"), (0, 2, "a/b.rs")]);
    }

    #[test]
    fn only_a_file_that_is_there_is_a_link_and_only_where_links_are_known() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("a")).expect("a folder");
        std::fs::write(folder.path().join("a/b.rs"), "").expect("a file");
        let written = |links: Links| {
            let mut out = Vec::new();
            links.write(&screen(&["a/b.rs:1 a/c.rs"]), &mut out).expect("written");
            String::from_utf8(out).expect("UTF-8")
        };
        let shown = written(Links { root: Some(folder.path().to_path_buf()) });
        assert!(shown.contains("/a/b.rs\u{1b}\\a/b.rs:1\u{1b}]8;;\u{1b}\\"), "{shown:?}");
        assert!(!shown.contains("c.rs"), "{shown:?}");
        assert_eq!(written(Links::default()), "");
    }
}
