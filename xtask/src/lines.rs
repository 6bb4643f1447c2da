//! From a byte offset to a line, and faults that stand on lines: `path:line: what, do this instead`.

use std::fmt;

/// The line (from 1) that holds the byte at `offset`.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|&byte| byte == b'\n').count()
}

/// One fault at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    /// The file, from the repository on.
    pub(crate) path: String,
    /// The line, from 1; 0 if the fault is about the whole file.
    pub(crate) line: usize,
    /// What is wrong, and what to do instead.
    pub(crate) what: String,
}

impl Fault {
    /// A fault on a line.
    pub(crate) fn new(path: impl Into<String>, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.into(), line, what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// All faults, one a line.
pub(crate) fn listed(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let text = "a\nbc\n";
        assert_eq!([0, 1, 2, 4, 5].map(|offset| line_of(text, offset)), [1, 1, 2, 2, 3]);
    }

    #[test]
    fn a_fault_about_a_whole_file_has_no_line() {
        assert_eq!(Fault::new("a.rs", 3, "no").to_string(), "a.rs:3: no");
        assert_eq!(Fault::new("a.rs", 0, "no").to_string(), "a.rs: no");
    }
}
