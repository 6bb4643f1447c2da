//! The group `runner`: how long a learner waits. Measured as a learner does: the whole command, from save to verdict.
//!
//! `cargo xtask` is cargo first, which looks at all packages of the repository before it starts the program: that time is
//! a row of its own, and the program alone, which is what `watch` runs, another.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::course::{Course, Exercise};
use crate::places::Places;

/// What is compiled from nothing takes long, and varies little: so many rounds are enough.
const COLD_ROUNDS: u32 = 3;

/// Measures, and gives the group's part of the results.
pub(super) fn run(places: &Places, rounds: u32, exercise: &str) -> anyhow::Result<String> {
    let course = Course::load(places)?;
    let exercise = course.exercise(exercise)?;
    // Folders of our own, always at the same place: nobody's work is touched, nothing piles up.
    let bench = Bench { places, work: places.generated.join("bench-work"), cold: places.generated.join("bench-cold") };
    bench.begin()?;
    let name = exercise.name.as_str();
    bench.verify(&[])?;
    let cold = rounds.min(COLD_ROUNDS);
    let count = course.exercises().count();
    let cargo = bench.repeat(rounds, &["--version"])?;
    let beyond_cargo = Target::Beyond(50, median(&cargo));
    let at_most = Target::AtMost;
    let rows = [
        row(&format!("{name} edited, save to verdict"), "460 to 760", at_most(500), bench.edited(rounds, exercise)?),
        row(&format!("{name} unchanged, the program alone"), "150", at_most(50), bench.alone(rounds, name)?),
        row(&format!("{name} unchanged, `cargo xtask`"), "150", beyond_cargo, bench.repeat(rounds, &[name])?),
        row(&format!("all {count} unchanged"), "7500", at_most(1000), bench.repeat(rounds, &[])?),
        row(&format!("all {count} solutions, nothing compiled"), "26000", at_most(25_000), bench.cold(cold, &[])?),
        row("… the crates and one solution of these", "–", Target::None, bench.cold(cold, &[name])?),
        row("fresh clone to first verdict, downloads aside", "30000", at_most(60_000), bench.clone(cold, name)?),
        row("cargo alone (`--version`), in each figure but one", "–", Target::None, cargo),
    ];
    let head = "| what | ours, ms | fastest to slowest | rustlings, ms | target, ms | met |\n|---|--:|--:|--:|--:|---|";
    Ok(format!(
        "`cargo xtask verify`, the whole command, medians of {rounds} rounds, of {cold} where all is compiled. Those of \
         rustlings 6.5 were measured once, on another day on a machine of 2 cores, with its own exercises (94; those with \
         threads, where one is edited); \"nothing compiled\" is its solved course checked first, \"first verdict\" the \
         building of the program that its installation takes. What cargo itself takes to see that \
         nothing is to be compiled is more than an unchanged exercise may take; `watch` and the program alone do \
         without it.\n\n{head}\n{}\n",
        rows.join("\n")
    ))
}

struct Bench<'a> {
    places: &'a Places,
    /// A learner's folder.
    work: PathBuf,
    /// Where everything is compiled from nothing.
    cold: PathBuf,
}

