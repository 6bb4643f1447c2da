//! What a learner reads of a near miss, as a snapshot beside it: a worse message is as much a fault as a wrong verdict.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use crate::places::Places;
use crate::snapshot::Snapshots;
use crate::verdict::Verdict;
use crate::verify::{Checked, Picture, Subject};

/// What is shown, at 80 columns and without colours.
pub(crate) fn drawn(places: &Places, checked: &Checked, subject: &Subject<'_>) -> String {
    let (exercise, file) = (subject.exercise.name.as_str(), subject.file.as_path());
    let picture = Picture { exercise, file, places, width: 80, colors: false };
    picture.draw(&checked.summary, &checked.details.read())
}

/// What is kept of it: all but what may change without being wrong, which is numbers of schedules, as they are shown and
/// never compared, and the compiler's own words, of which the first line is enough.
pub(crate) fn kept(places: &Places, checked: &Checked, subject: &Subject<'_>) -> String {
    let verdict = checked.summary.verdict;
    let drawn = drawn(places, checked, subject);
    let shown = match verdict {
        Verdict::CompileError => drawn.lines().take(2).collect::<Vec<_>>().join("\n"),
        _ => without_counts(&drawn),
    };
    // Lines may end in space where a line of source was empty.
    let shown: Vec<&str> = shown.lines().map(str::trim_end).collect();
    format!("{verdict}\n\n{}", shown.join("\n"))
}

/// What differs from the accepted snapshot, if anything does: what to do about it, and the difference.
pub(crate) fn differs(places: &Places, checked: &Checked, subject: &Subject<'_>) -> Option<(String, String)> {
    let found = kept(places, checked, subject);
    let stem = subject.file.file_stem().unwrap_or_default().to_string_lossy();
    let snapshots = Snapshots::read(subject.file.parent()?);
    let name = &subject.exercise.name;
    match snapshots.expected(&stem) {
        Ok(expected) if expected.trim_end() == found.trim_end() => None,
        Ok(expected) => Some((
            format!("it is shown otherwise than accepted: read it, and `cargo xtask snapshot {name} --accept`"),
            difference(expected, &found),
        )),
        Err(_) => Some((
            format!("nobody has accepted what is shown of it: read it, and `cargo xtask snapshot {name} --accept`"),
            found,
        )),
    }
}

fn difference(expected: &str, found: &str) -> String {
    let diff = TextDiff::from_lines(expected, found);
    let mut text = String::new();
    for change in diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal) {
        let _ = writeln!(text, "{}{}", change.tag(), change.value().trim_end());
    }
    text
}

/// Writes `#` for the numbers in `3 of 28 schedules`, `the 28 schedules` and `schedule 3 of the search`, wherever the
/// lines are broken.
fn without_counts(text: &str) -> String {
    // Words and the spaces between them, one after the other.
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        match pieces.last_mut() {
            Some(piece) if piece.ends_with(char::is_whitespace) == c.is_whitespace() => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    let is =
        |pieces: &[String], index: usize, word: &str| pieces.get(index).is_some_and(|piece| piece.starts_with(word));
    for index in 0..pieces.len() {
        let number = pieces[index].bytes().all(|byte| byte.is_ascii_digit());
        let counted = is(&pieces, index + 2, "schedules")
            || is(&pieces, index + 2, "of")
                && (is(&pieces, index + 6, "schedules") || is(&pieces, index + 6, "search"));
        if number && counted {
            pieces[index] = "#".to_owned();
        }
    }
    pieces.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_schedules_are_masked_and_nothing_else() {
        let text = "is lost on 7 of 26\n  schedules, expected 2\n   12  set(2)\n = found on schedule 3 of the search: 20 steps";
        let masked =
            "is lost on # of #\n  schedules, expected 2\n   12  set(2)\n = found on schedule # of the search: 20 steps";
        assert_eq!(without_counts(text), masked);
    }

    #[test]
    fn a_difference_shows_what_is_gone_and_what_is_new() {
        assert_eq!(difference("a\nb\nc\n", "a\nx\nc\n"), "-b\n+x\n");
    }
}
