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

/// One step: its name, and the command that must end with this code, each of so many times.
struct Step {
    name: String,
    command: Command,
    code: i32,
    times: usize,
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
        let fault = step.run()?;
        if interrupt::requested() {
            return Ok(Exit::Interrupted);
        }
        let seconds = started.elapsed().as_secs_f64();
        match fault {
            None => println!("{} {} {seconds:.1} s\n", "✓".green(), step.name),
            Some(fault) => {
                println!("{} {} {seconds:.1} s: {fault}, expected code {}\n", "✗".red(), step.name, step.code);
                failed.push(step.name);
            }
        }
    }
    if failed.is_empty() {
        println!("all hold");
        return Ok(Exit::Success);
    }
    println!("failed: {}", failed.join(", "));
    Ok(Exit::Failed)
}

impl Step {
    /// Runs it; what is wrong, if anything is. What is run often says something only when it fails.
    fn run(&mut self) -> anyhow::Result<Option<String>> {
        self.command.stdin(Stdio::null());
        if self.times == 1 {
            let status = self.command.status().with_context(|| self.name.clone())?;
            return Ok((status.code() != Some(self.code)).then(|| status.to_string()));
        }
        for time in 1..=self.times {
            let output = self.command.output().with_context(|| self.name.clone())?;
            if output.status.code() != Some(self.code) {
                println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
                return Ok(Some(format!("time {time} of {}: {}", self.times, output.status)));
            }
            if interrupt::requested() {
                break;
            }
        }
        Ok(None)
    }
}

fn steps(places: &Places, fresh: &Path) -> Vec<Step> {
    let mut steps = vec![
        cargo(places, "format", &["fmt", "--all", "--check"]),
        cargo(places, "lint", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        ourselves(places, "tidy", &["tidy"], 0),
        cargo(places, "test", &["test", "--workspace", "--no-fail-fast"]),
    ];
    // Without the course: in one build with it, cargo would switch exploring on for all.
    let alone = primitives(places);
    let alone: Vec<&str> = alone.iter().map(String::as_str).collect();
    steps.push(cargo(places, "test primitives alone", &[&["test"], &alone[..]].concat()));
    let portable = ["--features", "threadcraft-platform/portable"];
    steps.push(cargo(places, "test primitives portable", &[&["test"], &alone[..], &portable[..]].concat()));
    // Under loom nothing else is built by day: that it compiles is what breaks unnoticed.
    steps.push(with_loom(places, cargo(places, "loom builds", &[&["check", "--lib"], &alone[..]].concat())));
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
    let tests =
        |name: &str, test: &str| cargo(places, name, &["test", "-p", "threadcraft-tests", "--release", "--test", test]);
    let mut model = tests("model with a larger budget", "model");
    model.command.env("THREADCRAFT_MODEL_BUDGET", MODEL_BUDGET);
    let mut proofs = tests("proofs", "proofs");
    proofs.command.args(["--", "--include-ignored", "--nocapture"]);
    let mut steps = vec![model, proofs, tests("mutants", "mutants")];
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
        "conformance_map",
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
        let mut often = tests(&format!("{test}, {REPEATS} times"), test);
        often.times = REPEATS;
        steps.push(often);
    }
    for (test, variable, count) in LARGE {
        let mut large = tests(&format!("{test} with {count}"), test);
        large.command.env(variable, count);
        steps.push(large);
    }
    for group in bench::PROGRAMS {
        // The peers are many crates: nobody waits for them at every change.
        let of_group = ["-p", "threadcraft-benchmarks", "--features", group, "--all-targets"];
        let lint = [&["clippy"], &of_group[..], &["--", "-D", "warnings"]].concat();
        steps.push(cargo(places, &format!("lint benchmarks of {group}"), &lint));
        steps.push(cargo(places, &format!("test benchmarks of {group}"), &[&["test"], &of_group[..]].concat()));
    }
    steps.push(packages(places));
    steps.extend(sanitized(places));
    steps.extend(miri(places));
    steps.extend(emulated(places));
    steps
}

/// The folders of `crates` whose packages are not published.
const UNPUBLISHED: [&str; 1] = ["benchmarks"];

/// What would be published, each built from nothing but its package and those of the others.
fn packages(places: &Places) -> Step {
    let mut step = cargo(places, "package", &["package", "--allow-dirty", "--target-dir"]);
    step.command.arg(places.generated.join("package"));
    let names = folders_of_crates(places).into_iter().filter(|name| !UNPUBLISHED.contains(&name.as_str()));
    for name in names {
        let package = if name == "threadcraft" { name } else { format!("threadcraft-{name}") };
        step.command.args(["--package", &package]);
    }
    step
}

