//! All that was handed in is done when `close` returns: jobs that need each other, and jobs behind one that panics.

use std::sync::Arc;

use threadcraft::prelude::*;
use threadcraft::probe;
use threadcraft_harness::{Check, Execution, Program};
use threadcraft_suites::pool as models;

use crate::learner::Pool;

pub fn check(check: &mut Check) {
    check.explore(closed_well(
        "one worker, and main waits for the job before it closes",
        || {
            let pool = Pool::new(1);
            let bell = Arc::new(Event::new().named("bell"));
            let rung = Arc::clone(&bell);
            pool.submit(move || rung.set());
            bell.wait();
            closes(pool)
        },
        &[],
        0,
    ));
    check.explore(closed_well(
        "one worker, and three jobs of which the first panics",
        || {
            let pool = Pool::new(1);
            pool.submit(|| panic!("the shoe is torn"));
            pool.submit(|| probe(DONE, 2));
            pool.submit(|| probe(DONE, 3));
            closes(pool)
        },
        &[2, 3],
        1,
    ));
    check.explore(
        Program::new("one worker, and two jobs before the end", || models::last_job::<Tested>(2))
            .comes_to("both are done", &["2"]),
    );
    check.explore(closed_well("two workers, and no job at all", || closes(Pool::new(2)), &[], 0));
    check.explore(closed_well(
        "two workers, and a job that waits for the one behind it",
        || {
            let pool = Pool::new(2);
            let bell = Arc::new(Event::new().named("bell"));
            let rung = Arc::clone(&bell);
            pool.submit(move || {
                rung.wait();
                probe(DONE, 1);
            });
            // That it is done is seen by the other, which waits for it.
            pool.submit(move || bell.set());
            closes(pool)
        },
        &[1],
        0,
    ));
}

/// The learner's pool, as the suites know one.
struct Tested(Lock<Option<Pool>>);

impl models::Pool for Tested {
    type Job = ();
    fn new(workers: usize) -> Self {
        Self(Lock::new(Some(Pool::new(workers))))
    }
    fn submit(&self, job: impl FnOnce() + Send + 'static) {
        self.0.lock().as_ref().expect("it is open").submit(job);
    }
    fn shut_down(&self) {
        let pool = self.0.lock().take().expect("it is open");
        pool.close();
    }
}

const DONE: &str = "done";
/// In the place of a job: `close` has returned.
const CLOSED: i64 = 0;

fn closes(pool: Pool) -> usize {
    let failed = pool.close();
    probe(DONE, CLOSED);
    failed
}

/// A program in which these jobs are done, in any order, before `close` returns, and it says that so many panicked.
fn closed_well(
    title: &str,
    run: impl Fn() -> usize + Send + Sync + 'static,
    jobs: &'static [i64],
    failed: usize,
) -> Program {
    Program::new(title, run)
        .every_schedule("all jobs are done when `close` returns", move |execution| {
            let done = done_before_closing(execution);
            if done == jobs { Ok(()) } else { Err(format!("done are {done:?}")) }
        })
        .every_schedule("`close` says how many panicked", move |execution| match execution.outcome.as_deref() {
            Some(said) if said == failed.to_string() => Ok(()),
            said => Err(format!("it says {}", said.unwrap_or("nothing"))),
        })
}

fn done_before_closing(execution: &Execution) -> Vec<i64> {
    let done = execution.probes.iter().filter(|seen| seen.name == DONE).map(|seen| seen.value);
    let mut jobs: Vec<i64> = done.take_while(|&job| job != CLOSED).collect();
    jobs.sort_unstable();
    jobs
}
