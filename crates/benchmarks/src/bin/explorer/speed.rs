//! How many schedules a second: one execution after the other, none of which fails.
//!
//! Seconds of processor time: an explorer runs one thread at a time, and ours stays on one core, whatever else runs there.

use std::time::Duration;

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use threadcraft_benchmarks::{Contender, Table, Target, interleaved};
use threadcraft_explore::{Carrier, Explorer, Strategy};

use crate::right;
use crate::seam::{Ours, Shuttle};
use crate::search::PCT_DEPTH;

/// How often each is measured.
const ROUNDS: usize = 31;

/// In one round.
const EXECUTIONS: usize = 2_000;

/// Fixed, so that every run measures the same.
const SEED: u64 = 1;

/// A way to choose who goes next, ours and shuttle's.
struct Choosing {
    what: &'static str,
    ours: Strategy,
    shuttle: fn(fn()) -> f64,
}

const CHOOSING: [Choosing; 2] = [
    Choosing { what: "random", ours: Strategy::Random, shuttle: shuttle_random },
    Choosing { what: "PCT", ours: Strategy::Pct(PCT_DEPTH as u32), shuttle: shuttle_pct },
];

/// The schedules of a peer that we have at least.
const TARGET: Target = Target::AtLeast(1.0);

/// Prints the table.
pub(crate) fn print() {
    let adding = ("3 × 20 additions", [right::three_workers::<Ours>, right::three_workers::<Shuttle>]);
    let locking = (
        "3 × 10 times a lock",
        [right::three_workers_with_a_lock::<Ours>, right::three_workers_with_a_lock::<Shuttle>],
    );
    let mut table = Table::of_rows();
    for Choosing { what, ours: strategy, shuttle } in CHOOSING {
        for (program, [ours, theirs]) in [adding, locking] {
            eprintln!("schedules a second: {what}, {program}");
            let ours = Contender::new("ours", move || of_ours(strategy, ours));
            let shuttle = Contender::new("shuttle", move || shuttle(theirs));
            let figures = interleaved(ROUNDS, vec![ours, shuttle]);
            table.compare(&format!("{what}: {program}"), " /s", &figures, |_| TARGET);
        }
    }
    println!("### Schedules a second\n");
    println!(
        "{EXECUTIONS} executions a round, {ROUNDS} rounds, seconds of processor time; ours on coroutines. Higher is \
         better.\n\n{table}"
    );
}

fn of_ours(strategy: Strategy, program: fn()) -> f64 {
    let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(strategy).seed(SEED);
    let explorer = explorer.max_schedules(EXECUTIONS as u64).build();
    let before = processor_time();
    let report = explorer.explore(program);
    let rate = report.schedules as f64 / (processor_time() - before).as_secs_f64();
    assert!(report.failure.is_none() && report.schedules == EXECUTIONS as u64, "{:?}", report.cut);
    rate
}

fn shuttle_random(program: fn()) -> f64 {
    of_shuttle(RandomScheduler::new_from_seed(SEED, EXECUTIONS), program)
}

fn shuttle_pct(program: fn()) -> f64 {
    of_shuttle(PctScheduler::new_from_seed(SEED, PCT_DEPTH, EXECUTIONS), program)
}

fn of_shuttle(scheduler: impl Scheduler + 'static, program: fn()) -> f64 {
    let before = processor_time();
    let executions = shuttle::Runner::new(scheduler, shuttle::Config::new()).run(program);
    let rate = executions as f64 / (processor_time() - before).as_secs_f64();
    assert_eq!(executions, EXECUTIONS);
    rate
}

/// What this process has used of its processors.
pub(crate) fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure outlives the call, which writes it.
    let result = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    assert_eq!(result, 0, "every Linux has this clock");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
