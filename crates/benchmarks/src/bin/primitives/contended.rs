//! The locks when several threads want them: how fast they are together, and what the slowest thread gets.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;
use threadcraft_benchmarks::{
    Contender, Figures, Interval, Python, Table, Target, geometric_mean, interleaved, judged,
};

use crate::lock::{Glibc, Mutual};
use crate::machine::{Work, between_cores, stay_on};

const ROUNDS: usize = 31;

/// How long the threads run in a round: a hundred of the system's time slices, of which the slowest of eight threads is to
/// get an eighth.
const WINDOW: Duration = Duration::from_millis(400);

/// The worst thread has at least this part of the mean.
const LEAST_SHARE: f64 = 0.3;

/// No cell is slower than this, whatever the mean.
const WORST_CELL: f64 = 1.15;

/// Who else is there; the order of [`cell`].
const PEERS: [&str; 4] = ["std", "parking_lot", "usync", "glibc"];

/// Threads that want nothing of each other, where it is about shares.
const NO_LOCK: &str = "no lock";

/// How many threads there are.
const THREADS: [usize; 3] = [2, 4, 8];

/// What a cell may be, the worst first.
const VERDICTS: [&str; 4] = ["**no**", "floor", "tie", "yes"];

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
    let mut shares = Table::new(&[&heads, &peers[..], &[(NO_LOCK, true), ("met", false)]].concat());
    let mut runs = Table::new(&[&heads, &peers[..]].concat());
    let mut beside_python = Table::of_rows();
    let (mut nearest, mut farthest) = (f64::MAX, 0.0_f64);
    let comparisons = THREADS.len() * WORKLOADS.len() * PEERS.len();
    let mut ratios: [Vec<Interval>; PEERS.len()] = Default::default();
    let mut shares_beside: [Vec<Interval>; PEERS.len()] = Default::default();
    for threads in THREADS {
        for workload in WORKLOADS {
            eprintln!("Lock, {threads} threads, {}", workload.what);
            let away = between_cores();
            (nearest, farthest) = (away.min(nearest), away.max(farthest));
            let Cell { speed, share, run } = cell(threads, workload);
            let begin = vec![threads.to_string(), workload.what.to_owned()];
            let mut cells = [begin.clone(), vec![format!("{:.0} ns", speed.ours())]].concat();
            for (peer, all) in PEERS.iter().zip(&mut ratios) {
                let ratio = speed.beside(peer);
                cells.push(format!("{:.2} ({})", ratio.median, judged::shown(ratio)));
                all.push(ratio);
            }
            speeds.line(cells);
            let figures = [run.ours()].into_iter().chain(run.peers().map(|(_, theirs, _)| theirs));
            runs.line([begin.clone(), figures.map(|figure| format!("{figure:.1}")).collect()].concat());
            let mut cells = [begin, vec![format!("{:.2}", share.ours())]].concat();
            let mut verdicts = vec![judged::verdict(Target::AtLeast(LEAST_SHARE), share.own(), false)];
            let at_floor = share.beside(NO_LOCK).high >= 1.0;
            for (peer, theirs, _) in share.peers() {
                let ratio = share.beside_as_one_of(comparisons, peer);
                cells.push(format!("{theirs:.2} ({})", judged::shown(ratio)));
                if let Some(place) = PEERS.iter().position(|&other| other == peer) {
                    verdicts.push(judged::verdict(Target::AtLeast(1.0), ratio, at_floor));
                    shares_beside[place].push(share.beside(peer));
                }
            }
            verdicts.sort_by_key(|&verdict| VERDICTS.iter().position(|&other| other == verdict));
            cells.push(verdicts[0].to_owned());
            shares.line(cells);
            if workload.inside + workload.outside == 0.0 {
                let what = format!("{threads} threads count");
                python.compare(" ns", &mut beside_python, &what, &speed, None, &format!("contended-{threads}"));
            }
        }
    }
    println!("### Lock, contended\n");
    println!(
        "Threads that stay on a core each, {ROUNDS} rounds of {} ms: nanoseconds an operation of all together, and \
         ours / peer with its interval of 95 %. A core saw what the other had stored after {nearest:.0} to {farthest:.0} ns, \
         as found out before each line: a virtual machine's cores may be moved meanwhile.\n\n{speeds}",
        WINDOW.as_millis()
    );
    println!("{}\n{beside_python}", speeds_summary(&ratios));
    println!(
        "How often a thread has the lock in a row, in the same rounds, in the mean. To hand the lock to another core takes as \
         long as several short sections, so whoever keeps the others waiting for longer is faster where nobody does anything \
         else.\n\n{runs}"
    );
    println!("### Lock, starvation\n");
    println!(
        "The worst thread's share of the mean in the same rounds, higher is better, and the interval of ours / peer. Met: at \
         least {LEAST_SHARE}, and at least each peer's; a tie where a peer's is higher by less than can be told from noise. \
         These are {comparisons} comparisons, of which a few would be wrong with 95 % for each: the intervals are so wide \
         that all of them hold with 95 %. The floor is \"{NO_LOCK}\", each thread with a counter of its own: what the \
         system's scheduler gives the worst one.\n\n{shares}"
    );
    println!(
        "All cells together, where there is less noise: the mean of ours / peer.\n\n{}",
        shares_summary(&shares_beside)
    );
}

