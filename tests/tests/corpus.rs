//! Every broken program of the corpus is found, as it is declared; every right twin passes; and `CORPUS.md` says how.
//!
//! `THREADCRAFT_WRITE=1 cargo test -p threadcraft-tests --test corpus` writes `CORPUS.md` anew.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use threadcraft_tests::corpus::{self, Entry, Extent, Found, Passed};

/// An entry, and what came of its two programs.
struct Row {
    entry: Entry,
    found: Result<Found, String>,
    passed: Result<Passed, String>,
}

/// All of them, explored once for all tests of this file.
static FAMILIES: LazyLock<Vec<(&'static str, Vec<Row>)>> = LazyLock::new(|| {
    let explored = |entry: Entry| Row { found: entry.find(), passed: entry.pass(), entry };
    let families = corpus::families().into_iter();
    families.map(|(family, entries)| (family, entries.into_iter().map(explored).collect())).collect()
});

fn rows() -> impl Iterator<Item = &'static Row> {
    FAMILIES.iter().flat_map(|(_, rows)| rows)
}

/// Fails with all faults at once.
#[track_caller]
fn no_fault(fault: impl Fn(&Row) -> Option<String>) {
    let faults: Vec<String> = rows().filter_map(|row| Some(format!("{}: {}", row.entry.name, fault(row)?))).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_broken_program_is_found_as_declared() {
    no_fault(|Row { entry, found, .. }| match found {
        Err(why) => Some(why.clone()),
        Ok(found) if found.verdict != entry.verdict => {
            Some(format!("{} is declared, and {} is found", entry.verdict, found.verdict))
        }
        Ok(found) if found.preemptions != entry.preemptions => {
            Some(format!("{} preemptions are declared, and {} are found", entry.preemptions, found.preemptions))
        }
        Ok(_) => None,
    });
}

#[test]
fn every_right_twin_passes() {
    no_fault(|Row { entry, passed, .. }| match passed {
        Err(why) => Some(why.clone()),
        Ok(passed) if entry.extent == Extent::Whole && !passed.complete => {
            Some(format!("not proven in {} schedules", passed.schedules))
        }
        Ok(_) => None,
    });
}

#[test]
fn no_broken_program_fails_with_fewer_preemptions_than_declared() {
    no_fault(|Row { entry, .. }| {
        let needed = entry.needs_its_preemptions()?;
        (!needed).then(|| format!("{} preemptions are not needed", entry.preemptions))
    });
}

#[test]
fn the_corpus_is_as_large_as_it_must_be_and_its_names_are_unlike() {
    let mut names: Vec<&str> = rows().map(|row| row.entry.name).collect();
    assert!(names.len() >= 30, "{} programs", names.len());
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all, "a name stands for one bug");
}

#[test]
fn counterexamples_of_the_classics_are_as_short_as_they_can_be() {
    for (name, most) in [
        ("philosophers 3", 1),
        ("philosophers 5", 1),
        ("`if` for `while`", 2),
        ("unbounded producer", 1),
        ("lock before items", 1),
    ] {
        let row = rows().find(|row| row.entry.name == name).expect("it is in the corpus");
        let found = row.found.as_ref().expect("it is found");
        assert!(found.preemptions <= most, "{name}: {} preemptions", found.preemptions);
    }
}

#[test]
fn correct_bounded_buffers_are_proven() {
    // One slot, two producers, one consumer: with one condition for all, with one for each kind, with semaphores.
    for name in ["unbounded producer", "silent consumer", "lock before items"] {
        let row = rows().find(|row| row.entry.name == name).expect("it is in the corpus");
        let passed = row.passed.as_ref().expect("the right twin passes");
        assert!(passed.complete, "{name}: not proven in {} schedules", passed.schedules);
    }
}

const TITLE: &str = "# The corpus of broken programs

Made by `THREADCRAFT_WRITE=1 cargo test -p threadcraft-tests --test corpus`, and checked by the same test without the
variable. The programs are in `src/corpus`, each beside its right twin.

- *schedules*: how many executions it took to find the bug;
- *preemptions*: of the simplest failing schedule; none has fewer;
- *right twin*: how many executions were run of it; ✓ if they prove it right.
";

#[test]
fn the_table_is_up_to_date() {
    let mut text = TITLE.to_owned();
    for (family, rows) in FAMILIES.iter() {
        write!(text, "\n## {family}\n\n").expect("a string takes it");
        text += "| name | what is wrong | verdict | schedules | preemptions | right twin | grain | source |\n";
        text += "|---|---|---|--:|--:|--:|---|---|\n";
        for row in rows {
            text += &line(row);
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("CORPUS.md");
    if std::env::var_os("THREADCRAFT_WRITE").is_some() {
        std::fs::write(&file, &text).expect("the table can be written");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let outdated = text.lines().zip(written.lines()).find(|(new, old)| new != old);
    assert!(written == text, "CORPUS.md is out of date; this file says how to write it anew: {outdated:?}");
}

/// A line of the table.
fn line(Row { entry, found, passed }: &Row) -> String {
    let Entry { name, wrong, source, setting, verdict, .. } = entry;
    let setting = setting.name();
    let (schedules, preemptions) = match found {
        Ok(found) => (found.schedules.to_string(), found.preemptions.to_string()),
        Err(_) => ("–".to_owned(), "–".to_owned()),
    };
    let passed = match passed {
        Ok(passed) if passed.complete => format!("{} ✓", passed.schedules),
        Ok(passed) => passed.schedules.to_string(),
        Err(_) => "✗".to_owned(),
    };
    format!("| {name} | {wrong} | {verdict} | {schedules} | {preemptions} | {passed} | {setting} | {source} |\n")
}
