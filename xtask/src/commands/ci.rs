//! `ci`: everything that a change must pass, in one go; it stops at the end, with all that failed. With `--nightly`, the
//! searches that take too long for every change.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::Context as _;
use colored::Colorize as _;

use super::bench;
use crate::exit::Exit;
use crate::interrupt;
use crate::places::Places;

/// One step: its name, and the command that must end with this code.
struct Step {
    name: String,
    command: Command,
    code: i32,
}

/// Runs the command.
pub(crate) fn run(places: &Places, only: Option<&str>, nightly: bool) -> anyhow::Result<Exit> {
    let fresh = tempfile::tempdir().context("there is no place for a fresh learner's folder")?;
    let mut failed = Vec::new();
    let steps = if nightly { nightly_steps(places) } else { steps(places, fresh.path()) };
    for mut step in steps {
        if only.is_some_and(|word| !step.name.contains(word)) {
            continue;
        }
        let started = Instant::now();
        println!("{} {}", "▶".dimmed(), step.name.bold());
        let status = step.command.stdin(Stdio::null()).status().with_context(|| step.name.clone())?;
        if interrupt::requested() {
            return Ok(Exit::Interrupted);
        }
        let seconds = started.elapsed().as_secs_f64();
        if status.code() == Some(step.code) {
            println!("{} {} {seconds:.1} s\n", "✓".green(), step.name);
        } else {
            println!("{} {} {seconds:.1} s: {status}, expected code {}\n", "✗".red(), step.name, step.code);
            failed.push(step.name);
        }
    }
    if failed.is_empty() {
        println!("all hold");
        return Ok(Exit::Success);
    }
    println!("failed: {}", failed.join(", "));
    Ok(Exit::Failed)
}

