//! The course's own promises: every exercise is whole, every check tells right from wrong and says why, and what a
//! learner reads of each near miss is as reviewed (`snapshots/course`, with `cargo insta review`).

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cli::{Sandbox, repository};
use serde_json::Value;

/// The folders of all exercises, in the order of their chapters.
fn exercises() -> Vec<PathBuf> {
    let folders = |path: &Path| {
        let entries = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("readable").path());
        let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
        folders.sort();
        folders
    };
    let chapters = folders(&repository().join("exercises")).into_iter();
    let chapters = chapters.filter(|path| name(path).starts_with(|c: char| c.is_ascii_digit()));
    chapters.flat_map(|chapter| folders(&chapter)).collect()
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What came of every file of the course, by exercise.
fn proofs() -> BTreeMap<String, Vec<Value>> {
    // The same folder as in `cli_course`, so that nothing is compiled twice.
    let ended = Sandbox::new("prove").xtask(&["prove", "--format", "json"]);
    let all: Vec<Value> =
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}\n{}{}", ended.stdout, ended.stderr));
    let mut proofs: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for proof in all {
        proofs.entry(proof["exercise"].as_str().expect("a name").to_owned()).or_default().push(proof);
    }
    proofs
}

#[test]
fn every_file_gets_the_verdict_that_it_must_get_and_near_misses_read_as_reviewed() {
    let proofs = proofs();
    let names: Vec<String> = exercises().iter().map(|exercise| name(exercise)).collect();
    assert!(proofs.keys().all(|name| names.contains(name)) && proofs.len() == names.len(), "{names:?}");
    for (exercise, files) in &proofs {
        for proof in files {
            assert_eq!(proof["met"], true, "{exercise}: {proof:#}");
        }
        let count = |folder: &str| files.iter().filter(|proof| file(proof).contains(folder)).count();
        assert!(count("/wrong/") >= 2, "{exercise} has fewer than two near misses");
        assert!(count("/right/") >= 1, "{exercise} has no second right solution");
        assert_eq!(files.iter().filter(|proof| proof["expected"] == "a failure").count(), 2, "the two empty programs");
    }
    let wrong = proofs.values().flatten().filter(|proof| file(proof).contains("/wrong/"));
    for proof in wrong {
        let stem = name(&Path::new(file(proof)).with_extension(""));
        let shown = format!("{}\n\n{}\n", proof["verdict"].as_str().expect("a verdict"), shown(proof));
        insta::with_settings!({ snapshot_path => "snapshots/course", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{}__{stem}", proof["exercise"].as_str().expect("a name")), shown);
        });
    }
}

fn file(proof: &Value) -> &str {
    proof["file"].as_str().expect("a file")
}

/// What a learner reads, but for what may change without being wrong: numbers of schedules, which are shown and never
/// compared, and the compiler's own words, of which the first line is enough.
fn shown(proof: &Value) -> String {
    let diagnosis = proof["diagnosis"].as_str().expect("a text");
    if proof["verdict"] == "compile-error" {
        return diagnosis.lines().take(2).collect::<Vec<_>>().join("\n");
    }
    without_counts(diagnosis)
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

#[test]
fn counts_of_schedules_are_masked_and_nothing_else() {
    let text =
        "is lost on 7 of 26\n  schedules, expected 2\n   12  set(2)\n = found on schedule 3 of the search: 20 steps";
    let masked =
        "is lost on # of #\n  schedules, expected 2\n   12  set(2)\n = found on schedule # of the search: 20 steps";
    assert_eq!(without_counts(text), masked);
}

#[test]
fn every_exercise_is_whole_and_short_enough_to_be_read() {
    for exercise in exercises() {
        let at = |file: &str| text(&exercise.join(file));
        let shown = exercise.display();
        let task = at("task.md");
        assert!(task.lines().count() <= 25, "{shown}: the task has more than 25 lines");
        assert!(task.contains("**Example"), "{shown}: the task has no example");
        for file in ["task.md", "hints.md", "after.md"] {
            let longest = at(file).lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(longest <= 88, "{shown}: {file} has a line of {longest} characters");
        }
        let hints = at("hints.md");
        let rungs: Vec<&str> = hints.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(rungs, ["look", "idea", "tool"], "{shown}");
        let after = at("after.md");
        for part in ["## Why it is right", "## The law", "## In Python"] {
            assert!(after.contains(part), "{shown}: after.md has no `{part}`");
        }
        // In two pieces: tidy looks for the word.
        let marker = concat!("TO", "DO");
        assert!(at("starter.rs").contains(marker), "{shown}: the starter does not say where to begin");
        assert!(!at("solution.rs").contains(marker), "{shown}: the solution leaves something to do");
    }
}

#[test]
fn hints_and_tasks_do_not_give_the_breaking_schedule_away() {
    for exercise in exercises() {
        let solution = text(&exercise.join("solution.rs"));
        let Some(schedule) = solution.lines().find_map(|line| line.strip_prefix("pub const SCHEDULE: &str = \""))
        else {
            continue;
        };
        let schedule = schedule.trim_end_matches("\";");
        for file in ["task.md", "hints.md", "starter.rs"] {
            let given_away = text(&exercise.join(file)).contains(&format!("`{schedule}`"));
            assert!(!given_away, "{}: {file} says `{schedule}`", exercise.display());
        }
    }
}

#[test]
fn the_solutions_are_plain_programs_that_run_on_real_threads() {
    let sandbox = Sandbox::new("native");
    sandbox.xtask(&["hint", "spawn"]);
    for exercise in exercises() {
        let chapter = name(exercise.parent().expect("a chapter"));
        sandbox.write(&format!("{chapter}/{}.rs", name(&exercise)), &text(&exercise.join("solution.rs")));
    }
    let cargo = |arguments: &[&str]| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(arguments).arg("--manifest-path").arg(sandbox.work.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("native"));
        let output = cargo.output().expect("cargo runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {errors}");
        assert!(!errors.contains("warning"), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    cargo(&["build", "--offline"]);
    let run = |bin: &str| cargo(&["run", "--offline", "--quiet", "--bin", bin]);
    assert_eq!(run("lost_update"), "counter = 2\n");
    assert_eq!(run("lock"), "sold = 6\n");
    assert_eq!(run("send"), "on the list: milk, tea\n");
    assert!(run("two_locks").ends_with("savings = 90, current = 110\n"));
    assert!(run("philosophers").ends_with("all have dined\n"));
    let spawned = run("spawn");
    assert_eq!(spawned.lines().count(), 8, "{spawned}");
    assert!(spawned.trim_end().ends_with("main: all is called out"), "{spawned}");
}