/// The mean of all cells, and the worst one, beside each peer.
fn speeds_summary(ratios: &[Vec<Interval>; PEERS.len()]) -> Table {
    let mut table = Table::new(&[
        ("against", false),
        ("geometric mean", true),
        ("95 %", true),
        ("target", true),
        ("met", false),
        ("worst cell", true),
        ("95 %", true),
        ("target", true),
        ("met", false),
    ]);
    for (peer, ratios) in PEERS.iter().zip(ratios) {
        let mut cells = vec![(*peer).to_owned()];
        let worst = ratios.iter().copied().max_by(|one, other| one.median.total_cmp(&other.median));
        for (ratio, most) in [(mean(ratios), 1.0), (worst.expect("there are cells"), WORST_CELL)] {
            cells.extend(judged_cells(ratio, Target::AtMost(most)));
        }
        table.line(cells);
    }
    table
}

/// The mean of all shares beside each peer's.
fn shares_summary(ratios: &[Vec<Interval>; PEERS.len()]) -> Table {
    let heads = [("against", false), ("geometric mean", true), ("95 %", true), ("target", true), ("met", false)];
    let mut table = Table::new(&heads);
    for (peer, ratios) in PEERS.iter().zip(ratios) {
        let mut cells = vec![(*peer).to_owned()];
        cells.extend(judged_cells(mean(ratios), Target::AtLeast(1.0)));
        table.line(cells);
    }
    table
}

/// A ratio, its interval, the target, and whether it is met.
fn judged_cells(ratio: Interval, target: Target) -> [String; 4] {
    let verdict = judged::verdict(target, ratio, false);
    [format!("{:.2}", ratio.median), judged::shown(ratio), target.to_string(), verdict.to_owned()]
}

/// The geometric mean of independent ratios: its interval is that of a sum, in logarithms.
fn mean(ratios: &[Interval]) -> Interval {
    let median = geometric_mean(&ratios.iter().map(|ratio| ratio.median).collect::<Vec<_>>());
    let away = |end: fn(&Interval) -> f64| {
        let squares: f64 = ratios.iter().map(|ratio| (end(ratio) / ratio.median).ln().powi(2)).sum();
        squares.sqrt() / ratios.len() as f64
    };
    let (low, high) = (away(|ratio| ratio.low), away(|ratio| ratio.high));
    Interval { median, low: median / low.exp(), high: median * high.exp() }
}

/// What several threads do with each lock, ours first; of the shares, those without any are the last.
struct Cell {
    /// Nanoseconds an operation.
    speed: Figures,
    /// The worst thread's.
    share: Figures,
    /// How many operations in a row are of one thread.
    run: Figures,
}

/// What a lock gives besides its speed, round by round.
#[derive(Default)]
struct Manners {
    shares: Vec<f64>,
    runs: Vec<f64>,
}

