//! Programs for each primitive, of as many threads and rounds as one likes; `main` is one of the threads. They have no
//! step that a race does not need, so that two threads with two rounds can be run to the end: one that gives up goes on to
//! its next round, and a condition's lock is released by waits alone, where these do it often enough.

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

/// Whether a thread waits for a while only in this round: in every second one, and in each round every second thread.
fn is_hasty(me: usize, round: usize) -> bool {
    (me + round).is_multiple_of(2)
}

/// In each round a thread adds one, if it got what it waited for. Comes to whether the number is what they say.
fn counted(
    threads: usize,
    rounds: usize,
    number: impl FnOnce() -> u32,
    add_one: impl Fn(bool) -> bool + Send + Sync + 'static,
) -> bool {
    let added = together(threads, move |me| (0..rounds).filter(|&round| add_one(is_hasty(me, round))).count());
    number() as usize == added.iter().sum::<usize>()
}

/// Each thread adds one in each round, with the lock held. Comes to whether nothing is lost.
pub fn lock<L: TimedLocking>(threads: usize, rounds: usize) -> bool {
    let shared = Arc::new((L::new(), Unprotected::new()));
    let mine = Arc::clone(&shared);
    counted(
        threads,
        rounds,
        move || shared.1.get(),
        move |is_hasty| {
            let taken = if is_hasty {
                mine.0.lock_for(A_WHILE)
            } else {
                mine.0.lock();
                true
            };
            if taken {
                mine.1.add_one();
                mine.0.unlock();
            }
            taken
        },
    )
}

/// The same, with the lock held twice.
pub fn rlock<L: Reentrant>(threads: usize, rounds: usize) -> bool {
    let shared = Arc::new((L::new(), Unprotected::new()));
    let mine = Arc::clone(&shared);
    counted(
        threads,
        rounds,
        move || shared.1.get(),
        move |is_hasty| {
            let add = || mine.0.with(|| mine.1.add_one());
            if is_hasty {
                return mine.0.with_for(A_WHILE, add);
            }
            mine.0.with(add);
            true
        },
    )
}

/// The same, with a semaphore of one permit; whoever waits for ever gives it back by the end of a scope.
pub fn semaphore<S: ManyPermits>(threads: usize, rounds: usize) -> bool {
    let shared = Arc::new((S::new(1), Unprotected::new()));
    let mine = Arc::clone(&shared);
    counted(
        threads,
        rounds,
        move || shared.1.get(),
        move |is_hasty| {
            if !is_hasty {
                mine.0.hold(|| mine.1.add_one());
                return true;
            }
            let taken = mine.0.take_many_for(1, A_WHILE);
            if taken {
                mine.1.add_one();
                mine.0.give(1);
            }
            taken
        },
    )
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

/// The threads take turns through one condition, and only a wait releases the lock. Comes to their product.
pub fn in_turns<C: CountedSignals>(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new((Lock::new(0_u32), C::new()));
    let mine = Arc::clone(&shared);
    together(threads, move |me| {
        let mut turn = mine.0.lock();
        for _ in 0..rounds {
            while *turn as usize % threads != me {
                turn = mine.1.wait(&mine.0, turn);
            }
            *turn += 1;
            mine.1.notify(&mut turn, usize::MAX);
        }
    });
    *shared.0.lock()
}

/// What a thread does with a condition in a round.
#[derive(Clone, Copy)]
enum Act {
    /// Waits for a while.
    Wait,
    /// Notifies so many.
    Notify(usize),
}

/// In each round a thread does one of the two; `release` says whether it releases the lock between the rounds. Comes to
/// whether as many say that they were notified as were counted.
fn notified_as_counted<C: CountedSignals>(
    threads: usize,
    rounds: usize,
    release: fn(usize) -> bool,
    act: fn(usize, usize) -> Act,
) -> bool {
    let (lock, condition) = (Lock::new(0_u32), C::new());
    let balances = together(threads, move |me| {
        let mut guard = lock.lock();
        let mut balance = 0;
        for round in 0..rounds {
            if round > 0 && release(me) {
                drop(guard);
                guard = lock.lock();
            }
            balance += match act(me, round) {
                Act::Wait => -isize::from(condition.wait_for(&mut guard, A_WHILE)),
                Act::Notify(count) => condition.notify(&mut guard, count).cast_signed(),
            };
        }
        balance
    });
    balances.into_iter().sum::<isize>() == 0
}

/// One notifies one in each round, the others wait.
pub fn announced<C: CountedSignals>(threads: usize, rounds: usize) -> bool {
    notified_as_counted::<C>(threads, rounds, |me| me == 0, |me, _| if me == 0 { Act::Notify(1) } else { Act::Wait })
}

/// Whoever has waited notifies all, and the other way round.
pub fn by_turns_heard<C: CountedSignals>(threads: usize, rounds: usize) -> bool {
    let act = |me, round| if is_hasty(me, round) { Act::Wait } else { Act::Notify(usize::MAX) };
    notified_as_counted::<C>(threads, rounds, |_| false, act)
}

/// All wait side by side, and but for one, who goes on waiting, they notify one in the rounds after that.
pub fn side_by_side<C: CountedSignals>(threads: usize, rounds: usize) -> bool {
    let act = |me, round| if me == 0 || round == 0 { Act::Wait } else { Act::Notify(1) };
    notified_as_counted::<C>(threads, rounds, |_| false, act)
}

/// The threads take turns through one monitor, and only a wait releases it. Comes to their product.
pub fn monitor(threads: usize, rounds: usize) -> u32 {
    let shared = Arc::new(Monitor::new(0_u32));
    let mine = Arc::clone(&shared);
    together(threads, move |me| {
        let mut turn = mine.lock();
        for _ in 0..rounds {
            while *turn as usize % threads != me {
                turn.wait();
            }
            *turn += 1;
            turn.notify_all();
        }
    });
    *shared.lock()
}

/// Whoever has waited for a while notifies all, and the other way round, through a monitor. Comes to whether as many say
/// that they were notified as were counted.
pub fn monitor_heard(threads: usize, rounds: usize) -> bool {
    let monitor = Monitor::new(());
    let balances = together(threads, move |me| {
        let mut guard = monitor.lock();
        let mut act = |round| {
            if is_hasty(me, round) {
                return -isize::from(!guard.wait_for(A_WHILE).timed_out());
            }
            guard.notify_all().cast_signed()
        };
        (0..rounds).map(&mut act).sum::<isize>()
    });
    balances.into_iter().sum::<isize>() == 0
}

/// The threads meet, until the barrier breaks. Comes to how often each has passed, which is the same for all.
pub fn barrier<B: BreakableMeeting>(threads: usize, rounds: usize) -> Vec<usize> {
    let barrier = B::new(threads);
    together(threads, move |_| (0..rounds).take_while(|_| barrier.wait_for(A_WHILE).is_some()).count())
}
