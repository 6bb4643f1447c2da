//! Many more threads than processors, random timeouts, and laws of conservation: no increment, permit or wake-up is lost.
//!
//! On real threads, for a bounded time each. The numbers are random but the same on each run; the schedules are the
//! system's.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use threadcraft::{Barrier, Condition, Event, Lock, LockGuard, RLock, RLockGuard, RawLock, Semaphore};
use threadcraft_tests::eventually::eventually;
use threadcraft_tests::model::lock::RawLocking;
use threadcraft_tests::mutants::long_waiter::{MutantLongLock, NeverWaitsLong};

const THREADS: u64 = 64;
const RUN: Duration = Duration::from_millis(400);
/// How often each thread waits for the event.
const EVENT_ROUNDS: u64 = 100;

/// Marsaglia's xorshift: enough to mix what threads do.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Raises a flag at the end of a scope, also when a panic ends it: a failing test must not hang.
struct RaiseAtTheEnd<'flag>(&'flag AtomicBool);

impl Drop for RaiseAtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs `body` in many threads, again and again, for a while.
fn crowd(body: impl Fn(&mut Dice) + Sync) {
    let start = Instant::now();
    thread::scope(|scope| {
        for number in 1..=THREADS {
            let body = &body;
            scope.spawn(move || {
                let mut dice = Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                while start.elapsed() < RUN {
                    body(&mut dice);
                }
            });
        }
    });
}

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[test]
fn a_lock_loses_no_increment() {
    let lock = Lock::new(0_u64);
    let done = AtomicU64::new(0);
    crowd(|dice| {
        let guard = match dice.roll(4) {
            0 => lock.try_lock(),
            1 => lock.try_lock_for(Duration::from_micros(dice.roll(200))),
            2 => lock.try_lock_until(Instant::now() + Duration::from_micros(dice.roll(200))),
            _ => Some(lock.lock()),
        };
        let Some(mut guard) = guard else { return };
        // A read and a write with room for others in between: mutual exclusion, or a lost increment.
        let before = *guard;
        if dice.roll(16) == 0 {
            thread::yield_now();
        }
        *guard = before + 1;
        done.fetch_add(1, Ordering::Relaxed);
        match dice.roll(8) {
            0 => LockGuard::unlock_fair(guard),
            1 => LockGuard::unlocked(&mut guard, thread::yield_now),
            _ => drop(guard),
        }
    });
    assert!(!lock.is_locked());
    assert_eq!(lock.into_inner(), done.into_inner());
}

/// Asks the system not to let the calling thread run at once when it is woken, in the place of the one that wakes it.
#[cfg(target_os = "linux")]
fn do_not_push_in() {
    // SAFETY: a set of parameters is plain numbers, and zero is what this policy asks for.
    let none: libc::sched_param = unsafe { std::mem::zeroed() };
    // SAFETY: the parameters outlive the call, which reads nothing else.
    let result = unsafe { libc::sched_setscheduler(0, libc::SCHED_BATCH, &raw const none) };
    assert_eq!(result, 0, "anybody may lower its own claims");
}

/// One thread waits for a lock, and this one releases it and takes it back at once whenever the other sleeps or is about
/// to: how often, until the other has had it, or 100 times.
fn overtakes<L: RawLocking>(is_waited_for: impl Fn(&L) -> bool) -> u32 {
    let (lock, served) = (L::new(), AtomicBool::new(false));
    lock.lock();
    thread::scope(|scope| {
        scope.spawn(|| {
            do_not_push_in();
            lock.lock();
            served.store(true, Ordering::Relaxed);
            lock.unlock();
        });
        let mut overtakes = 0;
        while overtakes < 100 {
            eventually("the other waits", || is_waited_for(&lock));
            lock.unlock();
            lock.lock();
            if served.load(Ordering::Relaxed) {
                break;
            }
            overtakes += 1;
        }
        lock.unlock();
        overtakes
    })
}

#[test]
#[cfg(target_os = "linux")]
fn a_waiter_is_overtaken_four_times_at_most() {
    // Who takes the lock back at once overtakes who has yet to wake up, now and then also five times in a row. As many
    // trials as it takes to see that, with a lock that does not prevent it, are enough for one that does.
    let is_waited_for = |lock: &RawLock| format!("{lock:?}").contains("contended");
    eventually("a broken lock lets it happen", || {
        let most = (0..50).map(|_| overtakes(is_waited_for)).max();
        assert!(most <= Some(4), "{most:?}");
        (0..50).any(|_| overtakes(MutantLongLock::<NeverWaitsLong>::is_contended) > 4)
    });
}

