//! Two readers and a clerk at any time; then readers who always overlap, and a clerk who comes while they read.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{probe, sleep, spawn};
use threadcraft_harness::{Check, Execution, Program};

use crate::learner::Archive;

/// What the clerk adds to the probe `inside`, where each reader adds one.
const CLERK: i64 = 100;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("two readers and a clerk", || day([&[0], &[0]], 0))
            .every_schedule("a clerk is alone in the archive", alone)
            .some_schedule("two read at once", two_read),
    );
    // The clerk comes after 3 ms. Until then one has come; then somebody always reads, unless the clerk comes first.
    check.explore(
        Program::new("readers without a gap", || day([&[0, 12], &[6, 18]], 3))
            .every_schedule("a clerk is alone in the archive", alone)
            .every_schedule("who comes after the clerk reads after the clerk", nobody_overtakes)
            .every_schedule("two read at once", two_read),
    );
}

/// Two readers come at these times (in milliseconds, not before they have left) and read for 8; a clerk comes once.
fn day(readers: [&'static [u64]; 2], clerk: u64) {
    let archive = Arc::new(Archive::new());
    let readers = readers.map(|times| {
        let archive = Arc::clone(&archive);
        spawn(move || {
            let mut now = 0;
            for &time in times {
                pause(time.saturating_sub(now));
                now = time + 8;
                archive.start_reading();
                probe("inside", 1);
                pause(8 * u64::from(times.len() > 1));
                probe("inside", -1);
                archive.stop_reading();
            }
        })
    });
    pause(clerk);
    archive.start_writing();
    probe("inside", CLERK);
    probe("inside", -CLERK);
    archive.stop_writing();
    for reader in readers {
        reader.join().expect("the reader has read");
    }
}

fn pause(milliseconds: u64) {
    if milliseconds > 0 {
        sleep(Duration::from_millis(milliseconds));
    }
}

/// Who is inside after each coming and going.
fn inside(execution: &Execution) -> impl Iterator<Item = i64> {
    execution.probes.iter().scan(0, |inside, probe| {
        *inside += probe.value;
        Some(*inside)
    })
}

fn alone(execution: &Execution) -> Result<(), String> {
    match inside(execution).find(|&inside| inside > CLERK) {
        Some(inside) => Err(format!("beside the clerk there is a reader: {} inside", inside - CLERK + 1)),
        None => Ok(()),
    }
}

fn two_read(execution: &Execution) -> Result<(), &'static str> {
    if inside(execution).any(|inside| inside == 2) { Ok(()) } else { Err("one waits until the other has left") }
}

fn nobody_overtakes(execution: &Execution) -> Result<(), String> {
    let before = execution.probes.iter().take_while(|probe| probe.value != CLERK);
    match before.filter(|probe| probe.value == 1).count() {
        0 | 1 => Ok(()),
        more => Err(format!("{} who came later have read before the correction", more - 1)),
    }
}
