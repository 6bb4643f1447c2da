//! What a learner's file takes from the standard library that no check can see. A lock of `std` or a thread of its own
//! works, and the explorer knows nothing of it: the verdict then says that something is missing which stands there.

/// A path, what it may end in, and what to use instead.
const OUTSIDE: [(&str, &str, &str); 9] = [
    ("std::thread", "", "`spawn`, `sleep` and `yield_now` of `threadcraft::prelude`"),
    ("std::sync", "Mutex", "`threadcraft::Lock`"),
    ("std::sync", "RwLock", "`threadcraft::Lock`"),
    ("std::sync", "Condvar", "`threadcraft::Condition`"),
    ("std::sync", "Barrier", "`threadcraft::Barrier`"),
    ("std::sync", "mpsc", "`threadcraft::Queue`"),
    ("std::sync", "atomic", "`threadcraft::atomic`, or a `Shared`"),
    ("std::time", "Instant", "`threadcraft::Instant`"),
    ("std::sync", "Once", "a value that is made in `main`"),
];

/// For each line that takes something from outside: its number, what that is, and what to use instead.
pub(super) fn found(source: &str) -> Vec<String> {
    let mut notes = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for (path, name, instead) in OUTSIDE {
            let Some((_, rest)) = code.split_once(path) else { continue };
            if name.is_empty() || has_word(rest, name) {
                let what = if name.is_empty() { path.to_owned() } else { format!("{path}::{name}") };
                notes.push(format!("line {} uses `{what}`, which no check can see: use {instead}", index + 1));
            }
        }
    }
    notes
}

/// Whether this name begins a word of the text: `Once` begins `OnceLock`, and `Barrier` no `MyBarrier`.
fn has_word(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_check_can_see_is_named_with_its_line_and_what_to_use() {
        let told = |source: &str| found(source).join("\n");
        assert_eq!(told("use std::sync::Arc;\nuse threadcraft::prelude::*;\n"), "");
        assert_eq!(
            told("use std::sync::{Arc, Mutex};"),
            "line 1 uses `std::sync::Mutex`, which no check can see: use `threadcraft::Lock`"
        );
        assert!(told("\nlet t = std::thread::spawn(f);").starts_with("line 2 uses `std::thread`, "));
        assert!(told("use std::sync::OnceLock;").contains("`std::sync::Once`"));
        assert_eq!(found("use std::sync::{Barrier, Condvar, mpsc};").len(), 3);
        assert_eq!(told("// use std::sync::Mutex;\nuse std::sync::Arc; // no Mutex"), "", "a remark");
        assert_eq!(told("use std::time::Duration;\nstruct MyMutex;"), "");
    }
}
