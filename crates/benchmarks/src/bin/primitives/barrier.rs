//! Threads on one core that wait for each other at a barrier.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use threadcraft_benchmarks::{Contender, Figures, Python, Target, interleaved, judged};

use crate::event::futex;
use crate::machine::{nanoseconds, stay_on};
use crate::system_calls;

const ROUNDS: usize = 301;
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

/// The least that a phase takes: a count, a number, and one system call a thread. It knows no timeout, and never breaks.
struct Raw {
    parties: u32,
    count: AtomicU32,
    phase: AtomicU32,
}

impl Gate for Raw {
    const NAME: &'static str = "raw futex";

    fn new(parties: usize) -> Self {
        let parties = u32::try_from(parties).expect("a few");
        Self { parties, count: AtomicU32::new(0), phase: AtomicU32::new(0) }
    }

    fn pass(&self) {
        // Relaxed: it changes only after this thread has come.
        let phase = self.phase.load(Ordering::Relaxed);
        // AcqRel: the last to come has seen what all others did, through their additions.
        if self.count.fetch_add(1, Ordering::AcqRel) + 1 == self.parties {
            // Relaxed: the number, which is written next, publishes it.
            self.count.store(0, Ordering::Relaxed);
            // Release: pairs with the Acquire below.
            self.phase.store(phase.wrapping_add(1), Ordering::Release);
            futex(&self.phase, libc::FUTEX_WAKE, i32::MAX.unsigned_abs());
        } else {
            // Acquire: pairs with the Release above.
            while self.phase.load(Ordering::Acquire) == phase {
                futex(&self.phase, libc::FUTEX_WAIT, phase);
            }
        }
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
        "raw futex" => phase::<Raw>(COUNTED, phases),
        _ => phase::<threadcraft::Barrier>(COUNTED, phases),
    };
}

fn contender<G: Gate>(parties: usize) -> Contender<'static> {
    Contender::new(G::NAME, move || phase::<G>(parties, PHASES))
}

fn figures(parties: usize) -> Figures {
    let (ours, raw) = (contender::<threadcraft::Barrier>(parties), contender::<Raw>(parties));
    interleaved(ROUNDS, vec![ours, contender::<Glibc>(parties), contender::<std::sync::Barrier>(parties), raw])
}

/// Prints the tables.
pub(crate) fn print(python: &Python) {
    eprintln!("Barrier");
    let mut table = judged::table();
    let target = |peer: &str| if peer == Raw::NAME { Target::None } else { Target::AtMost(1.0) };
    for parties in [2, 4, 8] {
        let (what, name) = (format!("a phase of {parties} on one core"), format!("barrier-{parties}"));
        let figures = figures(parties);
        judged::compare(&mut table, &what, " ns", &figures, Some(Raw::NAME), target);
        judged::compare_python(python, " ns", &mut table, &what, &figures, Some(Raw::NAME), &name);
    }
    println!(
        "### Barrier\n\n{ROUNDS} rounds of {PHASES} phases; the raw futex is a count, a number and one system call a thread: \
         no timeout, and nothing that breaks.\n\n{table}"
    );
    let what = format!("a phase of {COUNTED} on one core");
    system_calls::print(&["glibc", "std", "raw futex"], &[(&what, "barrier", Target::AtMost(MOST_CALLS))]);
}
