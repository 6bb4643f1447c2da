//! The locks when several threads want them: how fast they are together, and what the slowest thread gets.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use threadcraft_benchmarks::{Contender, Figures, Python, Table, Target, geometric_mean, interleaved, median, met};

use crate::lock::{Glibc, Mutual};
use crate::machine::{Work, stay_on};

const ROUNDS: usize = 11;

/// How long the threads run in a round: many of the system's time slices.
const WINDOW: Duration = Duration::from_millis(150);

/// The worst thread has at least this part of the mean.
const LEAST_SHARE: f64 = 0.3;

/// No cell is slower than this, whatever the mean.
const WORST_CELL: f64 = 1.15;

/// Who else is there; the order of [`cell`].
const PEERS: [&str; 4] = ["std", "parking_lot", "usync", "glibc"];

/// What the threads do.
#[derive(Clone, Copy)]
struct Workload {
    what: &'static str,
    /// Nanoseconds with the lock held, and without.
    inside: f64,
    outside: f64,
}

const WORKLOADS: [Workload; 3] = [
    Workload { what: "short section", inside: 0.0, outside: 0.0 },
    Workload { what: "short, 50 ns outside", inside: 0.0, outside: 50.0 },
    Workload { what: "230 ns in and out", inside: 230.0, outside: 230.0 },
];

/// Prints the tables.
pub(crate) fn print(python: &Python) {
    let peers = PEERS.map(|peer| (peer, true));
    let mut speeds = Table::new(&[&[("threads", true), ("workload", false), ("ours", true)], &peers[..]].concat());
    let heads = [("threads", true), ("workload", false), ("ours", true)];
    let mut shares = Table::new(&[&heads, &peers[..], &[("met", false)]].concat());
    let mut beside_python = Table::of_rows();
    let mut ratios: [Vec<f64>; PEERS.len()] = Default::default();
    for threads in [2, 4, 8] {
        for workload in WORKLOADS {
            eprintln!("Lock, {threads} threads, {}", workload.what);
            let (speed, share) = cell(threads, workload);
            let begin = vec![threads.to_string(), workload.what.to_owned()];
            let mut cells = [begin.clone(), vec![format!("{:.0} ns", speed.ours())]].concat();
            for ((_, _, ratio), all) in speed.peers().zip(&mut ratios) {
                cells.push(format!("{ratio:.2}"));
                all.push(ratio);
            }
            speeds.line(cells);
            let mut cells = begin;
            cells.extend(share.iter().map(|share| format!("{share:.2}")));
            let best = share[1..].iter().copied().fold(LEAST_SHARE, f64::max);
            cells.push(met(Target::AtLeast(best).is_met_by(share[0])).to_owned());
            shares.line(cells);
            if workload.inside + workload.outside == 0.0 {
                let what = format!("{threads} threads count");
                python.compare(&mut beside_python, &what, &speed, &format!("contended-{threads}"));
            }
        }
    }
    println!("### Lock, contended\n");
    println!(
        "Threads that stay on a core each, {ROUNDS} rounds of {} ms: nanoseconds an operation of all together, and \
         ours / peer.\n\n{speeds}",
        WINDOW.as_millis()
    );
    println!("{}\n{beside_python}", summary(&ratios));
    println!("### Lock, starvation\n");
    println!(
        "The worst thread's share of the mean in the same rounds, higher is better. Met: at least {LEAST_SHARE}, and at \
         least each peer's.\n\n{shares}"
    );
}

fn summary(ratios: &[Vec<f64>; PEERS.len()]) -> Table {
    let mut table = Table::new(&[
        ("against", false),
        ("geometric mean", true),
        ("target", true),
        ("met", false),
        ("worst cell", true),
        ("target", true),
        ("met", false),
    ]);
    for (peer, ratios) in PEERS.iter().zip(ratios) {
        let mut cells = vec![(*peer).to_owned()];
        let worst = ratios.iter().copied().fold(f64::MIN, f64::max);
        for (ratio, most) in [(geometric_mean(ratios), 1.0), (worst, WORST_CELL)] {
            let target = Target::AtMost(most);
            cells.extend([format!("{ratio:.2}"), target.to_string(), met(target.is_met_by(ratio)).to_owned()]);
        }
        table.line(cells);
    }
    table
}

/// One cell: nanoseconds an operation, and the median of the worst thread's shares, of all locks.
fn cell(threads: usize, workload: Workload) -> (Figures, Vec<f64>) {
    let mut shares: [Vec<f64>; PEERS.len() + 1] = Default::default();
    let [ours, std, parking_lot, usync, glibc] = &mut shares;
    // Measured once: the same work for all.
    let work = [Work::of(workload.inside), Work::of(workload.outside)];
    let contenders = vec![
        contender::<threadcraft::Lock<u64>>(threads, &work, ours),
        contender::<std::sync::Mutex<u64>>(threads, &work, std),
        contender::<parking_lot::Mutex<u64>>(threads, &work, parking_lot),
        contender::<usync::Mutex<u64>>(threads, &work, usync),
        contender::<Glibc>(threads, &work, glibc),
    ];
    let figures = interleaved(ROUNDS, contenders);
    (figures, shares.iter().map(|shares| median(shares)).collect())
}

fn contender<'a, M: Mutual>(threads: usize, work: &'a [Work; 2], shares: &'a mut Vec<f64>) -> Contender<'a> {
    Contender::new(M::NAME, move || {
        let (counts, took) = window::<M>(threads, work);
        let total: u64 = counts.iter().sum();
        let worst = counts.iter().copied().min().unwrap_or_default();
        shares.push(worst as f64 * threads as f64 / total as f64);
        took.as_nanos() as f64 / total as f64
    })
}

/// Lets so many threads use one lock for a while: how often each had it, and how long that was.
fn window<M: Mutual>(threads: usize, [inside, outside]: &[Work; 2]) -> (Vec<u64>, Duration) {
    let lock = M::new();
    let over = AtomicBool::new(false);
    let start = Barrier::new(threads + 1);
    let (lock, over, start) = (&lock, &over, &start);
    let (counts, took) = thread::scope(|scope| {
        let started = |core| {
            scope.spawn(move || {
                stay_on(core);
                start.wait();
                let mut count = 0;
                // Relaxed: it says when, and publishes nothing.
                while !over.load(Ordering::Relaxed) {
                    lock.with(|value| {
                        *value += 1;
                        inside.work();
                    });
                    outside.work();
                    count += 1;
                }
                count
            })
        };
        let workers: Vec<_> = (0..threads).map(started).collect();
        start.wait();
        let began = Instant::now();
        thread::sleep(WINDOW);
        over.store(true, Ordering::Relaxed);
        let took = began.elapsed();
        let counts = workers.into_iter().map(|worker| worker.join().expect("a worker does not panic"));
        (counts.collect::<Vec<u64>>(), took)
    });
    assert_eq!(lock.with(|value| *value), counts.iter().sum::<u64>(), "{} excludes", M::NAME);
    (counts, took)
}