/// Measures one cell.
fn cell(threads: usize, workload: Workload) -> Cell {
    let mut manners: [Manners; PEERS.len() + 2] = Default::default();
    let [ours, std, parking_lot, usync, glibc, no_lock] = &mut manners;
    // Measured once: the same work for all.
    let work = [Work::of(workload.inside), Work::of(workload.outside)];
    let contenders = vec![
        contender::<threadcraft::Lock<u64>>(threads, &work, ours),
        contender::<std::sync::Mutex<u64>>(threads, &work, std),
        contender::<parking_lot::Mutex<u64>>(threads, &work, parking_lot),
        contender::<usync::Mutex<u64>>(threads, &work, usync),
        contender::<Glibc>(threads, &work, glibc),
        contender::<Apart>(threads, &work, no_lock),
    ];
    let mut speed = interleaved(ROUNDS, contenders);
    let names = speed.names().map(str::to_owned).collect::<Vec<_>>();
    // The round that warms up does not count here either.
    let figures = |of: fn(&Manners) -> &Vec<f64>| {
        Figures::of(names.iter().cloned().zip(manners.iter().map(|manners| of(manners)[1..].to_vec())))
    };
    let (share, mut run) = (figures(|manners| &manners.shares), figures(|manners| &manners.runs));
    speed.leave_out(NO_LOCK);
    run.leave_out(NO_LOCK);
    Cell { speed, share, run }
}

fn contender<'a, M: Mutual>(threads: usize, work: &'a [Work; 2], manners: &'a mut Manners) -> Contender<'a> {
    Contender::new(M::NAME, move || {
        let (counts, runs, took) = window::<M>(threads, work);
        let total: u64 = counts.iter().sum();
        let worst = counts.iter().copied().min().unwrap_or_default();
        manners.shares.push(worst as f64 * threads as f64 / total as f64);
        manners.runs.push(total as f64 / runs as f64);
        took.as_nanos() as f64 / total as f64
    })
}

/// No lock at all: each thread counts for itself.
struct Apart;

thread_local! {
    /// What this thread has counted.
    static OWN: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

impl Mutual for Apart {
    const NAME: &'static str = NO_LOCK;

    fn new() -> Self {
        Self
    }

    #[inline]
    fn with<R>(&self, body: impl FnOnce(&mut u64) -> R) -> R {
        let mut value = OWN.get();
        let result = body(&mut value);
        OWN.set(value);
        result
    }
}

/// Lets so many threads use one lock for a while: how often each had it, how often it went to another, and how long that
/// was.
fn window<M: Mutual>(threads: usize, [inside, outside]: &[Work; 2]) -> (Vec<u64>, u64, Duration) {
    // Each in cache lines of its own: what all threads read is not to be where one writes, here and not there, as the
    // compiler happens to put them on the stack.
    let lock = CachePadded::new(M::new());
    let over = CachePadded::new(AtomicBool::new(false));
    let start = Barrier::new(threads + 1);
    let (lock, over, start) = (&*lock, &*over, &start);
    thread::scope(|scope| {
        let started = |core| {
            scope.spawn(move || {
                stay_on(core);
                start.wait();
                let (mut count, mut runs, mut last) = (0, 0, u64::MAX);
                // Relaxed: it says when, and publishes nothing.
                while !over.load(Ordering::Relaxed) {
                    let before = lock.with(|value| {
                        *value += 1;
                        inside.work();
                        *value - 1
                    });
                    // Somebody else has counted meanwhile, or nobody.
                    runs += u64::from(before != last);
                    last = before + 1;
                    outside.work();
                    count += 1;
                }
                (count, runs)
            })
        };
        let workers: Vec<_> = (0..threads).map(started).collect();
        start.wait();
        let began = Instant::now();
        thread::sleep(WINDOW);
        over.store(true, Ordering::Relaxed);
        let took = began.elapsed();
        let ended = workers.into_iter().map(|worker| worker.join().expect("a worker does not panic"));
        let (counts, runs): (Vec<u64>, Vec<u64>) = ended.unzip();
        let total = counts.iter().sum::<u64>();
        assert!(M::NAME == NO_LOCK || lock.with(|value| *value) == total, "{} excludes", M::NAME);
        (counts, runs.iter().sum(), took)
    })
}
