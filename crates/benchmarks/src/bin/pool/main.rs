//! The group `pool`: ours beside rayon, threadpool, rusty_pool, tokio's threads for blocking jobs, and Python's executor.
//!
//! What Python does is a function of `python_pool.py`, by the name under which [`Python::compare`] asks for it.

mod contenders;
mod workloads;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use threadcraft::ThreadPool;
use threadcraft_benchmarks::{Contender, Figures, Python, Table, Target, interleaved};

use contenders::{Runs, Threadpool, Tokio};

/// What Python does.
const SCRIPT: &str = include_str!("../../../python_pool.py");

const ROUNDS: usize = 11;
const JOBS: usize = 100_000;
const DEPTH: u32 = 15;
const PINGS: usize = 101;
const TRICKLE: usize = 100;
const ITEMS: u64 = 1_000_000;

/// One way to measure a pool.
#[derive(Clone, Copy, PartialEq)]
enum Work {
    Empty,
    Futures,
    Nested,
    TwoProducers,
    IdlePing,
    HotPing,
    Trickle,
}

impl Work {
    fn measure<P: Runs>(self, pool: &Arc<P>) -> f64 {
        match self {
            Self::Empty => workloads::empty(&**pool, JOBS),
            Self::Futures => workloads::futures(&**pool, JOBS),
            Self::Nested => workloads::nested(pool, DEPTH),
            Self::TwoProducers => workloads::two_producers(&**pool, JOBS),
            Self::IdlePing => workloads::idle_ping(&**pool, PINGS),
            Self::HotPing => workloads::hot_ping(&**pool, PINGS),
            Self::Trickle => workloads::trickle(&**pool, TRICKLE),
        }
    }
}

fn main() {
    let only = std::env::args().nth(1);
    let python = Python::run(SCRIPT);
    let mut table = Table::of_rows();
    let works = [
        ("empty jobs", Work::Empty, " ns", 0.8),
        ("futures, all read", Work::Futures, " ns", 0.3),
        ("nested jobs", Work::Nested, " ns", 1.0),
        ("two producers", Work::TwoProducers, " ns", 0.65),
        ("idle ping", Work::IdlePing, " µs", 1.0),
        ("hot ping", Work::HotPing, " µs", 1.0),
        ("processor time, a job each ms", Work::Trickle, " µs", 1.0),
    ];
    for (what, work, unit, target) in works {
        for workers in [2, 1, 8, 64] {
            let what = format!("{what}, {workers} workers");
            if only.as_ref().is_some_and(|only| !what.starts_with(only)) || !is_measured(work, workers) {
                continue;
            }
            eprintln!("{what}");
            let figures = measure(work, workers);
            // The target is of two workers, as the machine has cores, and of the best peer: it is met if all are beaten.
            let target = if workers == 2 { Target::AtMost(target) } else { Target::None };
            let fastest = figures.peers().map(|(name, theirs, _)| (name.to_owned(), theirs));
            let fastest = fastest.min_by(|one, other| one.1.total_cmp(&other.1)).expect("there are peers").0;
            table.compare(&what, unit, &figures, |peer| if peer == fastest { target } else { Target::None });
            if workers == 2 {
                python.compare_in(unit, &mut table, &what, &figures, &what.replace(' ', "-"));
            }
        }
    }
    if only.as_ref().is_none_or(|only| "map".starts_with(only.as_str())) {
        eprintln!("map");
        let figures = map();
        table.compare("map of cheap items", " ns", &figures, |_| Target::AtMost(1.0));
        python.compare(&mut table, "map of cheap items", &figures, "map");
    }
    println!(
        "{ROUNDS} rounds. {JOBS} empty jobs, futures and jobs of two producers, {} nested ones, nanoseconds a job; a map of \
         {ITEMS} items in chunks, nanoseconds an item; medians of {PINGS} pings. A target is of the fastest peer.\n\n{table}",
        (1 << (DEPTH + 1)) - 1
    );
}

/// All figures for as many workers as the machine has cores; for others what depends on their number.
fn is_measured(work: Work, workers: usize) -> bool {
    workers == 2 || matches!(work, Work::Empty | Work::Futures | Work::Nested)
}

fn measure(work: Work, workers: usize) -> Figures {
    fn contender<P: Runs>(work: Work, workers: usize) -> Contender<'static> {
        // Made anew each round: idle threads of one would be in the way of others.
        Contender::new(P::NAME, move || {
            let pool = Arc::new(P::new(workers));
            work.measure(&pool)
        })
    }
    let contenders = vec![
        contender::<ThreadPool>(work, workers),
        contender::<rayon::ThreadPool>(work, workers),
        contender::<Threadpool>(work, workers),
        contender::<rusty_pool::ThreadPool>(work, workers),
        contender::<Tokio>(work, workers),
    ];
    interleaved(ROUNDS, contenders)
}

/// A function that takes next to no time, of many items.
fn map() -> Figures {
    fn cheap(number: u64) -> u64 {
        black_box(number.wrapping_mul(number) ^ number)
    }
    fn timed(run: impl FnOnce() -> u64) -> f64 {
        let started = Instant::now();
        black_box(run());
        started.elapsed().as_nanos() as f64 / ITEMS as f64
    }
    let ours = ThreadPool::new(2);
    let theirs = <rayon::ThreadPool as Runs>::new(2);
    let contenders = vec![
        Contender::new("ours", || {
            timed(|| {
                let results = ours.map(0..ITEMS, cheap).chunk_size(10_000).into_vec().expect("none fails");
                results.iter().fold(0, |sum, item| sum ^ item)
            })
        }),
        Contender::new("rayon", || {
            timed(|| {
                let results: Vec<u64> = theirs.install(|| (0..ITEMS).into_par_iter().map(cheap).collect());
                results.iter().fold(0, |sum, item| sum ^ item)
            })
        }),
    ];
    interleaved(ROUNDS, contenders)
}
