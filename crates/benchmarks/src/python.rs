//! The same work in Python, where there is one: 3.13 if it can be had.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use crate::{Figures, Row, Table, Target};

/// In this order.
const INTERPRETERS: [&str; 2] = ["python3.13", "python3"];

/// At most this part of Python's time: five times as fast. How late a timer is, is mostly how long the system takes to wake
/// a thread: half of that.
fn target(name: &str) -> Target {
    Target::AtMost(if name == "lateness" { 0.5 } else { 0.2 })
}

/// What Python's threads need for the same work.
#[derive(Debug)]
pub struct Python {
    name: String,
    nanoseconds: BTreeMap<String, f64>,
}

impl Python {
    /// Runs the program, which prints the version first, and then a name and nanoseconds on each line. Without any Python
    /// there are no figures, and no rows.
    #[must_use]
    pub fn run(script: &str) -> Self {
        eprintln!("Python");
        let text = INTERPRETERS.iter().find_map(|interpreter| {
            let mut command = Command::new(interpreter);
            command.args(["-c", script]).stdin(Stdio::null());
            let output = command.stderr(Stdio::null()).output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
        });
        let figures = |line: &str| {
            let (name, figure) = line.split_once(' ')?;
            Some((name.to_owned(), figure.parse().ok()?))
        };
        let text = text.unwrap_or_default();
        let (version, rest) = text.split_once('\n').unwrap_or(("", ""));
        Self { name: format!("Python {version}"), nanoseconds: rest.lines().filter_map(figures).collect() }
    }

    /// One more line for what Python calls so; it ran in a process of its own, so medians are compared. `unit` follows the
    /// figures. With a floor, which is the peer that does the least that the work takes, there is a line for that, too: where
    /// it does not reach the target, nobody can, and the word for ours is "floor".
    pub fn compare(
        &self,
        unit: &str,
        table: &mut Table,
        what: &str,
        figures: &Figures,
        floor: Option<&str>,
        name: &str,
    ) {
        let Some(&theirs) = self.nanoseconds.get(name) else { return };
        let row = |what, ours, target| {
            Row { what, peer: self.name.as_str(), unit, ours, theirs, ratio: ours / theirs, target }.cells()
        };
        let target = target(name);
        let mut cells = row(what, figures.ours(), target);
        let Some(floor) = floor else { return table.line(cells) };
        let Some((_, least, _)) = figures.peers().find(|&(peer, _, _)| peer == floor) else { return };
        let is_met = |ours: f64| target.is_met_by(ours / theirs) == Some(true);
        if !is_met(figures.ours()) && !is_met(least) {
            *cells.last_mut().expect("a row has cells") = "floor".to_owned();
        }
        table.line(cells);
        table.line(row(&format!("{what}: {floor} instead of ours"), least, Target::None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last cells of the rows for ours, where Python takes 100 and these are our figure and the floor's.
    fn verdicts(ours: f64, floor: f64) -> Vec<String> {
        let python = Python { name: "Python".to_owned(), nanoseconds: [("work".to_owned(), 100.0)].into() };
        let figures = [("ours", ours), ("floor", floor)].map(|(name, figure)| (name.to_owned(), vec![figure]));
        let mut table = Table::of_rows();
        python.compare(" ns", &mut table, "work", &Figures::of(figures), Some("floor"), "work");
        table.into_lines().into_iter().map(|mut cells| cells.pop().expect("a row has cells")).collect()
    }

    #[test]
    fn a_target_that_the_least_possible_misses_is_missed_by_the_floor() {
        assert_eq!(verdicts(20.0, 19.0), ["yes", "–"]);
        assert_eq!(verdicts(22.0, 19.0), ["**no**", "–"]);
        assert_eq!(verdicts(22.0, 21.0), ["floor", "–"]);
    }
}
