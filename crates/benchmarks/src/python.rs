//! The same work in Python, where there is one: 3.13 if it can be had.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use crate::{Figures, Row, Table, Target};

/// In this order.
const INTERPRETERS: [&str; 2] = ["python3.13", "python3"];

/// At most this part of Python's time: five times as fast.
const TARGET: Target = Target::AtMost(0.2);

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

    /// One more line for what Python calls so; it ran in a process of its own, so medians are compared.
    pub fn compare(&self, table: &mut Table, what: &str, figures: &Figures, name: &str) {
        self.compare_in(" ns", table, what, figures, name);
    }

    /// The same in another unit.
    pub fn compare_in(&self, unit: &str, table: &mut Table, what: &str, figures: &Figures, name: &str) {
        let Some(&theirs) = self.nanoseconds.get(name) else { return };
        let (ours, peer) = (figures.ours(), self.name.as_str());
        table.line(Row { what, peer, unit, ours, theirs, ratio: ours / theirs, target: TARGET }.cells());
    }

    /// The same for one of the peers, which is the least that the work takes: if it does not reach the target, nobody does.
    pub fn compare_floor(&self, table: &mut Table, what: &str, figures: &Figures, floor: &str, name: &str) {
        let Some(&theirs) = self.nanoseconds.get(name) else { return };
        let Some((_, ours, _)) = figures.peers().find(|&(peer, _, _)| peer == floor) else { return };
        let (what, peer) = (format!("{what}: {floor} instead of ours"), self.name.as_str());
        let row = Row { what: &what, peer, unit: " ns", ours, theirs, ratio: ours / theirs, target: Target::None };
        table.line(row.cells());
    }
}
