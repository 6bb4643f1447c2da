//! The re-entrant locks with nobody else there: the first level, and one more inside it.

use std::cell::{Cell, UnsafeCell};
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use threadcraft_benchmarks::{Contender, Python, Target, interleaved, judged};

use crate::lock::cold;
use crate::machine::{nanoseconds, on_core};

/// Many short ones: what interrupts the machine spoils only some.
const ROUNDS: usize = 301;
const PAIRS: u32 = 50_000;

/// Every peer is to be reached.
const TARGET: Target = Target::AtMost(1.0);

thread_local! {
    /// The number of this thread.
    static ID: Cell<u64> = const { Cell::new(1) };
}

/// The least that the first level takes if the lock's word counts those who come next: a compare-and-swap and a
/// subtraction, and the owner and the depth written.
struct Floor {
    owner: AtomicU64,
    state: AtomicU32,
    depth: UnsafeCell<u32>,
}

impl Floor {
    const NAME: &str = "CAS + subtraction";

    fn new() -> Self {
        Self { owner: AtomicU64::new(0), state: AtomicU32::new(0), depth: UnsafeCell::new(0) }
    }

    #[inline]
    fn pair(&self) {
        let me = ID.get();
        // Relaxed, all of the owner: a thread only looks for what it has written itself.
        if self.owner.load(Ordering::Relaxed) != me {
            // Acquire and Release, as a lock needs them, though nobody is on the other side.
            while self.state.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_err() {}
            self.owner.store(me, Ordering::Relaxed);
        }
        // SAFETY: one thread alone uses it, and no other reference is alive.
        let depth = unsafe { &mut *self.depth.get() };
        *depth += 1;
        black_box(&mut *depth);
        *depth -= 1;
        if *depth == 0 {
            self.owner.store(0, Ordering::Relaxed);
            let before = self.state.fetch_sub(1, Ordering::Release);
            if before != 1 {
                cold();
            }
        }
    }
}

/// Prints the table.
pub(crate) fn print(python: &Python) {
    eprintln!("RLock");
    let (ours, parking_lot, usync) =
        (threadcraft::RLock::new(()), parking_lot::ReentrantMutex::new(()), usync::ReentrantMutex::new(()));
    let first = on_core(0, || {
        let floor = Floor::new();
        let pair_of_floor = || black_box(&floor).pair();
        let contenders = vec![
            Contender::new("ours", || nanoseconds(PAIRS, || drop(black_box(&ours).lock()))),
            Contender::new("parking_lot", || nanoseconds(PAIRS, || drop(black_box(&parking_lot).lock()))),
            Contender::new("usync", || nanoseconds(PAIRS, || drop(black_box(&usync).lock()))),
            Contender::new(Floor::NAME, || nanoseconds(PAIRS, pair_of_floor)),
        ];
        interleaved(ROUNDS, contenders)
    });
    let nested = on_core(0, || {
        let _held = (ours.lock(), parking_lot.lock(), usync.lock());
        let contenders = vec![
            Contender::new("ours", || nanoseconds(PAIRS, || drop(black_box(&ours).lock()))),
            Contender::new("parking_lot", || nanoseconds(PAIRS, || drop(black_box(&parking_lot).lock()))),
            Contender::new("usync", || nanoseconds(PAIRS, || drop(black_box(&usync).lock()))),
        ];
        interleaved(ROUNDS, contenders)
    });
    let mut table = judged::table();
    let target = |peer: &str| if peer == Floor::NAME { Target::None } else { TARGET };
    judged::compare(&mut table, "lock, unlock, first level", " ns", &first, Some(Floor::NAME), target);
    judged::compare_python(python, " ns", &mut table, "lock, unlock, first level", &first, None, "rlock");
    judged::compare(&mut table, "lock, unlock, nested", " ns", &nested, None, |_| TARGET);
    println!(
        "### RLock, uncontended\n\n{ROUNDS} rounds of {PAIRS}. The floor is as for the lock, with an owner and a depth.\n\n\
         {table}"
    );
}
