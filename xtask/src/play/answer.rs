//! The line of a learner's file that holds the schedule: `pub const SCHEDULE: &str = "…";`.

use std::ops::Range;

/// The schedule that a file holds.
pub(crate) fn find(source: &str) -> Option<&str> {
    place(source).map(|place| &source[place])
}

/// The same file with another schedule.
pub(crate) fn with(source: &str, schedule: &str) -> Option<String> {
    let place = place(source)?;
    Some(format!("{}{schedule}{}", &source[..place.start], &source[place.end..]))
}

/// What stands between the quotes. A schedule has no quote and no backslash, so the next quote ends it.
fn place(source: &str) -> Option<Range<usize>> {
    let mut line_start = 0;
    for line in source.split_inclusive('\n') {
        let code = line.trim_start();
        let declares = code.strip_prefix("pub ").unwrap_or(code).starts_with("const SCHEDULE:");
        if declares && let Some(open) = line.find('"') {
            let start = line_start + open + 1;
            return source[start..].find('"').map(|length| start..start + length);
        }
        line_start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str =
        "//! const SCHEDULE: &str = \"x\";\n// \npub const SCHEDULE: &str = \"ab2\"; // mine\nfn f() {}\n";

    #[test]
    fn the_schedule_is_found_where_it_is_declared() {
        assert_eq!(find(SOURCE), Some("ab2"));
        assert_eq!(find("const SCHEDULE: &str = \"\";"), Some(""));
        assert_eq!(find("const SCHEDULE: &str = concat!();\n\"x\""), None);
        assert_eq!(find("fn main() {}"), None);
    }

    #[test]
    fn only_the_schedule_is_replaced() {
        assert_eq!(with(SOURCE, "abcbc").as_deref(), Some(SOURCE.replace("ab2", "abcbc").as_str()));
        assert_eq!(with("fn main() {}", "a"), None);
    }
}
