//! Programs for events.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Event, sleep, spawn};

use super::Unprotected;

/// What the programs use of an event.
pub trait Flag: Send + Sync + 'static {
    /// Not set.
    fn new() -> Self;
    /// Sets it and lets the waiters go.
    fn set(&self);
    /// Clears it.
    fn clear(&self);
    /// Waits until it is set.
    fn wait(&self);
    /// Waits until it is set, or gives up.
    fn wait_for(&self, timeout: Duration) -> bool;
}

impl Flag for Event {
    fn new() -> Self {
        Self::new()
    }
    #[track_caller]
    fn set(&self) {
        self.set();
    }
    #[track_caller]
    fn clear(&self) {
        self.clear();
    }
    #[track_caller]
    fn wait(&self) {
        self.wait();
    }
    #[track_caller]
    fn wait_for(&self, timeout: Duration) -> bool {
        self.wait_for(timeout)
    }
}

/// Several threads wait for what one has written. Comes to 1 for each of them.
pub fn hand_over<E: Flag>(waiters: usize) -> Vec<u32> {
    let shared = Arc::new((E::new(), Unprotected::new()));
    let threads: Vec<_> = (0..waiters)
        .map(|_| {
            let shared = Arc::clone(&shared);
            spawn(move || {
                shared.0.wait();
                shared.1.get()
            })
        })
        .collect();
    shared.1.add_one();
    shared.0.set();
    threads.into_iter().map(|thread| thread.join().expect("the threads of a model do not panic")).collect()
}

/// A thread waits, for certain, when the event is set and cleared again. Comes to 1.
pub fn set_and_clear<E: Flag>() -> u32 {
    let shared = Arc::new((E::new(), Unprotected::new()));
    let waiter = spawn({
        let shared = Arc::clone(&shared);
        move || {
            shared.0.wait();
            shared.1.get()
        }
    });
    // Virtual time passes when nobody can run: the waiter waits by then.
    sleep(Duration::from_millis(1));
    shared.1.add_one();
    shared.0.set();
    shared.0.clear();
    waiter.join().expect("the threads of a model do not panic")
}

/// Two threads take turns through two events, `rounds` times. Comes to twice the rounds.
pub fn turns<E: Flag>(rounds: usize) -> u32 {
    let shared = Arc::new((E::new(), E::new(), Unprotected::new()));
    let partner = spawn({
        let shared = Arc::clone(&shared);
        move || {
            for _ in 0..rounds {
                shared.0.wait();
                shared.0.clear();
                shared.2.add_one();
                shared.1.set();
            }
        }
    });
    for _ in 0..rounds {
        shared.2.add_one();
        shared.0.set();
        shared.1.wait();
        shared.1.clear();
    }
    partner.join().expect("the threads of a model do not panic");
    shared.2.get()
}

/// One waits for a while and one for ever, and one thread sets. Comes to whether the first saw it, and if so it sees
/// what came before.
pub fn giving_up<E: Flag>() -> bool {
    let shared = Arc::new((E::new(), Unprotected::new()));
    let patient = spawn({
        let shared = Arc::clone(&shared);
        move || shared.0.wait()
    });
    let hasty = spawn({
        let shared = Arc::clone(&shared);
        move || {
            let set = shared.0.wait_for(Duration::from_millis(5));
            if set {
                assert_eq!(shared.1.get(), 1);
            }
            set
        }
    });
    shared.1.add_one();
    shared.0.set();
    patient.join().expect("the threads of a model do not panic");
    hasty.join().expect("the threads of a model do not panic")
}
