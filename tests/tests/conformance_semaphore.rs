//! What Python's semaphore tests ask of a semaphore, by behaviour, of ours and of a plain one from a mutex and a
//! condition variable: no peer has a blocking semaphore with timeouts.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use threadcraft::{BoundedSemaphore, Semaphore};
use threadcraft_tests::model::behaviour::semaphore::{exactly_as_many_pass, one_thread_may_take_several};
use threadcraft_tests::model::semaphore::Permits;

/// Long enough to be measured, short enough to wait for.
const TIMEOUT: Duration = Duration::from_millis(50);

/// Semaphores that one need not wait for until there is a permit, and that tell how many there are.
trait Timed: Permits + Sync {
    fn try_acquire(&self) -> bool;
    fn try_acquire_for(&self, timeout: Duration) -> bool;
    fn available(&self) -> u32;
}

impl Timed for Semaphore {
    fn try_acquire(&self) -> bool {
        self.try_acquire().map(threadcraft::Permit::forget).is_some()
    }
    fn try_acquire_for(&self, timeout: Duration) -> bool {
        self.try_acquire_for(timeout).map(threadcraft::Permit::forget).is_some()
    }
    fn available(&self) -> u32 {
        self.available_permits()
    }
}

/// Bounded by what there is at the start.
struct Bounded(BoundedSemaphore);

impl Permits for Bounded {
    fn new(permits: u32) -> Self {
        // Room for what the behaviours release above the start; the bound has its own tests below.
        let room = BoundedSemaphore::new(permits + 20);
        room.acquire_many(20).forget();
        Self(room)
    }
    fn take(&self) {
        self.0.acquire().forget();
    }
    fn give(&self, permits: u32) {
        self.0.release(permits).expect("within the bound");
    }
}

impl Timed for Bounded {
    fn try_acquire(&self) -> bool {
        self.0.try_acquire().map(threadcraft::Permit::forget).is_some()
    }
    fn try_acquire_for(&self, timeout: Duration) -> bool {
        self.0.try_acquire_for(timeout).map(threadcraft::Permit::forget).is_some()
    }
    fn available(&self) -> u32 {
        self.0.available_permits()
    }
}

/// The reference: a count, a mutex, a condition variable.
struct Plain {
    count: Mutex<u32>,
    more: Condvar,
}

impl Permits for Plain {
    fn new(permits: u32) -> Self {
        Self { count: Mutex::new(permits), more: Condvar::new() }
    }
    fn take(&self) {
        let mut count = self.count.lock();
        self.more.wait_while(&mut count, |count| *count == 0);
        *count -= 1;
    }
    fn give(&self, permits: u32) {
        *self.count.lock() += permits;
        self.more.notify_all();
    }
}

impl Timed for Plain {
    fn try_acquire(&self) -> bool {
        let mut count = self.count.lock();
        let some = *count > 0;
        *count -= u32::from(some);
        some
    }
    fn try_acquire_for(&self, timeout: Duration) -> bool {
        let mut count = self.count.lock();
        self.more.wait_while_for(&mut count, |count| *count == 0, timeout);
        let some = *count > 0;
        *count -= u32::from(some);
        some
    }
    fn available(&self) -> u32 {
        *self.count.lock()
    }
}

fn a_semaphore_counts<S: Timed>() {
    let semaphore = S::new(2);
    semaphore.take();
    assert!(semaphore.try_acquire());
    assert!(!semaphore.try_acquire());
    semaphore.give(1);
    assert_eq!(semaphore.available(), 1);
    semaphore.give(3);
    assert_eq!(semaphore.available(), 4);
}

fn exactly_as_many_pass_as_there_are_permits<S: Timed>() {
    exactly_as_many_pass::<S>(7, &[1, 2]);
}

fn a_release_of_several_lets_as_many_pass<S: Timed>() {
    exactly_as_many_pass::<S>(0, &[3, 1, 4]);
}

