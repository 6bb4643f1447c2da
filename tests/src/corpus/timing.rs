//! Time taken for order, and what happens just when a deadline passes.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Lock, Shared, sleep};
use threadcraft_platform::atomic::{AtomicU32, Ordering};

use super::{Condition, Entry, Setting, start};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "sleep for order",
            "sleeps for longer than the other is thought to take",
            "CERT THI00-J and many a flaky test",
        )
        .broken(|| wait_for_a_result(false))
        .right(|| wait_for_a_result(true))
        .setting(Setting::AnyTime)
        .comes_to("0", &["42"])
        .preemptions(1),
        Entry::new("gave up too soon", "timed out, and the item is there", "POSIX rationale of pthread_cond_timedwait")
            .broken(|| get_or_give_up(false))
            .right(|| get_or_give_up(true))
            .setting(Setting::AnyTime)
            .comes_to("(false, 1)", &["(false, 0)", "(true, 0)"])
            .preemptions(2),
        Entry::new(
            "cancelled and fired",
            "whether it fires and whether it was cancelled are two flags",
            "Python's `threading.Timer`",
        )
        .broken(|| timer(false))
        .right(|| timer(true))
        .comes_to("(true, true)", &["(false, true)", "(true, false)"])
        .preemptions(1),
    ]
}

const A_WHILE: Duration = Duration::from_millis(5);

fn wait_for_a_result(joined: bool) -> u32 {
    let result = Arc::new(Shared::new(0).named("result"));
    let worker = start(&result, |result| result.set(42));
    if joined {
        worker.join().expect("it does not panic");
        return result.get();
    }
    sleep(A_WHILE);
    let seen = result.get();
    worker.join().expect("it does not panic");
    seen
}

/// Comes to whether an item was taken, and how many there are when the taker returns.
fn get_or_give_up(looks_again: bool) -> (bool, u32) {
    let items = Arc::new((Lock::new(0_u32).named("items"), Condition::new("put")));
    let taker = start(&items, move |(items, put)| {
        let mut items = items.lock();
        while *items == 0 {
            if !put.wait_for(&mut items, A_WHILE) {
                if looks_again {
                    break;
                }
                return (false, *items);
            }
        }
        let taken = *items > 0;
        if taken {
            *items -= 1;
        }
        (taken, *items)
    });
    let mut held = items.0.lock();
    *held += 1;
    items.1.notify_one(&mut held);
    drop(held);
    taker.join().expect("it does not panic")
}

const PENDING: u32 = 0;
const FIRED: u32 = 1;
const CANCELLED: u32 = 2;

/// | `state` | means |
/// |---|---|
/// | `PENDING` | neither has happened |
/// | `FIRED` | the function runs or has run |
/// | `CANCELLED` | it never will |
struct Timer {
    state: AtomicU32,
    fired: Shared<bool>,
    cancelled: Shared<bool>,
}

impl Timer {
    fn decide(&self, outcome: u32) -> bool {
        // Relaxed: nothing but the word itself is decided.
        self.state.compare_exchange(PENDING, outcome, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    fn fire(&self, exact: bool) {
        let fires = if exact { self.decide(FIRED) } else { !self.cancelled.get() };
        if fires {
            self.fired.set(true);
        }
    }

    /// Says whether it has not fired and never will.
    fn cancel(&self, exact: bool) -> bool {
        if exact {
            return self.decide(CANCELLED);
        }
        let in_time = !self.fired.get();
        self.cancelled.set(true);
        in_time
    }
}

/// Cancels a timer at the moment when it fires; comes to what the cancel said, and whether it fired.
fn timer(exact: bool) -> (bool, bool) {
    let timer = Arc::new(Timer {
        state: AtomicU32::new(PENDING),
        fired: Shared::new(false).named("fired"),
        cancelled: Shared::new(false).named("cancelled"),
    });
    let service = start(&timer, move |timer| {
        sleep(A_WHILE);
        timer.fire(exact);
    });
    sleep(A_WHILE);
    let cancelled = timer.cancel(exact);
    service.join().expect("it does not panic");
    (cancelled, timer.fired.get())
}
