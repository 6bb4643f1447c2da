//! How many schedules a second: one execution after the other, none of which fails.

use std::time::Instant;

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use threadcraft_benchmarks::{Contender, Table, Target, interleaved};
use threadcraft_explore::{Carrier, Explorer, Strategy};

use crate::right;
use crate::seam::{Ours, Shuttle};
use crate::search::PCT_DEPTH;

/// How often each is measured.
const ROUNDS: usize = 15;

/// In one round.
const EXECUTIONS: usize = 3_000;

/// Fixed, so that every run measures the same.
const SEED: u64 = 1;

/// Prints the table.
pub(crate) fn print() {
    eprintln!("schedules a second");
    let mut table = Table::of_rows();
    let adding = ("each adds 20 times", [right::three_workers::<Ours>, right::three_workers::<Shuttle>]);
    let locking = (
        "each locks and unlocks 10 times",
        [right::three_workers_with_a_lock::<Ours>, right::three_workers_with_a_lock::<Shuttle>],
    );
    for (what, [ours, theirs]) in [adding, locking] {
        let random = Contender::new("shuttle, random", move || {
            of_shuttle(RandomScheduler::new_from_seed(SEED, EXECUTIONS), theirs)
        });
        let pct = Contender::new("shuttle, PCT", move || {
            of_shuttle(PctScheduler::new_from_seed(SEED, PCT_DEPTH, EXECUTIONS), theirs)
        });
        let ours = Contender::new("ours, random", move || of_ours(Strategy::Random, ours));
        let figures = interleaved(ROUNDS, vec![ours, random, pct]);
        // Ours is compared with its like; the other row shows what is left to do.
        let target = |peer: &str| if peer.ends_with("random") { Target::AtLeast(1.0) } else { Target::None };
        table.compare(&format!("random: {what}"), " /s", &figures, target);
    }
    println!("### Schedules a second\n");
    println!("3 workers, {EXECUTIONS} executions a round, {ROUNDS} rounds; ours on coroutines. Higher is better.\n");
    println!("{table}");
}

fn of_ours(strategy: Strategy, program: fn()) -> f64 {
    let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(strategy).seed(SEED);
    let explorer = explorer.max_schedules(EXECUTIONS as u64).build();
    let started = Instant::now();
    let report = explorer.explore(program);
    let rate = report.schedules as f64 / started.elapsed().as_secs_f64();
    assert!(report.failure.is_none() && report.schedules == EXECUTIONS as u64, "{:?}", report.cut);
    rate
}

fn of_shuttle(scheduler: impl Scheduler + 'static, program: fn()) -> f64 {
    let started = Instant::now();
    let executions = shuttle::Runner::new(scheduler, shuttle::Config::new()).run(program);
    let rate = executions as f64 / started.elapsed().as_secs_f64();
    assert_eq!(executions, EXECUTIONS);
    rate
}