impl Bench<'_> {
    /// Nothing is left of an earlier time.
    fn begin(&self) -> anyhow::Result<()> {
        remove(&self.work)?;
        remove(&self.cold)
    }

    /// An exercise that is saved, each time with other contents.
    fn edited(&self, rounds: u32, exercise: &Exercise) -> anyhow::Result<Vec<Duration>> {
        let file = self.work.join(&exercise.chapter).join(format!("{}.rs", exercise.name));
        let solution = fs::read_to_string(exercise.file("solution.rs")).context("the solution cannot be read")?;
        let round = |round: u32| {
            fs::write(&file, format!("{solution}\n// round {round}\n"))?;
            self.verify(&[&exercise.name])
        };
        (0..rounds).map(round).collect()
    }

    fn repeat(&self, rounds: u32, arguments: &[&str]) -> anyhow::Result<Vec<Duration>> {
        (0..rounds).map(|_| self.verify(arguments)).collect()
    }

    /// The wall time of one command through cargo.
    fn verify(&self, arguments: &[&str]) -> anyhow::Result<Duration> {
        let mut command = cargo();
        command.arg("xtask").args((arguments != ["--version"]).then_some("verify")).args(arguments);
        command.current_dir(&self.places.root).env("THREADCRAFT_WORK", &self.work);
        time(command)
    }

    /// The same without cargo.
    fn alone(&self, rounds: u32, name: &str) -> anyhow::Result<Vec<Duration>> {
        let round = |_| {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["verify", name]).current_dir(&self.places.root).env("THREADCRAFT_WORK", &self.work);
            time(command)
        };
        (0..rounds).map(round).collect()
    }

    /// All solutions, where neither the crates nor the programs are compiled.
    fn cold(&self, rounds: u32, names: &[&str]) -> anyhow::Result<Vec<Duration>> {
        let round = |_| {
            remove(&self.cold)?;
            let mut command = cargo();
            command.args(["xtask", "verify", "--solutions"]).args(names).current_dir(&self.places.root);
            command.env("THREADCRAFT_TARGET", &self.cold);
            time(command)
        };
        (0..rounds).map(round).collect()
    }

    /// What a learner waits for after `git clone`: `cargo xtask` itself, the crates, the first exercise.
    fn clone(&self, rounds: u32, name: &str) -> anyhow::Result<Vec<Duration>> {
        let round = |_| {
            remove(&self.cold)?;
            let clone = self.cold.join("clone");
            let mut git = Command::new("git");
            git.args(["clone", "--quiet"]).arg(&self.places.root).arg(&clone);
            time(git).context("git cannot clone this repository")?;
            let mut command = cargo();
            command.args(["xtask", "verify", "--solutions", name]).current_dir(&clone);
            // As for a learner: nothing is known of this repository.
            for variable in ["CARGO_TARGET_DIR", "CARGO_MANIFEST_DIR", "THREADCRAFT_ROOT", "THREADCRAFT_TARGET"] {
                command.env_remove(variable);
            }
            time(command)
        };
        let times = (0..rounds).map(round).collect();
        remove(&self.cold)?;
        times
    }
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    Ok(())
}

/// The wall time of a command, which must not fail.
fn time(mut command: Command) -> anyhow::Result<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let status = command.status().context("a command cannot be started")?;
    let took = started.elapsed();
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(took)
}

/// What a median should be, in milliseconds.
#[derive(Debug, Clone, Copy)]
enum Target {
    /// Nothing is said of it.
    None,
    /// At most so much.
    AtMost(u32),
    /// At most so much more than this, which is no doing of ours.
    Beyond(u32, f64),
}

/// The median, in milliseconds.
fn median(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    milliseconds(times[times.len() / 2])
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// One line of the table.
fn row(what: &str, rustlings: &str, target: Target, times: Vec<Duration>) -> String {
    let median = median(&times);
    let fastest = times.iter().min().copied().map_or(0.0, milliseconds);
    let slowest = times.iter().max().copied().map_or(0.0, milliseconds);
    let met = |most: f64| if median <= most { "yes" } else { "**no**" };
    let (target, met) = match target {
        Target::None => ("–".to_owned(), "–"),
        Target::AtMost(most) => (format!("≤ {most}"), met(f64::from(most))),
        Target::Beyond(most, other) => (format!("≤ cargo's {other:.0} + {most}"), met(other + f64::from(most))),
    };
    format!("| {what} | {median:.0} | {fastest:.0} to {slowest:.0} | {rustlings} | {target} | {met} |")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_the_median_and_whether_it_is_what_it_should_be() {
        let times = [300, 100, 200].map(Duration::from_millis).to_vec();
        let row = |target| row("x", "7", target, times.clone());
        assert_eq!(row(Target::AtMost(200)), "| x | 200 | 100 to 300 | 7 | ≤ 200 | yes |");
        assert_eq!(row(Target::AtMost(199)), "| x | 200 | 100 to 300 | 7 | ≤ 199 | **no** |");
        assert_eq!(row(Target::Beyond(50, 150.0)), "| x | 200 | 100 to 300 | 7 | ≤ cargo's 150 + 50 | yes |");
        assert_eq!(row(Target::Beyond(50, 149.0)), "| x | 200 | 100 to 300 | 7 | ≤ cargo's 149 + 50 | **no** |");
        assert_eq!(row(Target::None), "| x | 200 | 100 to 300 | 7 | – | – |");
    }
}