#[test]
fn an_rlock_loses_no_increment_at_any_depth() {
    let lock = RLock::new(Cell::new(0_u64));
    let done = AtomicU64::new(0);
    crowd(|dice| {
        let guard = match dice.roll(4) {
            0 => lock.try_lock(),
            1 => lock.try_lock_for(Duration::from_micros(dice.roll(200))),
            2 => lock.try_lock_until(Instant::now() + Duration::from_micros(dice.roll(200))),
            _ => Some(lock.lock()),
        };
        let Some(guard) = guard else {
            return assert!(!lock.is_owned_by_current_thread(), "it gave up");
        };
        let deeper: Vec<_> = (0..dice.roll(4)).map(|_| lock.try_lock().expect("its owner asks")).collect();
        assert_eq!(lock.depth(), 1 + deeper.len());
        let before = guard.get();
        if dice.roll(16) == 0 {
            thread::yield_now();
        }
        guard.set(before + 1);
        done.fetch_add(1, Ordering::Relaxed);
        drop(deeper);
        if dice.roll(8) == 0 {
            RLockGuard::unlock_fair(guard);
        }
    });
    assert!(!lock.is_locked());
    assert_eq!(lock.into_inner().get(), done.into_inner());
}

#[test]
fn a_semaphore_loses_no_permit_and_never_gives_one_too_many() {
    const PERMITS: u32 = 5;
    let semaphore = Semaphore::new(PERMITS);
    let out = AtomicU32::new(0);
    crowd(|dice| {
        let wanted = 1 + u32::try_from(dice.roll(u64::from(PERMITS))).expect("small");
        let permit = match dice.roll(4) {
            0 => semaphore.try_acquire_many(wanted),
            1 | 2 => semaphore.try_acquire_many_for(wanted, Duration::from_micros(dice.roll(300))),
            _ => Some(semaphore.acquire_many(wanted)),
        };
        let Some(permit) = permit else { return };
        let now = out.fetch_add(wanted, Ordering::Relaxed) + wanted;
        assert!(now <= PERMITS, "{now} permits are out, of {PERMITS}");
        if dice.roll(4) == 0 {
            thread::yield_now();
        }
        out.fetch_sub(wanted, Ordering::Relaxed);
        drop(permit);
    });
    assert_eq!(semaphore.available_permits(), PERMITS);
}

#[test]
fn every_item_that_is_announced_is_taken() {
    let items = Semaphore::new(0);
    let (put, taken) = (AtomicU64::new(0), AtomicU64::new(0));
    crowd(|dice| {
        if dice.roll(2) == 0 {
            let count = 1 + u32::try_from(dice.roll(3)).expect("small");
            put.fetch_add(u64::from(count), Ordering::Relaxed);
            items.release(count);
        } else if let Some(permit) = items.try_acquire_for(Duration::from_micros(dice.roll(500))) {
            permit.forget();
            taken.fetch_add(1, Ordering::Relaxed);
        }
    });
    let left = u64::from(items.available_permits());
    assert_eq!(put.into_inner(), taken.into_inner() + left);
}

#[test]
fn nobody_waits_for_ever_for_many_behind_a_crowd_that_wants_one() {
    let semaphore = Semaphore::new(4);
    let (stop, served) = (AtomicBool::new(false), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let _one = semaphore.acquire();
                    thread::yield_now();
                }
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let _all = semaphore.acquire_many(4);
                    served.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let _stop = RaiseAtTheEnd(&stop);
        eventually("all are served", || served.load(Ordering::Relaxed) == 40);
    });
    assert_eq!(semaphore.available_permits(), 4);
}

