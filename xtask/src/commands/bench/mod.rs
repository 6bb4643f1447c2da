//! `bench`: measures, and writes what came of it to `crates/benchmarks/RESULTS.md`, a group at a time.
//!
//! The groups that compare with peers are programs of `threadcraft-benchmarks`. Each is built by a call of cargo of its
//! own: features are switched on for all that one call builds, and the primitives are measured without `explore`, which
//! the explorer needs.

mod results;
mod runner;

use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::cli::Bench;
use crate::exit::Exit;
use crate::places::Places;

/// The groups that are programs, each with a feature of its name.
pub(super) const PROGRAMS: [&str; 5] = ["explorer", "primitives", "queue", "pool", "timer"];

/// The group that measures `cargo xtask` itself.
const RUNNER: &str = "runner";

/// Runs the command: one group, or all.
pub(crate) fn run(places: &Places, group: Option<&Bench>) -> anyhow::Result<Exit> {
    let runner = Bench::Runner { rounds: Bench::ROUNDS, exercise: Bench::EXERCISE.to_owned() };
    let all = [&Bench::Explorer, &Bench::Primitives, &Bench::Queue, &Bench::Pool, &Bench::Timer, &runner];
    for group in group.as_ref().map_or(&all[..], std::slice::from_ref) {
        let (name, body) = match group {
            Bench::Explorer => (PROGRAMS[0], program(places, PROGRAMS[0])?),
            Bench::Primitives => (PROGRAMS[1], program(places, PROGRAMS[1])?),
            Bench::Queue => (PROGRAMS[2], program(places, PROGRAMS[2])?),
            Bench::Pool => (PROGRAMS[3], program(places, PROGRAMS[3])?),
            Bench::Timer => (PROGRAMS[4], program(places, PROGRAMS[4])?),
            Bench::Runner { rounds, exercise } => (RUNNER, runner::run(places, *rounds, exercise)?),
        };
        results::put(places, name, &body)?;
    }
    Ok(Exit::Success)
}

/// Builds and runs the program of a group, which prints its part of the results.
fn program(places: &Places, group: &str) -> anyhow::Result<String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--release", "--package", "threadcraft-benchmarks", "--features", group, "--bin", group]);
    command.current_dir(&places.root).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().context("cargo cannot be started")?;
    ensure!(output.status.success(), "the benchmarks of the group `{group}` ended with {}", output.status);
    String::from_utf8(output.stdout).context("the results are no text")
}
