//! The group `pool`: ours beside rayon, threadpool, rusty_pool, tokio's threads for blocking jobs, and Python's executor.
//!
//! What Python does is a function of `python_pool.py`, by the name under which [`Python::compare`] asks for it.

mod contenders;
mod floors;
mod workloads;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use rayon::iter::{IntoParallelIterator as _, ParallelBridge as _, ParallelIterator as _};
use threadcraft::ThreadPool;
use threadcraft_benchmarks::{Contender, Figures, Python, Target, interleaved, judged};

use contenders::{Runs, Threadpool, Tokio};
use floors::{BareQueue, RawFutexes, map_in_chunks};

/// What Python does.
const SCRIPT: &str = include_str!("../../../python_pool.py");

const ROUNDS: usize = 21;
const JOBS: usize = 100_000;
const DEPTH: u32 = 15;
const PINGS: usize = 101;
const TRICKLE: usize = 100;
const ITEMS: u64 = 1_000_000;
const CHUNK: usize = 10_000;

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

/// What is beside the map of an iterator: the same without a pool. It is no floor, as ours is faster.
const CHUNKS: &str = "items handed over in chunks";

impl Work {
    /// Who does it without being a pool.
    fn bare(self) -> &'static str {
        match self {
            Self::IdlePing | Self::HotPing | Self::Trickle => RawFutexes::NAME,
            Self::Empty | Self::Futures | Self::Nested | Self::TwoProducers => BareQueue::NAME,
        }
    }

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
    let mut table = judged::table();
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
            let bare = work.bare();
            let peers = figures.peers().filter(|&(name, ..)| name != bare);
            let peers = peers.map(|(name, theirs, _)| (name.to_owned(), theirs));
            let fastest = peers.min_by(|one, other| one.1.total_cmp(&other.1)).expect("there are peers").0;
            let target = |peer: &str| if peer == fastest { target } else { Target::None };
            // Threads that look before they sleep are faster than raw futexes, and so may a pool be.
            let floor = Some(bare).filter(|&bare| bare == RawFutexes::NAME && work != Work::HotPing);
            judged::compare(&mut table, &what, unit, &figures, floor, target);
            let name = what.replace(' ', "-");
            if workers == 2 {
                judged::compare_python(&python, unit, &mut table, &what, &figures, floor, &name);
            }
        }
    }
    if only.as_ref().is_none_or(|only| "map".starts_with(only.as_str())) {
        eprintln!("map");
        for (what, figures) in
            [("map of cheap items, a range", map_of_range()), ("map of cheap items, any iterator", map())]
        {
            let target = |peer: &str| if peer == CHUNKS { Target::None } else { Target::AtMost(1.0) };
            judged::compare(&mut table, what, " ns", &figures, None, target);
            judged::compare_python(&python, " ns", &mut table, what, &figures, None, "map");
        }
    }
    println!(
        "{ROUNDS} rounds. {JOBS} empty jobs, futures and jobs of two producers, {} nested ones, nanoseconds a job; a map of \
         {ITEMS} items, nanoseconds an item; medians of {PINGS} pings. A target is of the fastest peer. A range is divided \
         by both (`map_range`, `into_par_iter`), an iterator gives one item after the other (`map`, in the order of the items; \
         `par_bridge`, in any). Beside them: a queue behind a lock, of boxed jobs and results, threads that look and never \
         sleep, and the items of an iterator, handed to two threads in chunks. The floor of the idle ping and of processor \
         time is raw futexes, two words that two threads sleep at.\n\n{}\n\n{table}",
        (1 << (DEPTH + 1)) - 1,
        judged::LEGEND
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
        match work.bare() {
            RawFutexes::NAME => contender::<RawFutexes>(work, workers),
            _ => contender::<BareQueue>(work, workers),
        },
    ];
    interleaved(ROUNDS, contenders)
}

/// A function that takes next to no time.
fn cheap(number: u64) -> u64 {
    black_box(number.wrapping_mul(number) ^ number)
}

/// The nanoseconds of an item, until all values have been looked at.
fn timed(run: impl FnOnce() -> Vec<u64>) -> f64 {
    let started = Instant::now();
    black_box(run().iter().fold(0, |sum, item| sum ^ item));
    started.elapsed().as_nanos() as f64 / ITEMS as f64
}

/// It is applied to many numbers, which nobody has to write down.
fn map_of_range() -> Figures {
    let (ours, theirs) = (ThreadPool::new(2), <rayon::ThreadPool as Runs>::new(2));
    let contenders = vec![
        Contender::new("ours", || {
            timed(|| ours.map_range(0..ITEMS as usize, |number| cheap(number as u64)).expect("none fails"))
        }),
        Contender::new("rayon", || timed(|| theirs.install(|| (0..ITEMS).into_par_iter().map(cheap).collect()))),
    ];
    interleaved(ROUNDS, contenders)
}

/// It is applied to the items of an iterator.
fn map() -> Figures {
    let ours = ThreadPool::new(2);
    let theirs = <rayon::ThreadPool as Runs>::new(2);
    let contenders = vec![
        Contender::new("ours", || {
            timed(|| ours.map(0..ITEMS, cheap).chunk_size(CHUNK).into_vec().expect("none fails"))
        }),
        Contender::new("rayon", || timed(|| theirs.install(|| (0..ITEMS).par_bridge().map(cheap).collect()))),
        Contender::new(CHUNKS, || timed(|| map_in_chunks(2, 0..ITEMS, CHUNK, cheap))),
    ];
    interleaved(ROUNDS, contenders)
}
