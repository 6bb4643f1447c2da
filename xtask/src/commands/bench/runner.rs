//! The group `runner`: how long a learner waits. Measured as a learner does: the whole command, from save to verdict.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::course::Course;
use crate::places::Places;

/// Measures, and gives the group's part of the results.
pub(super) fn run(places: &Places, rounds: u32, exercise: &str) -> anyhow::Result<String> {
    let course = Course::load(places)?;
    let exercise = course.exercise(exercise)?;
    // A learner's folder of our own, always at the same place: nobody's work is touched, nothing piles up.
    let work = places.generated.join("bench-work");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let bench = Bench { places, work: &work };
    let name = exercise.name.as_str();
    bench.verify(&[])?;
    let file = work.join(&exercise.chapter).join(format!("{name}.rs"));
    let solution = fs::read_to_string(exercise.file("solution.rs")).context("the solution cannot be read")?;
    let mut edited = Vec::new();
    for round in 0..rounds {
        fs::write(&file, format!("{solution}\n// round {round}\n"))?;
        edited.push(bench.verify(&[name])?);
    }
    let all = format!("all {} unchanged", course.exercises().count());
    let rows = [
        row(&format!("{name} edited, save to verdict"), Some(500.0), edited),
        row(&format!("{name} unchanged"), Some(50.0), bench.repeat(rounds, &[name])?),
        row(&all, Some(1000.0), bench.repeat(rounds, &[])?),
        row(
            "the command itself (`--version`), which each figure has in it",
            None,
            bench.repeat(rounds, &["--version"])?,
        ),
    ];
    let head = "| what | ours, ms | fastest to slowest | target, ms | met |\n|---|--:|--:|--:|---|";
    Ok(format!("`cargo xtask verify`, the whole command, medians of {rounds} rounds.\n\n{head}\n{}\n", rows.join("\n")))
}

struct Bench<'a> {
    places: &'a Places,
    work: &'a Path,
}

impl Bench<'_> {
    fn repeat(&self, rounds: u32, arguments: &[&str]) -> anyhow::Result<Vec<Duration>> {
        (0..rounds).map(|_| self.verify(arguments)).collect()
    }

    /// The wall time of one command, which must not fail.
    fn verify(&self, arguments: &[&str]) -> anyhow::Result<Duration> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.arg("xtask").args((arguments != ["--version"]).then_some("verify")).args(arguments);
        command.current_dir(&self.places.root).env("THREADCRAFT_WORK", self.work);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let started = Instant::now();
        let status = command.status().context("cargo cannot be started")?;
        let took = started.elapsed();
        ensure!(status.success(), "`cargo xtask verify {}` ended with {status}", arguments.join(" "));
        Ok(took)
    }
}

/// One line of the table.
fn row(what: &str, most: Option<f64>, mut times: Vec<Duration>) -> String {
    times.sort();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let median = milliseconds(times[times.len() / 2]);
    let (fastest, slowest) = (milliseconds(times[0]), milliseconds(times[times.len() - 1]));
    let (target, met) = match most {
        Some(most) => (format!("≤ {most}"), if median <= most { "yes" } else { "**no**" }),
        None => ("–".to_owned(), "–"),
    };
    format!("| {what} | {median:.0} | {fastest:.0} to {slowest:.0} | {target} | {met} |")
}
