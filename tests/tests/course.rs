//! Every solution of the course is a plain program, too. That each exercise is whole, and that its check tells right from
//! wrong, is what `cargo xtask check-course` says, a step of `cargo xtask ci --nightly`; how it finds faults, `cli_authors`
//! tests.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cli::{Sandbox, repository};

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

/// What these say last, whatever the system does.
const ENDS: [(&str, &str); 24] = [
    ("barrier", "all coats painted: true"),
    ("build_barrier", "ropes in the hut: 1"),
    ("build_condition", "plates to carry: 1"),
    ("build_lock", "visits: 2"),
    ("build_pool", "jobs that failed: 0"),
    ("build_semaphore", "ships: 2"),
    ("gil", "counter = 2"),
    ("guard", "letters: [1, 2]"),
    ("how_many", "enough: 64 to wait, 4 to compute, 1 under a GIL"),
    ("join", "all threads are done: 2 of 2 pages"),
    ("lifecycle", "ended: Terminated, alive: false"),
    ("local", "Ada got Ada's slip, Ben got Ben's slip"),
    ("lock", "sold = 6"),
    ("lost_update", "counter = 2"),
    ("map", "the squares of [3, 2] are [9, 4]"),
    ("over_release", "free spaces: 1"),
    ("panic", "7 crates in all"),
    ("philosophers", "all have dined"),
    ("pipeline", "parcel 5"),
    ("rlock", "main: [3, 4] makes 7"),
    ("send", "on the list: milk, tea"),
    ("spin_lock", "stitches: 2"),
    ("subclass", "out of the ovens: 5"),
    ("two_locks", "savings = 90, current = 110"),
];

/// What is only to be broken stays broken: on real threads, too, it may hang.
const BROKEN: [&str; 3] = ["boss", "turnstile", "two_inside"];

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
    // The last line of each whose end is the same on every schedule.
    let ends: BTreeMap<&str, &str> = ENDS.into();
    let mended = |name: &String| !BROKEN.contains(&name.as_str());
    for name in exercises().iter().map(|exercise| name(exercise)).filter(mended) {
        let printed = run(&name);
        let last = printed.lines().last().unwrap_or_default();
        match ends.get(name.as_str()) {
            Some(&end) => assert_eq!(last, end, "{name}"),
            None => assert!(!last.is_empty(), "{name} prints nothing"),
        }
    }
    assert_eq!(run("daemon"), "dusk\nship in sight\ndawn\n");
    let spawned = run("spawn");
    assert_eq!(spawned.lines().count(), 8, "{spawned}");
    assert!(spawned.trim_end().ends_with("main: all is called out"), "{spawned}");
}

#[test]
fn the_chapter_on_pools_answers_with_the_numbers_that_its_exercise_measures() {
    /// The numbers of a line, if it begins with one.
    fn numbers(line: &str) -> Option<Vec<u32>> {
        let words = line.split(|c: char| c == '|' || c.is_whitespace()).filter(|word| !word.is_empty());
        let numbers: Option<Vec<u32>> = words.map(|word| word.parse().ok()).collect();
        numbers.filter(|numbers| !numbers.is_empty())
    }
    let chapter = repository().join("exercises/06_pool");
    let measured: Vec<Vec<u32>> = text(&chapter.join("how_many/output.snap")).lines().filter_map(numbers).collect();
    let told: Vec<Vec<u32>> = text(&chapter.join("README.md")).lines().filter_map(numbers).collect();
    assert!(measured.len() == 4 && measured == told, "{measured:?}, and the README says {told:?}");
}