#[test]
fn every_waiter_of_an_event_goes_on_in_the_end() {
    let event = Event::new();
    let (stop, waits, given_up) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                event.set();
                event.clear();
                thread::yield_now();
            }
            event.set();
        });
        let _stop = RaiseAtTheEnd(&stop);
        // Rounds are counted, not timed: how often the setter runs among so many threads is up to the system.
        thread::scope(|scope| {
            for number in 1..=THREADS {
                let (event, waits, given_up) = (&event, &waits, &given_up);
                scope.spawn(move || {
                    let mut dice = Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                    for _ in 0..EVENT_ROUNDS {
                        let set = match dice.roll(3) {
                            0 => {
                                event.wait();
                                true
                            }
                            1 => event.wait_for(Duration::MAX),
                            _ => event.wait_for(Duration::from_micros(dice.roll(300))),
                        };
                        (if set { waits } else { given_up }).fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
    });
    let (waits, given_up) = (waits.into_inner(), given_up.into_inner());
    assert_eq!(waits + given_up, THREADS * EVENT_ROUNDS);
    assert!(waits > given_up, "two of three waits have no deadline: {waits} waits, {given_up} given up");
}

#[test]
fn every_notification_that_counts_a_waiter_is_one_that_a_waiter_returns_from() {
    let (lock, condition) = (Lock::new(()), Condition::new());
    let (notified, returned) = (AtomicU64::new(0), AtomicU64::new(0));
    crowd(|dice| {
        let mut guard = lock.lock();
        if dice.roll(3) == 0 {
            let count = usize::try_from(dice.roll(5)).expect("small");
            notified.fetch_add(condition.notify(&mut guard, count) as u64, Ordering::Relaxed);
            match dice.roll(3) {
                0 => LockGuard::unlock_fair(guard),
                1 => LockGuard::unlocked(&mut guard, thread::yield_now),
                _ => drop(guard),
            }
        } else if !condition.wait_for(&mut guard, Duration::from_micros(dice.roll(400))).timed_out() {
            returned.fetch_add(1, Ordering::Relaxed);
        }
    });
    let (notified, returned) = (notified.into_inner(), returned.into_inner());
    assert_eq!(notified, returned);
    assert!(notified > 0, "in all the time nobody was notified");
}

#[test]
fn a_bounded_store_loses_no_item_and_leaves_nobody_waiting() {
    const ROUNDS: u64 = 200;
    let (store, not_empty, not_full) = (Lock::new(0_u32), Condition::new(), Condition::new());
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (store, not_empty, not_full) = (&store, &not_empty, &not_full);
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    let mut items = store.lock();
                    if number % 2 == 0 {
                        not_full.wait_while(&mut items, |items| *items == 3);
                        *items += 1;
                        not_empty.notify_one(&mut items);
                    } else {
                        not_empty.wait_while(&mut items, |items| *items == 0);
                        *items -= 1;
                        not_full.notify_one(&mut items);
                    }
                }
            });
        }
    });
    assert_eq!(store.into_inner(), 0);
}

#[test]
fn a_barrier_keeps_a_crowd_in_lockstep() {
    const PHASES: u64 = 40;
    let runs = std::sync::Arc::new(AtomicU64::new(0));
    let barrier = Barrier::with_action(THREADS as usize, {
        let runs = std::sync::Arc::clone(&runs);
        move || _ = runs.fetch_add(1, Ordering::Relaxed)
    });
    let (came, numbers) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for phase in 1..=PHASES {
                    came.fetch_add(1, Ordering::Relaxed);
                    let place = barrier.wait().expect("nobody breaks it");
                    assert!(came.load(Ordering::Relaxed) >= phase * THREADS);
                    assert_eq!(runs.load(Ordering::Relaxed), phase);
                    numbers.fetch_add(place.index() as u64, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(numbers.into_inner(), PHASES * THREADS * (THREADS - 1) / 2);
}

#[test]
fn a_barrier_that_breaks_all_the_time_is_usable_in_the_end() {
    let barrier = Barrier::new(3);
    let (passed, failed) = (AtomicU64::new(0), AtomicU64::new(0));
    crowd(|dice| match dice.roll(16) {
        0 => barrier.abort(),
        1..=4 => barrier.reset(),
        5 => assert!(barrier.waiting() <= 3),
        _ => {
            let waited = barrier.wait_for(Duration::from_micros(dice.roll(300)));
            if waited.is_ok() { &passed } else { &failed }.fetch_add(1, Ordering::Relaxed);
        }
    });
    assert!(passed.into_inner() % 3 == 0, "whole groups pass");
    assert!(failed.into_inner() > 0);
    barrier.reset();
    assert_eq!((barrier.waiting(), barrier.is_broken()), (0, false));
    thread::scope(|scope| {
        let others = [scope.spawn(|| barrier.wait()), scope.spawn(|| barrier.wait())];
        assert!(barrier.wait().is_ok());
        assert!(others.into_iter().all(|other| other.join().expect("it only waits").is_ok()));
    });
}
