//! What the terminal is like: colours, width, and text that can do it no harm.

use std::env;
use std::io::{self, IsTerminal as _};

use threadcraft_timeline::render::Style;

/// A line needs some room, however narrow the terminal.
const NARROWEST: usize = 20;

/// Colours on a terminal only; `NO_COLOR`, `CLICOLOR=0` and `CLICOLOR_FORCE` are obeyed.
pub(crate) fn decide_colors() {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let forced = set("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let refused = set("NO_COLOR").is_some()
        || set("CLICOLOR").is_some_and(|value| value == "0")
        || set("TERM").is_some_and(|value| value == "dumb");
    colored::control::set_override(!refused && (forced || io::stdout().is_terminal()));
}

/// True if what is printed may have colours.
pub(crate) fn has_colors() -> bool {
    colored::control::SHOULD_COLORIZE.should_colorize()
}

/// How many columns a line may have.
pub(crate) fn width() -> usize {
    Style::detect().width.max(NARROWEST)
}

/// Text that a terminal shows and does not obey: control characters become visible signs, what is not UTF-8 a `�`.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(harmless_char).collect()
}

/// The same for bytes.
pub(crate) fn harmless_bytes(bytes: &[u8]) -> String {
    harmless(&String::from_utf8_lossy(bytes))
}

fn harmless_char(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('�'),
        '\u{7f}' => '␡',
        // The second set of controls, and the marks that turn the direction of writing.
        '\u{80}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '�',
        _ => c,
    }
}

/// Words in lines of at most so many columns (a longer word has its own); lines after the first are indented. What
/// stands in backquotes is one word, so that a command can be copied.
pub(crate) fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut in_quotes = false;
        let is_gap = |c: char| {
            in_quotes ^= c == '`';
            c == ' ' && !in_quotes
        };
        for word in paragraph.split(is_gap) {
            if !line.trim().is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::replace(&mut line, indent.to_owned()));
            } else if !line.is_empty() {
                line.push(' ');
            }
            line += word;
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// Text without colours: `ESC [ … letter` is left out.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..start]);
        let code = &rest[start + 2..];
        let end = code.find(|c: char| ('@'..='~').contains(&c)).map_or(code.len(), |end| end + 1);
        rest = &code[end..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_codes_and_broken_text_become_visible() {
        assert_eq!(harmless("\u{1b}[2Ja\tb\n\r\u{7f}\u{9b}\u{202e}"), "␛[2Ja\tb\n␍␡��");
        assert_eq!(harmless_bytes(b"a\xffb"), "a�b");
    }

    #[test]
    fn words_are_wrapped_and_long_ones_stay_whole() {
        assert_eq!(wrapped("one two three", 7, "  "), "one two\n  three");
        assert_eq!(wrapped("a /very/long/path b", 6, "  "), "a\n  /very/long/path\n  b");
        assert_eq!(wrapped("type `cargo xtask` now", 9, "  "), "type\n  `cargo xtask`\n  now");
        assert_eq!(wrapped("short\n\nlines", 20, "  "), "short\n\nlines");
    }

    #[test]
    fn colours_can_be_taken_out() {
        assert_eq!(plain("\u{1b}[1m\u{1b}[31merror\u{1b}[0m: x [y]"), "error: x [y]");
        assert_eq!(plain("cut \u{1b}[3"), "cut ");
    }
}
