//! Programs for conditions.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::{Condition, Lock, LockGuard, Thread, sleep, spawn};

use super::run_all;

/// The lock's guard, and what it protects: what the waiters wait for.
pub type Guard<'lock> = LockGuard<'lock, u32>;

/// What the programs use of a condition.
pub trait Signals: Send + Sync + 'static {
    /// Nobody waits.
    fn new() -> Self;
    /// Waits to be notified. The guard goes in and comes out.
    fn wait<'lock>(&self, lock: &'lock Lock<u32>, guard: Guard<'lock>) -> Guard<'lock>;
    /// Notifies one that waits, if there is one.
    fn notify_one(&self, guard: &mut Guard<'_>);
    /// Notifies all that wait.
    fn notify_all(&self, guard: &mut Guard<'_>);
}

/// Conditions that know whom they notify, and that one need not wait at for ever.
pub trait CountedSignals: Signals {
    /// Waits to be notified, or gives up: true if it was notified.
    fn wait_for(&self, guard: &mut Guard<'_>, timeout: Duration) -> bool;
    /// Notifies up to so many, and says how many.
    fn notify(&self, guard: &mut Guard<'_>, count: usize) -> usize;
}

impl Signals for Condition {
    fn new() -> Self {
        Self::new()
    }
    #[track_caller]
    fn wait<'lock>(&self, _: &'lock Lock<u32>, mut guard: Guard<'lock>) -> Guard<'lock> {
        self.wait(&mut guard);
        guard
    }
    #[track_caller]
    fn notify_one(&self, guard: &mut Guard<'_>) {
        self.notify_one(guard);
    }
    #[track_caller]
    fn notify_all(&self, guard: &mut Guard<'_>) {
        self.notify_all(guard);
    }
}

impl CountedSignals for Condition {
    #[track_caller]
    fn wait_for(&self, guard: &mut Guard<'_>, timeout: Duration) -> bool {
        !self.wait_for(guard, timeout).timed_out()
    }
    #[track_caller]
    fn notify(&self, guard: &mut Guard<'_>, count: usize) -> usize {
        self.notify(guard, count)
    }
}

const A_WHILE: Duration = Duration::from_millis(5);

/// A number, its lock, and a condition.
type Shared<C> = Arc<(Lock<u32>, C)>;

fn shared<C: Signals>() -> Shared<C> {
    Arc::new((Lock::new(0), C::new()))
}

/// Two threads take turns, `rounds` times each. Comes to twice the rounds.
pub fn turns<C: Signals>(rounds: u32) -> u32 {
    let shared = shared::<C>();
    let player = |own: u32| {
        let shared = Arc::clone(&shared);
        Box::new(move || {
            for _ in 0..rounds {
                let mut turn = shared.0.lock();
                while *turn % 2 != own {
                    turn = shared.1.wait(&shared.0, turn);
                }
                *turn += 1;
                shared.1.notify_one(&mut turn);
            }
        }) as Box<dyn FnOnce() + Send>
    };
    run_all([player(0), player(1)]);
    *shared.0.lock()
}

/// So many wait; `first` are notified together, and when they have gone on, the rest. Comes to how many were notified at
/// each time, and how many had gone on after the first.
pub fn notified_in_two_goes<C: CountedSignals>(waiters: usize, first: usize) -> (usize, u32, usize) {
    let shared = shared::<C>();
    let threads = waiting(&shared, waiters);
    let notified = shared.1.notify(&mut shared.0.lock(), first);
    // They have gone on by then.
    sleep(A_WHILE);
    let gone = *shared.0.lock();
    let rest = shared.1.notify(&mut shared.0.lock(), usize::MAX);
    for thread in threads {
        thread.join().expect("the threads of a model do not panic");
    }
    (notified, gone, rest)
}

/// So many wait, and are notified one by one, without a release between: more of them than a guard remembers. Comes to how
/// many were notified.
pub fn notified_one_by_one<C: CountedSignals>(waiters: usize) -> usize {
    let shared = shared::<C>();
    let threads = waiting(&shared, waiters);
    let mut guard = shared.0.lock();
    let notified = (0..=waiters).map(|_| shared.1.notify(&mut guard, 1)).sum();
    drop(guard);
    for thread in threads {
        thread.join().expect("the threads of a model do not panic");
    }
    notified
}

/// Threads that wait by now; each counts itself when it goes on.
fn waiting<C: CountedSignals>(shared: &Shared<C>, waiters: usize) -> Vec<Thread<()>> {
    let wait = || {
        let shared = Arc::clone(shared);
        spawn(move || {
            let mut gone = shared.1.wait(&shared.0, shared.0.lock());
            *gone += 1;
        })
    };
    let threads = (0..waiters).map(|_| wait()).collect();
    // Virtual time passes when nobody can run: all wait by then.
    sleep(A_WHILE);
    threads
}

/// One waits for a while, and may be notified. Comes to how many were notified, and whether the waiter says so.
pub fn giving_up<C: CountedSignals>() -> (usize, bool) {
    let shared = shared::<C>();
    let hasty = spawn({
        let shared = Arc::clone(&shared);
        move || shared.1.wait_for(&mut shared.0.lock(), A_WHILE)
    });
    let notified = shared.1.notify(&mut shared.0.lock(), 1);
    (notified, hasty.join().expect("the threads of a model do not panic"))
}

/// One waits for a while, behind it one for ever, until the number is set; one notification, which the first passes on.
/// Comes to its end.
pub fn giving_up_in_front<C: CountedSignals>() {
    set_once::<C>(&[true, false], 1);
}

/// Two wait for a while, behind them one for ever, until the number is set; all are notified together. Comes to its end.
pub fn giving_up_ahead_of_a_chain<C: CountedSignals>() {
    set_once::<C>(&[true, true, false], usize::MAX);
}

/// So many wait until the number is set, each for a while or for ever; so many are notified then.
fn set_once<C: CountedSignals>(hasty: &[bool], notified: usize) {
    let shared = shared::<C>();
    let waiters = hasty.iter().map(|&hasty| {
        let shared = Arc::clone(&shared);
        spawn(move || {
            let mut number = shared.0.lock();
            if hasty {
                // Whoever was notified alone and in vain passes it on, as is the custom.
                if shared.1.wait_for(&mut number, A_WHILE) && notified == 1 {
                    shared.1.notify(&mut number, 1);
                }
                return;
            }
            while *number == 0 {
                number = shared.1.wait(&shared.0, number);
            }
        })
    });
    let waiters: Vec<_> = waiters.collect();
    let mut number = shared.0.lock();
    *number = 1;
    shared.1.notify(&mut number, notified);
    drop(number);
    for waiter in waiters {
        waiter.join().expect("the threads of a model do not panic");
    }
}

/// Five wait, the third and the fourth for a while, the others for ever. All are notified together, but the lock is kept
/// until the two have had enough. Comes to its end.
pub fn giving_up_within_a_chain<C: CountedSignals>() {
    let shared = shared::<C>();
    let waiters = [false, false, true, true, false].map(|hasty| {
        let shared = Arc::clone(&shared);
        let waiter = spawn(move || {
            let mut guard = shared.0.lock();
            if hasty {
                assert!(shared.1.wait_for(&mut guard, 10 * A_WHILE), "it was notified before it had enough");
            } else {
                drop(shared.1.wait(&shared.0, guard));
            }
        });
        // As above: it waits by then.
        sleep(A_WHILE);
        waiter
    });
    let mut guard = shared.0.lock();
    assert_eq!(shared.1.notify(&mut guard, usize::MAX), 5);
    sleep(20 * A_WHILE);
    drop(guard);
    for waiter in waiters {
        waiter.join().expect("the threads of a model do not panic");
    }
}

/// Items for several who take `rounds` each, announced one by one. Comes to what is left: 0.
pub fn stock<C: Signals>(takers: u32, rounds: u32) -> u32 {
    let shared = shared::<C>();
    let threads: Vec<_> = (0..takers)
        .map(|_| {
            let shared = Arc::clone(&shared);
            spawn(move || {
                for _ in 0..rounds {
                    let mut items = shared.0.lock();
                    while *items == 0 {
                        items = shared.1.wait(&shared.0, items);
                    }
                    *items -= 1;
                }
            })
        })
        .collect();
    for _ in 0..takers * rounds {
        let mut items = shared.0.lock();
        *items += 1;
        shared.1.notify_one(&mut items);
    }
    for thread in threads {
        thread.join().expect("the threads of a model do not panic");
    }
    *shared.0.lock()
}

/// One waits with a lock of its own and gives up; another, if it hears of that, does the same with another lock. Comes to
/// whether it did.
pub fn one_lock_after_the_other<C: CountedSignals>() -> bool {
    let shared = Arc::new((C::new(), AtomicU32::new(0)));
    let wait = |condition: &C| condition.wait_for(&mut Lock::new(0).lock(), A_WHILE);
    let first = spawn({
        let shared = Arc::clone(&shared);
        move || {
            wait(&shared.0);
            // Relaxed: it says that the condition is free for another lock, and orders nothing.
            shared.1.store(1, Ordering::Relaxed);
        }
    });
    let is_second = shared.1.load(Ordering::Relaxed) == 1;
    if is_second {
        wait(&shared.0);
    }
    first.join().expect("the threads of a model do not panic");
    is_second
}
