//! One program for each primitive, of as many threads and rounds as one likes. Every wait is one for a while first, so
//! that deadlines may pass anywhere; whoever gives up tries again without one. `main` is one of the threads.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Lock, Monitor, spawn};

use super::Unprotected;
use super::barrier::BreakableMeeting;
use super::condition::CountedSignals;
use super::event::Flag;
use super::lock::TimedLocking;
use super::rlock::Reentrant;
use super::semaphore::ManyPermits;

const A_WHILE: Duration = Duration::from_millis(5);

/// Runs the body in so many threads, each with its number, and comes to what they came to.
fn together<T: Send + 'static>(threads: usize, body: impl Fn(usize) -> T + Send + Sync + 'static) -> Vec<T> {
    let body = Arc::new(body);
    let others: Vec<_> = (1..threads)
        .map(|me| {
            let body = Arc::clone(&body);
            spawn(move || body(me))
        })
        .collect();
    let mut results = vec![body(0)];
    results.extend(others.into_iter().map(|thread| thread.join().expect("the threads of a model do not panic")));
    results
}

/// Each thread adds one in each round. Comes to their product.
pub fn lock<L: TimedLocking>(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new((L::new(), Unprotected::new()));
    let mine = Arc::clone(&shared);
    together(threads, move |_| {
        for _ in 0..rounds {
            if !mine.0.lock_for(A_WHILE) {
                mine.0.lock();
            }
            mine.1.add_one();
            mine.0.unlock();
        }
    });
    shared.1.get()
}

/// The same, with the lock held twice.
pub fn rlock<L: Reentrant>(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new((L::new(), Unprotected::new()));
    let mine = Arc::clone(&shared);
    together(threads, move |_| {
        for _ in 0..rounds {
            let add = || mine.0.with(|| mine.1.add_one());
            if !mine.0.with_for(A_WHILE, add) {
                mine.0.with(add);
            }
        }
    });
    shared.1.get()
}

/// The same, with a semaphore of one permit.
pub fn semaphore<S: ManyPermits>(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new((S::new(1), Unprotected::new()));
    let mine = Arc::clone(&shared);
    together(threads, move |_| {
        for _ in 0..rounds {
            if !mine.0.take_many_for(1, A_WHILE) {
                mine.0.take();
            }
            mine.1.add_one();
            mine.0.give(1);
        }
    });
    shared.1.get()
}

/// The threads take turns, each through an event of its own, which it clears. Comes to their product.
pub fn event<E: Flag>(threads: usize, rounds: usize) -> u32 {
    let events: Vec<E> = (0..threads).map(|_| E::new()).collect();
    events[0].set();
    let shared = Arc::new((events, Unprotected::new()));
    let mine = Arc::clone(&shared);
    together(threads, move |me| {
        for _ in 0..rounds {
            if !mine.0[me].wait_for(A_WHILE) {
                mine.0[me].wait();
            }
            mine.0[me].clear();
            mine.1.add_one();
            mine.0[(me + 1) % threads].set();
        }
    });
    shared.1.get()
}

/// All but one wait, in each round for an event of that round, which the one sets. Comes to what each has seen at the
/// end: all that was done before the last one was set.
pub fn broadcast<E: Flag>(threads: usize, rounds: usize) -> Vec<u32> {
    let shared: Vec<(E, Unprotected)> = (0..rounds).map(|_| (E::new(), Unprotected::new())).collect();
    together(threads, move |me| {
        let step = |(event, number): &(E, Unprotected)| {
            if me == 0 {
                number.add_one();
                event.set();
            } else if !event.wait_for(A_WHILE) {
                event.wait();
            }
            number.get()
        };
        shared.iter().map(step).sum()
    })
}

/// The threads take turns through one condition. Comes to their product.
pub fn condition<C: CountedSignals>(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new((Lock::new(0_u32), C::new()));
    let mine = Arc::clone(&shared);
    together(threads, move |me| {
        for _ in 0..rounds {
            let mut turn = mine.0.lock();
            let mut is_hasty = true;
            while *turn as usize % threads != me {
                if is_hasty {
                    is_hasty = mine.1.wait_for(&mut turn, A_WHILE);
                } else {
                    turn = mine.1.wait(&mine.0, turn);
                }
            }
            *turn += 1;
            mine.1.notify(&mut turn, usize::MAX);
        }
    });
    *shared.0.lock()
}

/// The same through a monitor.
pub fn monitor(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new(Monitor::new(0_u32));
    let mine = Arc::clone(&shared);
    together(threads, move |me| {
        for _ in 0..rounds {
            let mut turn = mine.lock();
            let mut is_hasty = true;
            while *turn as usize % threads != me {
                if is_hasty {
                    is_hasty = !turn.wait_for(A_WHILE).timed_out();
                } else {
                    turn.wait();
                }
            }
            *turn += 1;
            turn.notify_all();
        }
    });
    *shared.lock()
}

/// The threads meet, until the barrier breaks. Comes to how often each has passed, which is the same for all.
pub fn barrier<B: BreakableMeeting>(threads: usize, rounds: usize) -> Vec<usize> {
    let barrier = B::new(threads);
    together(threads, move |_| (0..rounds).take_while(|_| barrier.wait_for(A_WHILE).is_some()).count())
}