/// What a program prints that may not be installed; `None` if it is not, or fails.
fn said_by(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The toolchain that has what stable ones lack.
const NIGHTLY: &str = "+nightly";

/// The primitives on real threads under ThreadSanitizer, where the nightly toolchain is installed. The standard library
/// is not built for it: the tests leave to ours all that orders their threads.
fn sanitized(places: &Places) -> Option<Step> {
    let text = said_by("cargo", &[NIGHTLY, "--version", "--verbose"]).unwrap_or_default();
    let Some(host) = text.lines().find_map(|line| line.strip_prefix("host: ")) else {
        println!("- ThreadSanitizer is left out: there is no nightly toolchain\n");
        return None;
    };
    let mut step = nightly(places, "ThreadSanitizer", &["test", "-p", "threadcraft-tests", "--test", "sanitized"]);
    // With a target named, what runs while building is not built for the sanitizer.
    step.command.args(["--target", host, "--target-dir"]).arg(places.generated.join("sanitizer"));
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    let flags = format!("{flags} -Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer");
    step.command.env("RUSTFLAGS", flags).env_remove("CARGO_ENCODED_RUSTFLAGS").env("THREADCRAFT_SANITIZED", "1");
    Some(step)
}

/// The unit tests under Miri, where it is installed.
fn miri(places: &Places) -> Vec<Step> {
    if said_by("cargo", &[NIGHTLY, "miri", "--version"]).is_none() {
        println!("- Miri is left out: it is not installed (rustup +nightly component add miri rust-src)\n");
        return Vec::new();
    }
    let crates = ["lock", "semaphore", "event", "condition", "barrier", "thread", "queue", "timer", "pool"];
    let step = |primitive| {
        let package = format!("threadcraft-{primitive}");
        nightly(places, &format!("miri {primitive}"), &["miri", "test", "--lib", "-p", &package])
    };
    crates.into_iter().map(step).collect()
}

/// The processor whose system calls are written here, too, but that hardly anybody who changes them has.
const EMULATED: &str = "aarch64-unknown-linux-gnu";
const LINKER: &str = "aarch64-linux-gnu-gcc";
const EMULATOR: &str = "qemu-aarch64";

/// The unit tests of the primitives on an emulated AArch64, where all that takes is installed.
fn emulated(places: &Places) -> Option<Step> {
    let library = said_by("rustc", &["--print", "target-libdir", "--target", EMULATED]);
    let has_library = library.is_some_and(|folder| Path::new(folder.trim()).exists());
    if !has_library || [LINKER, EMULATOR].iter().any(|program| said_by(program, &["--version"]).is_none()) {
        println!(
            "- AArch64 is left out: it takes the target (rustup target add {EMULATED}), {LINKER} and {EMULATOR} \
             (Debian's gcc-aarch64-linux-gnu and qemu-user)\n"
        );
        return None;
    }
    let mut step = cargo(places, "AArch64", &["test", "--lib", "--target", EMULATED]);
    step.command.args(primitives(places));
    step.command.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", LINKER);
    step.command.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", format!("{EMULATOR} -L /usr/aarch64-linux-gnu"));
    Some(step)
}

/// Cargo of the nightly toolchain.
fn nightly(places: &Places, name: &str, arguments: &[&str]) -> Step {
    let mut command = Command::new("cargo");
    command.arg(NIGHTLY).args(arguments).current_dir(&places.root);
    Step { name: name.to_owned(), command, code: 0, times: 1 }
}

/// Tests under loom; uncaptured, the models say how many executions they took.
fn loom(places: &Places, tests: &str, arguments: &[&str]) -> Step {
    let mut step = cargo(places, &format!("loom {tests}"), &["test", "-p", "threadcraft-tests", "--release"]);
    step.command.args(["--test", "loom"]);
    let mut step = with_loom(places, step);
    step.command.args(["--", tests]).args(arguments);
    step
}

/// In a build of its own.
fn with_loom(places: &Places, mut step: Step) -> Step {
    step.command.arg("--target-dir").arg(places.generated.join("loom"));
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    step.command.env("RUSTFLAGS", format!("{flags} --cfg loom")).env_remove("CARGO_ENCODED_RUSTFLAGS");
    step
}

/// The crates that are built on `platform` alone or on each other, as cargo is told: each is tested by itself, too.
fn primitives(places: &Places) -> Vec<String> {
    let mut names = folders_of_crates(places);
    names.retain(|name| !["explore", "timeline", "threadcraft", "benchmarks"].contains(&name.as_str()));
    names.iter().flat_map(|name| ["-p".to_owned(), format!("threadcraft-{name}")]).collect()
}

/// The folders of `crates`, in order.
fn folders_of_crates(places: &Places) -> Vec<String> {
    let entries = fs::read_dir(places.root.join("crates")).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

fn cargo(places: &Places, name: &str, arguments: &[&str]) -> Step {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(&places.root);
    Step { name: name.to_owned(), command, code: 0, times: 1 }
}

fn ourselves(places: &Places, name: &str, arguments: &[&str], code: i32) -> Step {
    let mut step = cargo(places, name, &["xtask"]);
    step.command.args(arguments);
    step.code = code;
    step
}
