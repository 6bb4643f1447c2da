//! Threads on one core that wait for each other at a barrier.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::thread;

use threadcraft_benchmarks::{Contender, Figures, Table, Target, interleaved, met};

use crate::machine::{nanoseconds, stay_on};
use crate::system_calls;
use threadcraft_benchmarks::Python;

const ROUNDS: usize = 101;
const PHASES: u32 = 200;

/// With how many parties system calls are counted, and how many a phase may take.
const COUNTED: usize = 8;
const MOST_CALLS: f64 = 9.0;

/// A barrier for so many parties.
trait Gate: Sync {
    const NAME: &'static str;
    fn new(parties: usize) -> Self;
    fn pass(&self);
}

impl Gate for threadcraft::Barrier {
    const NAME: &'static str = "ours";

    fn new(parties: usize) -> Self {
        Self::new(parties)
    }

    fn pass(&self) {
        self.wait().expect("nobody breaks it");
    }
}

impl Gate for std::sync::Barrier {
    const NAME: &'static str = "std";

    fn new(parties: usize) -> Self {
        Self::new(parties)
    }

    fn pass(&self) {
        self.wait();
    }
}

/// The C library's barrier.
struct Glibc(Box<UnsafeCell<MaybeUninit<libc::pthread_barrier_t>>>);

// SAFETY: it is made for use by several threads, and stays at its place.
unsafe impl Sync for Glibc {}

impl Gate for Glibc {
    const NAME: &'static str = "glibc";

    fn new(parties: usize) -> Self {
        let barrier = Box::new(UnsafeCell::new(MaybeUninit::uninit()));
        let parties = libc::c_uint::try_from(parties).expect("a few");
        // SAFETY: there is room for a barrier, at a place that it keeps.
        let result = unsafe { libc::pthread_barrier_init(barrier.get().cast(), std::ptr::null(), parties) };
        assert_eq!(result, 0, "so many parties are allowed");
        Self(barrier)
    }

    fn pass(&self) {
        // SAFETY: it is initialised, and stays where it is.
        unsafe { libc::pthread_barrier_wait(self.0.get().cast()) };
    }
}

/// The nanoseconds of a phase, all on one core.
fn phase<G: Gate>(parties: usize, phases: u32) -> f64 {
    let gate = G::new(parties);
    thread::scope(|scope| {
        for _ in 1..parties {
            scope.spawn(|| {
                stay_on(0);
                (0..=phases).for_each(|_| gate.pass());
            });
        }
        let timed = scope.spawn(|| {
            stay_on(0);
            // The first one waits for the other threads to start.
            gate.pass();
            nanoseconds(phases, || gate.pass())
        });
        timed.join().expect("nobody panics")
    })
}

/// For counting system calls: so many phases of one of the barriers.
pub(crate) fn phases(whose: &str, phases: u32) {
    match whose {
        "std" => phase::<std::sync::Barrier>(COUNTED, phases),
        "glibc" => phase::<Glibc>(COUNTED, phases),
        _ => phase::<threadcraft::Barrier>(COUNTED, phases),
    };
}

fn contender<G: Gate>(parties: usize) -> Contender<'static> {
    Contender::new(G::NAME, move || phase::<G>(parties, PHASES))
}

fn figures(parties: usize) -> Figures {
    let ours = contender::<threadcraft::Barrier>(parties);
    interleaved(ROUNDS, vec![ours, contender::<Glibc>(parties), contender::<std::sync::Barrier>(parties)])
}

/// Prints the tables.
pub(crate) fn print(python: &Python) {
    eprintln!("Barrier");
    let mut table = Table::of_rows();
    for parties in [2, 4, 8] {
        let (what, figures) = (format!("a phase of {parties} on one core"), figures(parties));
        table.compare(&what, " ns", &figures, |_| Target::AtMost(1.0));
        python.compare(&mut table, &what, &figures, &format!("barrier-{parties}"));
    }
    println!("### Barrier\n\n{ROUNDS} rounds of {PHASES} phases.\n\n{table}");
    let calls = |whose: &str| system_calls::futexes_for_one("barrier", whose);
    let Some(ours) = calls("ours") else { return };
    let heads = [("futex calls a phase", false), ("ours", true), ("target", true), ("met", false)];
    let mut table = Table::new(&[&heads[..], &[("glibc", true), ("std", true)]].concat());
    let peers = ["glibc", "std"].map(|peer| calls(peer).map_or("–".to_owned(), |calls| format!("{calls:.2}")));
    let target = Target::AtMost(MOST_CALLS);
    let line = [format!("{COUNTED} parties on one core"), format!("{ours:.2}"), target.to_string()];
    table.line([&line[..], &[met(target.is_met_by(ours)).to_owned()], &peers[..]].concat());
    println!("{table}");
}
