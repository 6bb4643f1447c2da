//! `conformance`: runs what Python's tests ask of each primitive, on ours over both futexes and on its peers, and writes
//! `tests/CONFORMANCE.md` and the table of features from what ran.
//!
//! A test is called `implementation::behaviour`, and its file after the primitive: that is all this command knows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

use super::features;
use crate::exit::Exit;
use crate::places::Places;

const TITLE: &str = "# Behaviours, and who has them

Made by `cargo xtask conformance` from the tests that it ran, and checked by `cargo xtask ci --nightly`. Each behaviour is
a test in `tests/conformance_*.rs`, written once and run on every implementation that has the feature.

✓ passed, ✗ failed, – not run: it has no such feature, or the types rule out the question. *Ours, portable* is ours over
`parking_lot_core` instead of the system's futex; *reference* is a plain one from a mutex and a condition variable, where
peers have none. `usync`'s barrier serves one phase, its condition does not always tell that a wait ended by its deadline,
and both it and `std`'s may wake more than were notified: they are not asked for these.
";

/// The column that says what we have.
const OURS: &str = "ours";

/// The columns: how the names of an implementation's modules begin, and what it is called.
const COLUMNS: [(&str, &str); 9] = [
    ("ours_bounded", "ours, bounded"),
    ("ours", OURS),
    ("portable ours_bounded", "ours, bounded, portable"),
    ("portable ours", "ours, portable"),
    ("of_std", "std"),
    ("of_parking_lot", "parking_lot"),
    ("of_usync", "usync"),
    ("of_crossbeam", "crossbeam-channel"),
    ("reference", "reference"),
];

/// Whether an implementation passed, by behaviour and column.
type Results = BTreeMap<String, BTreeMap<&'static str, bool>>;

/// Runs the command; with `check` it writes nothing, and fails if the file is out of date.
pub(crate) fn run(places: &Places, check: bool) -> anyhow::Result<Exit> {
    let mut text = TITLE.to_owned();
    let mut ours = BTreeMap::new();
    for primitive in primitives(&places.root)? {
        let mut results = Results::new();
        for is_portable in [false, true] {
            collect(&test(places, &primitive, is_portable)?, is_portable, &mut results);
        }
        anyhow::ensure!(!results.is_empty(), "no test of {primitive} ran: see what cargo says above");
        text += &section(&primitive, &results);
        for (behaviour, of_behaviour) in results {
            let passed = of_behaviour.get(OURS) == Some(&true);
            ours.insert((primitive.clone(), behaviour), passed);
        }
    }
    let file = places.root.join("tests/CONFORMANCE.md");
    let mut is_current = true;
    for (file, text) in [(&file, &text), (&places.root.join(features::FILE), &features::text(&ours))] {
        let is_as_written = fs::read_to_string(file).is_ok_and(|written| written == *text);
        if !check && !is_as_written {
            fs::write(file, text).with_context(|| file.display().to_string())?;
        }
        is_current &= is_as_written;
    }
    let has_failed = text.lines().any(|line| line.starts_with('|') && line.contains('✗'));
    println!("{}", places.shown(&file));
    if has_failed {
        println!("a behaviour failed: `cargo test -p threadcraft-tests --test 'conformance_*'` says how");
    }
    if check && !is_current {
        println!("out of date: write it anew with `cargo xtask conformance`");
    }
    Ok(if has_failed || check && !is_current { Exit::Failed } else { Exit::Success })
}

/// The primitives that have such tests.
fn primitives(root: &Path) -> anyhow::Result<Vec<String>> {
    let entries = fs::read_dir(root.join("tests/tests")).context("there are no tests")?.flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let of_these = |name: String| Some(name.strip_prefix("conformance_")?.strip_suffix(".rs")?.to_owned());
    let mut primitives: Vec<String> = names.filter_map(of_these).collect();
    primitives.sort();
    Ok(primitives)
}

/// Runs the tests of a primitive, and returns what they printed.
fn test(places: &Places, primitive: &str, is_portable: bool) -> anyhow::Result<String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["test", "--quiet", "-p", "threadcraft-tests", "--test", &format!("conformance_{primitive}")]);
    if is_portable {
        command.args(["--features", "threadcraft-platform/portable"]);
    }
    command.args(["--", "--format", "pretty"]).current_dir(&places.root).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().context("cargo does not start")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Adds what the lines `test implementation::behaviour ... ok` say. A peer does not change with our futex.
fn collect(output: &str, is_portable: bool, results: &mut Results) {
    for line in output.lines() {
        let Some((name, result)) = line.strip_prefix("test ").and_then(|rest| rest.rsplit_once(" ... ")) else {
            continue;
        };
        // What only ours has needs no module.
        let (implementation, behaviour) = name.split_once("::").unwrap_or(("ours", name));
        let key = if is_portable { format!("portable {implementation}") } else { implementation.to_owned() };
        let Some((_, column)) = COLUMNS.iter().find(|(start, _)| key.starts_with(start)) else { continue };
        let of_behaviour = results.entry(behaviour.replace('_', " ")).or_default();
        *of_behaviour.entry(column).or_insert(true) &= result == "ok";
    }
}

/// The table of a primitive.
fn section(primitive: &str, results: &Results) -> String {
    let has = |column: &str| results.values().any(|of_behaviour| of_behaviour.contains_key(column));
    let columns: Vec<&str> = COLUMNS.iter().map(|&(_, column)| column).filter(|column| has(column)).collect();
    let mut text =
        format!("\n## {primitive}\n\n| behaviour | {} |\n|---|{}\n", columns.join(" | "), ":-:|".repeat(columns.len()));
    for (behaviour, of_behaviour) in results {
        let mark = |column: &&str| match of_behaviour.get(column) {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "–",
        };
        let marks: Vec<&str> = columns.iter().map(mark).collect();
        writeln!(text, "| {behaviour} | {} |", marks.join(" | ")).expect("a string takes it");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "running 5 tests\n\
        test ours::it_works ... ok\n\
        test ours_timed::it_gives_up ... ok\n\
        test of_std::it_works ... FAILED\n\
        test unknown::it_works ... ok\n\
        test only_we_can ... ok\n";

    #[test]
    fn a_table_says_what_ran_and_what_failed() {
        let mut results = Results::new();
        collect(OUTPUT, false, &mut results);
        collect(&OUTPUT.replace("only_we_can ... ok", "only_we_can ... FAILED"), true, &mut results);
        let expected = "\n## lock\n\n\
            | behaviour | ours | ours, portable | std |\n\
            |---|:-:|:-:|:-:|\n\
            | it gives up | ✓ | ✓ | – |\n\
            | it works | ✓ | ✓ | ✗ |\n\
            | only we can | ✓ | ✗ | – |\n";
        assert_eq!(section("lock", &results), expected);
    }
}
