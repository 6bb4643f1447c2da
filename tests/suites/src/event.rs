//! Programs for events.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Event, sleep, spawn};
use threadcraft_platform::atomic::{AtomicU32, Ordering};

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

/// Events that can be looked at.
pub trait VisibleFlag: Flag {
    /// Whether it is set.
    fn is_set(&self) -> bool;
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

impl VisibleFlag for Event {
    #[track_caller]
    fn is_set(&self) -> bool {
        self.is_set()
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

/// A thread looks whether the event is set, and if so at what came before. Comes to whether it was.
pub fn looking<E: VisibleFlag>() -> bool {
    looked_at(E::is_set)
}

/// The same by a wait of no length.
pub fn looking_for_no_time<E: Flag>() -> bool {
    looked_at(|event: &E| event.wait_for(Duration::ZERO))
}

fn looked_at<E: Flag>(look: fn(&E) -> bool) -> bool {
    let shared = Arc::new((E::new(), Unprotected::new()));
    let looker = spawn({
        let shared = Arc::clone(&shared);
        move || {
            let set = look(&shared.0);
            if set {
                assert_eq!(shared.1.get(), 1);
            }
            set
        }
    });
    shared.1.add_one();
    shared.0.set();
    looker.join().expect("the threads of a model do not panic")
}

/// A thread clears the event when it is done, and another looks: if the event is clear, at what was done. Comes to
/// whether it is still set.
pub fn cleared_when_done<E: VisibleFlag>() -> bool {
    let shared = Arc::new((E::new(), Unprotected::new()));
    shared.0.set();
    let looker = spawn({
        let shared = Arc::clone(&shared);
        move || {
            let set = shared.0.is_set();
            if !set {
                assert_eq!(shared.1.get(), 1);
            }
            set
        }
    });
    shared.1.add_one();
    shared.0.clear();
    looker.join().expect("the threads of a model do not panic")
}

/// Two pieces of work are announced by one event; whoever clears it looks for work then, and misses none. Comes to its
/// end.
pub fn announcing<E: Flag>() {
    let shared = Arc::new((E::new(), AtomicU32::new(0)));
    let worker = spawn({
        let shared = Arc::clone(&shared);
        move || {
            let mut done = 0;
            while done < 2 {
                shared.0.wait();
                shared.0.clear();
                // Relaxed: clearing the event is what orders.
                done = shared.1.load(Ordering::Relaxed);
            }
        }
    });
    for work in 1..=2 {
        // Relaxed: setting the event is what orders.
        shared.1.store(work, Ordering::Relaxed);
        shared.0.set();
    }
    worker.join().expect("the threads of a model do not panic");
}
