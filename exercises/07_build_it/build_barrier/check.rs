//! Two threads meet twice, three meet once, and one comes late: what was written before is read after, and who waits
//! sleeps.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{RaceCell, sleep, spawn};
use threadcraft_harness::{Check, Execution, Program, facts};

use crate::learner::Barrier;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("two meet, read, meet again and write again", || run(2, true))
            .fine_grain()
            .every_schedule("each reads what both wrote, and one of them is told true each time", |execution| {
                comes_to(execution, "read 4, true 2 times")
            }),
    );
    check.explore(
        Program::new("three meet", || run(3, false))
            .fine_grain()
            .every_schedule("each reads what all wrote, and one of them is told true", |execution| {
                comes_to(execution, "read 9, true 1 time")
            }),
    );
    check.explore(
        Program::new("one comes late", || {
            let barrier = Arc::new(Barrier::new(2));
            let early = spawn({
                let barrier = Arc::clone(&barrier);
                move || barrier.wait()
            });
            // Virtual time passes when nobody can run: the other sleeps by then, or it does not sleep at all.
            sleep(Duration::from_millis(5));
            let late = barrier.wait();
            [early.join().expect("it came through"), late].iter().filter(|&&led| led).count()
        })
        .fine_grain()
        .every_schedule("who waits sleeps, and does not ask again and again", facts::nobody_polls)
        .every_schedule("one of them is told true", |execution| comes_to(execution, "1")),
    );
}

/// A barrier, and a plain cell for each party: whatever the barrier does not order is a data race.
struct Hut {
    barrier: Barrier,
    notes: Vec<RaceCell<u32>>,
}

impl Hut {
    /// Writes, waits, and reads what all wrote: the sum, and how many times it was told true. If they meet twice, it
    /// then writes again, which must not be seen by those who read.
    fn visit(&self, me: usize, twice: bool) -> (u32, u32) {
        self.write(me, 1);
        let mut led = u32::from(self.barrier.wait());
        let read = self.notes.iter().map(Self::read).sum();
        if twice {
            led += u32::from(self.barrier.wait());
            self.write(me, 2);
        }
        (read, led)
    }

    fn write(&self, me: usize, note: u32) {
        // SAFETY:
        // - one explored thread runs at a time, and an access that the barrier does not order is reported, not made.
        self.notes[me].with_mut(|old| unsafe { *old = note });
    }

    fn read(note: &RaceCell<u32>) -> u32 {
        // SAFETY:
        // - as in `write`.
        note.with(|note| unsafe { *note })
    }
}

/// What all of them read together, and how often one of them was told true.
fn run(parties: u32, twice: bool) -> String {
    let notes = (0..parties).map(|_| RaceCell::new(0).named("note")).collect();
    let hut = Arc::new(Hut { barrier: Barrier::new(parties), notes });
    let others: Vec<_> = (1..parties as usize)
        .map(|me| {
            let hut = Arc::clone(&hut);
            spawn(move || hut.visit(me, twice))
        })
        .collect();
    let (mut read, mut led) = hut.visit(0, twice);
    for other in others {
        let (its_read, its_led) = other.join().expect("it came through");
        read += its_read;
        led += its_led;
    }
    format!("read {read}, true {led} {}", if led == 1 { "time" } else { "times" })
}

fn comes_to(execution: &Execution, expected: &str) -> Result<(), String> {
    match execution.outcome.as_deref().map(|outcome| outcome.trim_matches('"')) {
        Some(outcome) if outcome == expected => Ok(()),
        outcome => Err(format!("all together: {}", outcome.unwrap_or("nothing"))),
    }
}
