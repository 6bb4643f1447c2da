//! Rules for Rust: what only `platform` may name, why each unsafe block is sound, no silenced warnings.

use super::File;
use crate::lines::Fault;

/// What only `platform` may name, and what everybody else uses.
const PLATFORM_ONLY: [(&str, &str); 4] = [
    ("std::sync", "the atomics, cells and futex of `threadcraft_platform`"),
    ("std::thread", "`threadcraft_platform::thread`"),
    ("std::time::Instant", "`threadcraft_platform::Instant`"),
    ("libc::", "a function of `threadcraft_platform`"),
];

/// Crates to which that does not apply: the seam itself, and those that are never explored.
const EXEMPT: [&str; 4] = ["crates/platform/", "crates/explore/", "crates/timeline/", "crates/benchmarks/"];

/// How far above an unsafe block its reasons may begin.
const NEAR: usize = 16;

/// Split, so that this file has none.
const SILENCED: [&str; 2] = [concat!("#[al", "low("), concat!("#![al", "low(")];

pub(super) fn check(file: &File) -> Vec<Fault> {
    // A near miss may do what is forbidden: that is what makes it one.
    if !file.is_rust() || file.path.starts_with("exercises/") && file.path.contains("/wrong/") {
        return Vec::new();
    }
    let lines: Vec<&str> = file.text.lines().collect();
    let is_bound = file.path.starts_with("crates/") && !EXEMPT.iter().any(|exempt| file.path.starts_with(exempt));
    let mut is_test = is_test_file(&file.path);
    let mut faults = Vec::new();
    for (line, text) in file.lines() {
        let code = code_of(text);
        is_test |= code.contains("#[cfg(test)]") || code.contains("#[cfg(all(test");
        for (name, instead) in PLATFORM_ONLY.iter().filter(|_| is_bound && !is_test) {
            if code.contains(name) {
                let name = name.trim_end_matches(':');
                faults.push(file.fault(line, format!("only `platform` names `{name}`: use {instead}")));
            }
        }
        if SILENCED.iter().any(|silenced| code.contains(silenced)) {
            faults.push(file.fault(line, "a silenced warning: repair it, or `#[expect(…, reason = \"…\")]`"));
        }
        if is_unsafe(code) && !is_justified(&lines[..line]) {
            faults.push(
                file.fault(line, "unsafe without reasons: a `// SAFETY:` comment above, one bullet an obligation"),
            );
        }
    }
    faults
}

fn is_test_file(path: &str) -> bool {
    ["/tests/", "/benches/", "/examples/"].iter().any(|part| path.contains(part)) || path.ends_with("tests.rs")
}

/// A line without its comment.
fn code_of(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.find(" // ").map_or(line, |comment| &line[..comment])
}

/// A block or an implementation; an unsafe function says in its docs what its callers must see to.
fn is_unsafe(code: &str) -> bool {
    let has = |what: &str| code.match_indices(what).any(|(start, _)| !code[..start].ends_with(['"', '`', '_']));
    has(concat!("unsafe", " {")) || has(concat!("unsafe", " impl"))
}

/// True if the reasons stand above, with nothing but the same statement between.
fn is_justified(lines: &[&str]) -> bool {
    let above = lines.iter().rev().skip(1).take(NEAR);
    for line in above {
        let text = line.trim();
        if text.starts_with("// SAFETY:") {
            return true;
        }
        // The end of another statement or item: what stands above it belongs to that.
        if !text.starts_with("//") && (text.is_empty() || text.ends_with([';', '}'])) {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::{file, told};
    use super::*;

    #[test]
    fn only_the_seam_names_what_cannot_be_explored() {
        for (name, _) in PLATFORM_ONLY {
            let text = format!("use {name};\n");
            let faults = told(&check(&file("crates/lock/src/lib.rs", &text)));
            assert!(faults.len() == 1 && faults[0].contains("use "), "{name}: {faults:?}");
            assert!(check(&file("crates/platform/src/real/mod.rs", &text)).is_empty());
            assert!(check(&file("xtask/src/main.rs", &text)).is_empty());
            assert!(check(&file("crates/lock/tests/native.rs", &text)).is_empty());
            assert!(check(&file("crates/lock/src/lib.rs", &format!("//! like `{name}`\n"))).is_empty());
            let tested = format!("#[cfg(test)]\nmod tests {{\n    use {name};\n}}\n");
            assert!(check(&file("crates/lock/src/lib.rs", &tested)).is_empty());
        }
    }

    #[test]
    fn a_silenced_warning_is_found() {
        let text = format!("{}dead_code)]\nfn f() {{}}\n", SILENCED[0]);
        assert_eq!(told(&check(&file("tests/a.rs", &text))).len(), 1);
        assert!(check(&file("tests/a.rs", "#[expect(dead_code, reason = \"x\")]\nfn f() {}\n")).is_empty());
    }

    #[test]
    fn unsafe_needs_reasons_of_its_own() {
        let block = concat!("    unsafe", " { f() };\n");
        let with = |before: &str| told(&check(&file("a.rs", &format!("{before}{block}"))));
        assert_eq!(with("fn g() {\n").len(), 1);
        assert!(with("    // SAFETY:\n    // * it is\n").is_empty());
        assert!(with("    // SAFETY: it is\n    let x =\n").is_empty());
        assert_eq!(with("    // SAFETY: of another\n    let x = 1;\n").len(), 1);
        let implementation = concat!("unsafe", " impl Send for X {}\n");
        assert_eq!(check(&file("a.rs", implementation)).len(), 1);
        assert!(check(&file("exercises/01_threads/send/wrong/a.rs", implementation)).is_empty());
    }
}
