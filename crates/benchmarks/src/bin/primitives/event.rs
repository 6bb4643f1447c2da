//! Two threads on one core that wake each other in turns: what a hand-off costs beyond the system call.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use threadcraft::Event;
use threadcraft_benchmarks::{Contender, Python, Target, interleaved, judged};

use crate::machine::{nanoseconds, stay_on};
use crate::system_calls;

const ROUNDS: usize = 101;
const TRIPS: u32 = 1_000;

/// Two flags for two threads.
pub(crate) trait Flag: Default + Sync {
    /// Lets the other go on.
    fn set(&self);
    /// Waits until it is set, and clears it.
    fn take(&self);
}

impl Flag for Event {
    fn set(&self) {
        self.set();
    }

    fn take(&self) {
        self.wait();
        self.clear();
    }
}

/// The least that a hand-off takes: a word, and the two system calls.
#[derive(Default)]
pub(crate) struct Raw(AtomicU32);

impl Flag for Raw {
    fn set(&self) {
        // Release: pairs with the Acquire in `take`.
        self.0.store(1, Ordering::Release);
        futex(&self.0, libc::FUTEX_WAKE, 1);
    }

    fn take(&self) {
        // Acquire: pairs with the Release in `set`.
        while self.0.load(Ordering::Acquire) == 0 {
            futex(&self.0, libc::FUTEX_WAIT, 0);
        }
        // Relaxed: the other one sets it again only after it has been answered.
        self.0.store(0, Ordering::Relaxed);
    }
}

/// The system call.
pub(crate) fn futex(word: &AtomicU32, operation: libc::c_int, value: u32) {
    let operation = operation | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY:
    // - the word outlives the call;
    // - without a timeout the call uses no other memory.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, value, std::ptr::null::<libc::timespec>()) };
}

/// The nanoseconds of a round trip, both on one core.
pub(crate) fn ping_pong<F: Flag>() -> f64 {
    ping_pongs::<F>(TRIPS)
}

/// The same for so many.
fn ping_pongs<F: Flag>(trips: u32) -> f64 {
    let (ping, pong) = (F::default(), F::default());
    thread::scope(|scope| {
        scope.spawn(|| {
            stay_on(0);
            for _ in 0..=trips {
                ping.take();
                pong.set();
            }
        });
        let asking = scope.spawn(|| {
            stay_on(0);
            let trip = || {
                ping.set();
                pong.take();
            };
            // The first one waits for the other thread to start.
            trip();
            nanoseconds(trips, trip)
        });
        asking.join().expect("nobody panics")
    })
}

/// For counting system calls: so many round trips.
pub(crate) fn trips(whose: &str, trips: u32) {
    match whose {
        "raw futex" => ping_pongs::<Raw>(trips),
        _ => ping_pongs::<Event>(trips),
    };
}

/// Prints the tables.
pub(crate) fn print(python: &Python) {
    eprintln!("Event");
    let contenders = vec![Contender::new("ours", ping_pong::<Event>), Contender::new("raw futex", ping_pong::<Raw>)];
    let figures = interleaved(ROUNDS, contenders);
    let mut table = judged::table();
    let floor = Some("raw futex");
    judged::compare(&mut table, "ping-pong on one core", " ns", &figures, floor, |_| Target::AtMost(1.02));
    judged::compare_python(python, " ns", &mut table, "ping-pong on one core", &figures, Some("raw futex"), "event");
    println!(
        "### Event\n\n{ROUNDS} rounds of {TRIPS} round trips; the raw futex is one word and two system calls.\n\n{table}"
    );
    // Each of the two sleeps and wakes the other. Half of one more for what happens only sometimes.
    system_calls::print(&["raw futex"], &[("a round trip on one core", "event", Target::AtMost(4.5))]);
}