fn of_ten_tries_for_three_permits_three_succeed<S: Timed>() {
    let semaphore = S::new(3);
    let (yes, no) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| if semaphore.try_acquire() { &yes } else { &no }.fetch_add(1, Ordering::Relaxed));
        }
    });
    assert_eq!((yes.into_inner(), no.into_inner()), (3, 7));
}

fn a_timed_wait_gives_up_in_time_and_takes_nothing<S: Timed>() {
    let semaphore = S::new(0);
    let start = Instant::now();
    assert!(!semaphore.try_acquire_for(TIMEOUT));
    let waited = start.elapsed();
    assert!(waited >= TIMEOUT && waited < 10 * TIMEOUT, "gave up after {waited:?}, told to wait {TIMEOUT:?}");
    semaphore.give(1);
    assert_eq!(semaphore.available(), 1);
    assert!(semaphore.try_acquire_for(TIMEOUT));
    assert!(!semaphore.try_acquire_for(Duration::ZERO));
}

fn waiters_that_give_up_keep_no_permit_from_the_others<S: Timed>() {
    let semaphore = S::new(0);
    let (served, gave_up) = (AtomicU32::new(0), AtomicU32::new(0));
    const WAITERS: u32 = 6;
    const ROUNDS: u32 = 50;
    for _ in 0..ROUNDS {
        thread::scope(|scope| {
            for waiter in 0..WAITERS {
                let (semaphore, served, gave_up) = (&semaphore, &served, &gave_up);
                scope.spawn(move || {
                    let timeout = Duration::from_micros(u64::from(waiter) * 40);
                    let count = if semaphore.try_acquire_for(timeout) { served } else { gave_up };
                    count.fetch_add(1, Ordering::Relaxed);
                });
            }
            scope.spawn(|| {
                for _ in 0..=WAITERS {
                    semaphore.give(1);
                }
            });
            // There is one for everybody, and this one never gives up: it hangs if another took its wake-up along.
            semaphore.take();
        });
        let (served, gave_up) = (served.swap(0, Ordering::Relaxed), gave_up.swap(0, Ordering::Relaxed));
        assert_eq!(served + gave_up, WAITERS);
        assert_eq!(semaphore.available(), gave_up, "{served} served, {gave_up} gave up");
        for _ in 0..gave_up {
            assert!(semaphore.try_acquire());
        }
    }
}

/// Tests of one implementation.
macro_rules! conforms {
    ($name:ident: $semaphore:ty) => {
        conforms!($name: $semaphore,
            a_semaphore_counts exactly_as_many_pass_as_there_are_permits a_release_of_several_lets_as_many_pass
            of_ten_tries_for_three_permits_three_succeed a_timed_wait_gives_up_in_time_and_takes_nothing
            one_thread_may_take_several waiters_that_give_up_keep_no_permit_from_the_others
        );
    };
    ($name:ident: $semaphore:ty, $($behaviour:ident)*) => {
        mod $name {
            $(
                #[test]
                fn $behaviour() {
                    super::$behaviour::<$semaphore>();
                }
            )*
        }
    };
}

conforms!(ours: super::Semaphore);
conforms!(ours_bounded: super::Bounded);
conforms!(reference: super::Plain);

#[test]
fn the_default_is_one_permit() {
    assert_eq!(Semaphore::default().available_permits(), 1);
    assert_eq!(BoundedSemaphore::default().available_permits(), 1);
}

#[test]
fn a_release_above_the_bound_is_an_error_with_the_state_intact() {
    let bounded = BoundedSemaphore::new(3);
    let permit = bounded.acquire();
    assert!(bounded.release(2).is_err());
    assert_eq!(bounded.available_permits(), 2);
    drop(permit);
    assert!(bounded.release(1).is_err());
    assert_eq!(bounded.available_permits(), 3);
}

#[test]
fn debug_shows_the_count() {
    assert_eq!(format!("{:?}", Semaphore::new(4)), "Semaphore { permits: 4 }");
    assert_eq!(format!("{:?}", BoundedSemaphore::new(4)), "BoundedSemaphore { permits: 4, bound: 4 }");
}
