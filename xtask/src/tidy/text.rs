//! Rules for every text: its ends of lines, its length, the marks of work that is not done.

use super::File;
use crate::lines::Fault;

/// A file that is longer hides its parts.
const LONGEST: usize = 450;

/// Words that say "not done"; split, so that this file has none.
const NOT_DONE: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
];

pub(super) fn check(file: &File) -> Vec<Fault> {
    let mut faults = Vec::new();
    if is_generated(&file.path) {
        return faults;
    }
    if file.path.starts_with("exercises/work/") {
        faults.push(file.fault(0, "a learner's file in the course's own repository: `git rm --cached` it"));
        return faults;
    }
    for (line, text) in file.lines() {
        // Two spaces at the end of a line of Markdown are a line break, which nobody sees: not there either.
        if text.ends_with([' ', '\t', '\r']) {
            faults.push(file.fault(line, "space at the end of the line: remove it"));
        }
        if let Some(word) = NOT_DONE.iter().find(|word| has_word(text, word)).filter(|_| is_ours(file)) {
            let word = word.trim_end_matches('(');
            faults.push(file.fault(line, format!("`{word}`: do it, or open an issue")));
        }
    }
    if !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")) {
        faults.push(file.fault(file.text.lines().count(), "the file must end with one newline"));
    }
    let length = file.text.lines().count();
    if file.is_rust() && length > LONGEST {
        faults.push(file.fault(0, format!("{length} lines, more than {LONGEST}: split it by concern")));
    }
    faults
}

/// What tools write has its own form.
fn is_generated(path: &str) -> bool {
    path.ends_with(".lock") || path.ends_with(".snap")
}

/// Code, but not what learners are to complete or what they may write wrongly.
fn is_ours(file: &File) -> bool {
    let is_learning =
        file.path.starts_with("exercises/") && (file.path.ends_with("/starter.rs") || file.path.contains("/wrong/"));
    (file.is_rust() || file.path.ends_with(".toml")) && !is_learning
}

/// True if the word stands alone.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        !before.is_some_and(is_part) && (word.ends_with('(') || !after.is_some_and(is_part))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{file, told};
    use super::*;

    #[test]
    fn a_good_file_has_no_fault() {
        assert!(check(&file("a.rs", "fn f() {}\n")).is_empty());
        assert!(check(&file("a.rs", "")).is_empty());
    }

    #[test]
    fn ends_of_lines_and_of_the_file_count() {
        let faults = told(&check(&file("a.md", "one \ntwo\t\nthree")));
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults[0].starts_with("a.md:1: space") && faults[2].starts_with("a.md:3: the file must end"));
        assert_eq!(check(&file("a.md", "one\n\n")).len(), 1);
    }

    #[test]
    fn what_is_not_done_is_found_where_it_is_ours() {
        for word in NOT_DONE {
            let text = format!("// {word}\n");
            assert_eq!(check(&file("crates/lock/src/lib.rs", &text)).len(), 1, "{word}");
            assert!(check(&file("exercises/01_threads/spawn/starter.rs", &text)).is_empty());
            assert!(check(&file("exercises/01_threads/spawn/wrong/x.rs", &text)).is_empty());
            assert_eq!(check(&file("exercises/01_threads/spawn/solution.rs", &text)).len(), 1);
        }
        assert!(check(&file("a.rs", concat!("// a", "TO", "DOs\n"))).is_empty(), "only whole words");
    }

    #[test]
    fn a_long_file_is_found() {
        assert!(check(&file("a.rs", &"// x\n".repeat(LONGEST))).is_empty());
        assert_eq!(check(&file("a.rs", &"// x\n".repeat(LONGEST + 1))).len(), 1);
        assert!(check(&file("a.md", &"x\n".repeat(LONGEST + 1))).is_empty(), "texts may be long");
    }

    #[test]
    fn a_learner_s_file_does_not_belong_here() {
        let faults = told(&check(&file("exercises/work/01_threads/spawn.rs", "x")));
        assert!(faults.len() == 1 && faults[0].contains("git rm"), "{faults:?}");
    }
}
