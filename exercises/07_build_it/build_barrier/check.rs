//! What the crate's own barrier is asked, as far as the task goes; besides, one comes late, and who waits sleeps.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{sleep, spawn};
use threadcraft_harness::{Check, Program, facts};
use threadcraft_suites::barrier::{self as models, Meeting, one_leads};
use threadcraft_suites::behaviour::barrier as behaviours;

use crate::learner::Barrier;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("two write, meet and read", || models::lockstep::<Tested>(2, 1))
            .fine_grain()
            .comes_to("each reads what both wrote, and one of them is told true", &["([2, 2], true)"]),
    );
    check.explore(
        Program::new("two write, meet, read, and meet again; twice", || models::lockstep::<Tested>(2, 2))
            .fine_grain()
            .undisturbed()
            .comes_to("each reads what both wrote, and one of them is told true each time", &["([4, 4], true)"]),
    );
    check.explore(
        Program::new("three write, meet and read", || models::lockstep::<Tested>(3, 1))
            .fine_grain()
            .comes_to("each reads what all wrote, and one of them is told true", &["([3, 3, 3], true)"]),
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
        .comes_to("one of them is told true", &["1"]),
    );
    check.explore(
        Program::new("two go in lockstep", || behaviours::threads_go_in_lockstep::<Tested>(2, 1)).fine_grain(),
    );
    check.explore(
        Program::new("two meet twice", || behaviours::the_numbers_of_each_phase_are_right::<Tested>(2, 2)).fine_grain(),
    );
    check.explore(Program::new("a party of one", behaviours::a_single_thread_passes::<Tested>).fine_grain());
}

/// The learner's barrier, as the suites know one: it tells one of them true.
struct Tested(Barrier);

impl Meeting for Tested {
    fn new(parties: usize) -> Self {
        Self(Barrier::new(parties.try_into().expect("a few")))
    }
    fn wait(&self) -> Option<usize> {
        Some(usize::from(!self.0.wait()))
    }
    fn is_right(numbers: Vec<usize>) -> bool {
        one_leads(&numbers)
    }
}
