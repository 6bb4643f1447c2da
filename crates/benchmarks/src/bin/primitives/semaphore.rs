//! A permit taken and given back, with nobody else there.

use std::cell::UnsafeCell;
use std::hint::black_box;
use std::mem::MaybeUninit;

use threadcraft::Semaphore;
use threadcraft_benchmarks::{Contender, Python, Target, interleaved, judged};

use crate::machine::{nanoseconds, on_core};

/// Many short ones: what interrupts the machine spoils only some.
const ROUNDS: usize = 301;
const PAIRS: u32 = 50_000;

/// The C library's semaphore.
struct Glibc(Box<UnsafeCell<libc::sem_t>>);

impl Glibc {
    fn new(permits: u32) -> Self {
        let semaphore = Box::new(UnsafeCell::new(MaybeUninit::<libc::sem_t>::zeroed()));
        // SAFETY: there is room for a semaphore, at a place that it keeps.
        let result = unsafe { libc::sem_init(semaphore.get().cast(), 0, permits) };
        assert_eq!(result, 0, "so few permits are allowed");
        let semaphore = Box::into_raw(semaphore).cast::<UnsafeCell<libc::sem_t>>();
        // SAFETY:
        // - the pointer comes from a box of the same size and alignment;
        // - the semaphore is initialised.
        Self(unsafe { Box::from_raw(semaphore) })
    }

    #[inline]
    fn pair(&self) {
        // SAFETY: it is initialised, and stays where it is.
        unsafe { libc::sem_wait(self.0.get()) };
        // SAFETY: the same.
        unsafe { libc::sem_post(self.0.get()) };
    }
}

/// Prints the table.
pub(crate) fn print(python: &Python) {
    eprintln!("Semaphore");
    let figures = on_core(0, || {
        let (ours, glibc, tokio) = (Semaphore::new(1), Glibc::new(1), tokio::sync::Semaphore::new(1));
        let pair_of_ours = || drop(black_box(&ours).acquire());
        let pair_of_glibc = || black_box(&glibc).pair();
        let pair_of_tokio = || drop(black_box(&tokio).try_acquire().expect("nobody else is there"));
        let contenders = vec![
            Contender::new("ours", || nanoseconds(PAIRS, pair_of_ours)),
            Contender::new("glibc `sem_t`", || nanoseconds(PAIRS, pair_of_glibc)),
            Contender::new("tokio, try", || nanoseconds(PAIRS, pair_of_tokio)),
        ];
        interleaved(ROUNDS, contenders)
    });
    let target = |peer: &str| if peer.starts_with("glibc") { Target::AtMost(1.0) } else { Target::AtMost(0.8) };
    let mut table = judged::table();
    judged::compare(&mut table, "acquire, release", " ns", &figures, None, target);
    judged::compare_python(python, " ns", &mut table, "acquire, release", &figures, None, "semaphore");
    println!("### Semaphore, uncontended\n\n{ROUNDS} rounds of {PAIRS}.\n\n{table}");
}
