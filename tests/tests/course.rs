//! Every solution of the course is a plain program, too. That each exercise is whole, and that its check tells right from
//! wrong, is what `cargo xtask check-course` says, a step of `cargo xtask ci --nightly`; how it finds faults, `cli_authors`
//! tests.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;

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
    assert!(run("subclass").ends_with("out of the ovens: 5\n"));
    assert!(run("join").ends_with("all threads are done: 2 of 2 pages\n"));
    assert_eq!(run("daemon"), "dusk\nship in sight\ndawn\n");
    assert_eq!(run("local"), "Ada got Ada's slip, Ben got Ben's slip\n");
    assert!(run("lifecycle").ends_with("ended: Terminated, alive: false\n"));
    assert!(run("panic").ends_with("7 crates in all\n"));
    assert_eq!(run("gil"), "counter = 2\n");
    assert_eq!(run("guard"), "letters: [1, 2]\n");
    assert!(run("check_then_act").ends_with("paid 1 times, balance = 20\n"));
    assert!(run("rlock").ends_with("main: [3, 4] makes 7\n"));
    assert!(run("two_locks").ends_with("savings = 90, current = 110\n"));
    assert!(run("philosophers").ends_with("all have dined\n"));
    let spawned = run("spawn");
    assert_eq!(spawned.lines().count(), 8, "{spawned}");
    assert!(spawned.trim_end().ends_with("main: all is called out"), "{spawned}");
}