fn steps(places: &Places, fresh: &Path) -> Vec<Step> {
    let mut steps = vec![
        cargo(places, "format", &["fmt", "--all", "--check"]),
        cargo(places, "lint", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        ourselves(places, "tidy", &["tidy"], 0),
        cargo(places, "test", &["test", "--workspace", "--no-fail-fast"]),
    ];
    // Without the course: in one build with it, cargo would switch exploring on for all.
    let alone: Vec<String> =
        primitives(places).iter().flat_map(|name| ["-p".into(), format!("threadcraft-{name}")]).collect();
    let alone: Vec<&str> = alone.iter().map(String::as_str).collect();
    steps.push(cargo(places, "test primitives alone", &[&["test"], &alone[..]].concat()));
    let portable = ["--features", "threadcraft-platform/portable"];
    steps.push(cargo(places, "test primitives portable", &[&["test"], &alone[..], &portable[..]].concat()));
    let mut documents = cargo(places, "document", &["doc", "--workspace", "--no-deps"]);
    documents.command.env("RUSTDOCFLAGS", "-D warnings");
    steps.push(documents);
    steps.push(ourselves(places, "verify --solutions", &["verify", "--solutions"], 0));
    for (name, arguments, code) in
        [("fresh learner: to do", &["verify"][..], 0), ("fresh learner: strict", &["verify", "--strict"], 1)]
    {
        let mut step = ourselves(places, name, arguments, code);
        step.command.env("THREADCRAFT_WORK", fresh.join("work"));
        steps.push(step);
    }
    steps
}

/// How often the tests that run on real threads are repeated: a rare failure is a failure.
const REPEATS: usize = 50;

/// By how much the budget of those model checks grows that are no proofs.
const MODEL_BUDGET: &str = "20";

/// Tests that count, the variable that says how far, and how far at night.
const LARGE: [(&str, &str, &str); 2] =
    [("stress_pool", "THREADCRAFT_POOL_JOBS", "10000000"), ("stress_timer", "THREADCRAFT_TIMERS", "100000")];

/// The long searches.
fn nightly_steps(places: &Places) -> Vec<Step> {
    let tests = |name: &str, test: &str, times: usize| {
        let arguments = ["test", "-p", "threadcraft-tests", "--release", "--test", test];
        (1..=times).map(|time| cargo(places, &format!("{name} {time} of {times}"), &arguments)).collect::<Vec<_>>()
    };
    let mut steps = tests("model with a larger budget,", "model", 1);
    for step in &mut steps {
        step.command.env("THREADCRAFT_MODEL_BUDGET", MODEL_BUDGET);
    }
    let mut proofs = tests("proofs", "proofs", 1);
    for step in &mut proofs {
        step.command.args(["--", "--include-ignored", "--nocapture"]);
    }
    steps.extend(proofs);
    steps.extend(tests("mutants", "mutants", 1));
    // Hundreds of small programs to compile: minutes on a fresh machine.
    steps.push(ourselves(places, "check-course and deletions", &["check-course", "--deletions"], 0));
    // Built twice, for both futexes: nobody waits for that at every change.
    steps.push(ourselves(places, "conformance", &["conformance", "--check"], 0));
    steps.push(loom(places, "models", &["seam", "--nocapture"]));
    steps.push(loom(places, "mutants", &[]));
    for test in [
        "stress",
        "stress_pool",
        "conformance_pool",
        "conformance_future",
        "conformance_timer",
        "conformance_thread",
        "stress_timer",
        "conformance_lock",
        "conformance_semaphore",
        "conformance_event",
        "conformance_condition",
        "conformance_queue",
        "stress_queue",
        "conformance_barrier",
        "conformance_rlock",
        "explorer",
    ] {
        steps.extend(tests(test, test, REPEATS));
    }
    for (test, variable, count) in LARGE {
        let mut large = tests(&format!("{test} with {count}:"), test, 1);
        large.iter_mut().for_each(|step| {
            step.command.env(variable, count);
        });
        steps.extend(large);
    }
    for group in bench::PROGRAMS {
        // The peers are many crates: nobody waits for them at every change.
        let of_group = ["-p", "threadcraft-benchmarks", "--features", group, "--all-targets"];
        let lint = [&["clippy"], &of_group[..], &["--", "-D", "warnings"]].concat();
        steps.push(cargo(places, &format!("lint benchmarks of {group}"), &lint));
        steps.push(cargo(places, &format!("test benchmarks of {group}"), &[&["test"], &of_group[..]].concat()));
    }
    let miri = Command::new("cargo").args(["+nightly", "miri", "--version"]).output();
    if miri.is_ok_and(|output| output.status.success()) {
        for primitive in ["lock", "semaphore", "event", "condition", "barrier", "thread", "queue", "timer"] {
            let mut step = cargo(places, &format!("miri {primitive}"), &[]);
            step.command = Command::new("cargo");
            step.command.current_dir(&places.root).args(["+nightly", "miri", "test", "--lib", "-p"]);
            step.command.arg(format!("threadcraft-{primitive}"));
            steps.push(step);
        }
    } else {
        println!("- Miri is not installed: left out (rustup +nightly component add miri)\n");
    }
    steps
}

/// Tests under loom, in a build of its own; uncaptured, the models say how many executions they took.
fn loom(places: &Places, tests: &str, arguments: &[&str]) -> Step {
    let mut step = cargo(places, &format!("loom {tests}"), &["test", "-p", "threadcraft-tests", "--release"]);
    step.command.args(["--test", "loom", "--target-dir"]).arg(places.generated.join("loom"));
    step.command.args(["--", tests]).args(arguments);
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    step.command.env("RUSTFLAGS", format!("{flags} --cfg loom")).env_remove("CARGO_ENCODED_RUSTFLAGS");
    step
}

/// The crates that are built on `platform` alone or on each other: each is tested by itself, too.
fn primitives(places: &Places) -> Vec<String> {
    let entries = fs::read_dir(places.root.join("crates")).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| !["explore", "threadcraft", "benchmarks"].contains(&name.as_str()));
    names.sort();
    names
}

fn cargo(places: &Places, name: &str, arguments: &[&str]) -> Step {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(&places.root);
    Step { name: name.to_owned(), command, code: 0 }
}

fn ourselves(places: &Places, name: &str, arguments: &[&str], code: i32) -> Step {
    let mut step = cargo(places, name, &["xtask"]);
    step.command.args(arguments);
    step.code = code;
    step
}
