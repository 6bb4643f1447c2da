//! The re-entrant locks with nobody else there: the first level, and one more inside it.

use std::hint::black_box;

use threadcraft_benchmarks::{Contender, Python, Target, interleaved};

use crate::judged;
use crate::machine::{nanoseconds, on_core};

/// Many short ones: what interrupts the machine spoils only some.
const ROUNDS: usize = 301;
const PAIRS: u32 = 50_000;

/// Every peer is to be reached.
const TARGET: Target = Target::AtMost(1.0);

/// Prints the table.
pub(crate) fn print(python: &Python) {
    eprintln!("RLock");
    let (ours, parking_lot, usync) =
        (threadcraft::RLock::new(()), parking_lot::ReentrantMutex::new(()), usync::ReentrantMutex::new(()));
    let first = on_core(0, || {
        let contenders = vec![
            Contender::new("ours", || nanoseconds(PAIRS, || drop(black_box(&ours).lock()))),
            Contender::new("parking_lot", || nanoseconds(PAIRS, || drop(black_box(&parking_lot).lock()))),
            Contender::new("usync", || nanoseconds(PAIRS, || drop(black_box(&usync).lock()))),
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
    judged::compare(&mut table, "lock, unlock, first level", " ns", &first, None, |_| TARGET);
    judged::compare_python(python, &mut table, "lock, unlock, first level", &first, "rlock");
    judged::compare(&mut table, "lock, unlock, nested", " ns", &nested, None, |_| TARGET);
    println!("### RLock, uncontended\n\n{ROUNDS} rounds of {PAIRS}.\n\n{table}");
}
