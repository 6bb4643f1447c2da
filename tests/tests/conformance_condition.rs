//! What Python's condition tests ask of a condition, by behaviour, of ours and of its peers as far as they have the
//! feature. That waiting and notifying need the lock is a matter of types: see the documentation of the crate. (`usync`'s
//! does not always tell that the deadline ended a wait, and it and `std`'s may wake more than were notified: not asked.)

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;
use std::thread;
use std::time::{Duration, Instant};

use threadcraft_tests::eventually::{eventually, for_a_while};

/// Long enough to be measured, short enough to wait for.
const TIMEOUT: Duration = Duration::from_millis(50);

/// What the lock protects.
#[derive(Debug, Default)]
struct Counts {
    /// How many waits have begun.
    begun: u32,
    /// How many have ended.
    ended: u32,
}

/// What every condition can do. A guard goes in and comes out, as `std` wants it.
trait Waits: Default + Sync {
    type Lock: Default + Sync;
    type Guard<'lock>: std::ops::DerefMut<Target = Counts>;
    fn lock(lock: &Self::Lock) -> Self::Guard<'_>;
    fn wait<'lock>(&self, guard: Self::Guard<'lock>) -> Self::Guard<'lock>;
    fn notify_one(&self, guard: &mut Self::Guard<'_>);
    fn notify_all(&self, guard: &mut Self::Guard<'_>);
}

/// Conditions that tell whether a wait ended by its deadline.
trait Times: Waits {
    /// True if the deadline came first.
    fn wait_for<'lock>(&self, guard: Self::Guard<'lock>, timeout: Duration) -> (Self::Guard<'lock>, bool);
}

/// Conditions that look for what one waits for.
trait Looks: Waits {
    fn wait_while<'lock>(
        &self,
        guard: Self::Guard<'lock>,
        predicate: impl FnMut(&mut Counts) -> bool,
    ) -> Self::Guard<'lock>;
    /// True if the predicate was true at the end.
    fn wait_while_for<'lock>(
        &self,
        guard: Self::Guard<'lock>,
        predicate: impl FnMut(&mut Counts) -> bool,
        timeout: Duration,
    ) -> (Self::Guard<'lock>, bool);
}

/// Conditions that say whom they notified.
trait Tells: Waits {
    fn told_one(&self, guard: &mut Self::Guard<'_>) -> bool;
    fn told_all(&self, guard: &mut Self::Guard<'_>) -> usize;
}

/// Conditions that notify as many as they are told to.
trait NotifiesMany: Waits {
    fn notify(&self, guard: &mut Self::Guard<'_>, count: usize) -> usize;
}

impl Waits for threadcraft::Condition {
    type Lock = threadcraft::Lock<Counts>;
    type Guard<'lock> = threadcraft::LockGuard<'lock, Counts>;
    fn lock(lock: &Self::Lock) -> Self::Guard<'_> {
        lock.lock()
    }
    fn wait<'lock>(&self, mut guard: Self::Guard<'lock>) -> Self::Guard<'lock> {
        self.wait(&mut guard);
        guard
    }
    fn notify_one(&self, guard: &mut Self::Guard<'_>) {
        self.notify_one(guard);
    }
    fn notify_all(&self, guard: &mut Self::Guard<'_>) {
        self.notify_all(guard);
    }
}

impl Times for threadcraft::Condition {
    fn wait_for<'lock>(&self, mut guard: Self::Guard<'lock>, timeout: Duration) -> (Self::Guard<'lock>, bool) {
        let timed_out = self.wait_for(&mut guard, timeout).timed_out();
        (guard, timed_out)
    }
}

impl Looks for threadcraft::Condition {
    fn wait_while<'lock>(
        &self,
        mut guard: Self::Guard<'lock>,
        predicate: impl FnMut(&mut Counts) -> bool,
    ) -> Self::Guard<'lock> {
        self.wait_while(&mut guard, predicate);
        guard
    }
    fn wait_while_for<'lock>(
        &self,
        mut guard: Self::Guard<'lock>,
        predicate: impl FnMut(&mut Counts) -> bool,
        timeout: Duration,
    ) -> (Self::Guard<'lock>, bool) {
        let timed_out = self.wait_while_for(&mut guard, predicate, timeout).timed_out();
        (guard, timed_out)
    }
}

impl Tells for threadcraft::Condition {
    fn told_one(&self, guard: &mut Self::Guard<'_>) -> bool {
        self.notify_one(guard)
    }
    fn told_all(&self, guard: &mut Self::Guard<'_>) -> usize {
        self.notify_all(guard)
    }
}

impl NotifiesMany for threadcraft::Condition {
    fn notify(&self, guard: &mut Self::Guard<'_>, count: usize) -> usize {
        self.notify(guard, count)
    }
}

impl Waits for parking_lot::Condvar {
    type Lock = parking_lot::Mutex<Counts>;
    type Guard<'lock> = parking_lot::MutexGuard<'lock, Counts>;
    fn lock(lock: &Self::Lock) -> Self::Guard<'_> {
        lock.lock()
    }
    fn wait<'lock>(&self, mut guard: Self::Guard<'lock>) -> Self::Guard<'lock> {
        self.wait(&mut guard);
        guard
    }
    fn notify_one(&self, _guard: &mut Self::Guard<'_>) {
        self.notify_one();
    }
    fn notify_all(&self, _guard: &mut Self::Guard<'_>) {
        self.notify_all();
    }
}

impl Times for parking_lot::Condvar {
    fn wait_for<'lock>(&self, mut guard: Self::Guard<'lock>, timeout: Duration) -> (Self::Guard<'lock>, bool) {
        let timed_out = self.wait_for(&mut guard, timeout).timed_out();
        (guard, timed_out)
    }
}

impl Looks for parking_lot::Condvar {
    fn wait_while<'lock>(
        &self,
        mut guard: Self::Guard<'lock>,
        predicate: impl FnMut(&mut Counts) -> bool,
    ) -> Self::Guard<'lock> {
        self.wait_while(&mut guard, predicate);
        guard
    }
    fn wait_while_for<'lock>(
        &self,
        mut guard: Self::Guard<'lock>,
        predicate: impl FnMut(&mut Counts) -> bool,
        timeout: Duration,
    ) -> (Self::Guard<'lock>, bool) {
        let timed_out = self.wait_while_for(&mut guard, predicate, timeout).timed_out();
        (guard, timed_out)
    }
}

impl Tells for parking_lot::Condvar {
    fn told_one(&self, _guard: &mut Self::Guard<'_>) -> bool {
        self.notify_one()
    }
    fn told_all(&self, _guard: &mut Self::Guard<'_>) -> usize {
        self.notify_all()
    }
}

impl Waits for std::sync::Condvar {
    type Lock = std::sync::Mutex<Counts>;
    type Guard<'lock> = std::sync::MutexGuard<'lock, Counts>;
    fn lock(lock: &Self::Lock) -> Self::Guard<'_> {
        lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn wait<'lock>(&self, guard: Self::Guard<'lock>) -> Self::Guard<'lock> {
        self.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }
    fn notify_one(&self, _guard: &mut Self::Guard<'_>) {
        self.notify_one();
    }
    fn notify_all(&self, _guard: &mut Self::Guard<'_>) {
        self.notify_all();
    }
}

impl Times for std::sync::Condvar {
    fn wait_for<'lock>(&self, guard: Self::Guard<'lock>, timeout: Duration) -> (Self::Guard<'lock>, bool) {
        let (guard, result) = self.wait_timeout(guard, timeout).unwrap_or_else(PoisonError::into_inner);
        (guard, result.timed_out())
    }
}

impl Looks for std::sync::Condvar {
    fn wait_while<'lock>(
        &self,
        guard: Self::Guard<'lock>,
        predicate: impl FnMut(&mut Counts) -> bool,
    ) -> Self::Guard<'lock> {
        self.wait_while(guard, predicate).unwrap_or_else(PoisonError::into_inner)
    }
    fn wait_while_for<'lock>(
        &self,
        guard: Self::Guard<'lock>,
        predicate: impl FnMut(&mut Counts) -> bool,
        timeout: Duration,
    ) -> (Self::Guard<'lock>, bool) {
        let waited = self.wait_timeout_while(guard, timeout, predicate).unwrap_or_else(PoisonError::into_inner);
        (waited.0, waited.1.timed_out())
    }
}

impl Waits for usync::Condvar {
    type Lock = usync::Mutex<Counts>;
    type Guard<'lock> = usync::MutexGuard<'lock, Counts>;
    fn lock(lock: &Self::Lock) -> Self::Guard<'_> {
        lock.lock()
    }
    fn wait<'lock>(&self, mut guard: Self::Guard<'lock>) -> Self::Guard<'lock> {
        self.wait(&mut guard);
        guard
    }
    fn notify_one(&self, _guard: &mut Self::Guard<'_>) {
        self.notify_one();
    }
    fn notify_all(&self, _guard: &mut Self::Guard<'_>) {
        self.notify_all();
    }
}

/// Waits once, and says so before and after.
fn counted_wait<C: Waits>(lock: &C::Lock, condition: &C) {
    let mut counts = C::lock(lock);
    counts.begun += 1;
    condition.wait(counts).ended += 1;
}

/// Returns when so many waits have begun: who has begun and released the lock waits.
fn until_begun<C: Waits>(lock: &C::Lock, count: u32) {
    eventually("all wait", || C::lock(lock).begun == count);
}

/// So many waits end, and no more.
fn exactly_end<C: Waits>(lock: &C::Lock, count: u32) {
    eventually("the notified go on", || C::lock(lock).ended == count);
    for_a_while("nobody else goes on", || C::lock(lock).ended == count);
}

/// Lets those go that wait, until so many waits have ended, if the test fails: its scope waits for their threads.
struct Frees<'a, C: Waits>(&'a C::Lock, &'a C, u32);

impl<C: Waits> Drop for Frees<'_, C> {
    fn drop(&mut self) {
        let gone = |mut counts: C::Guard<'_>| (self.1.notify_all(&mut counts), counts.ended == self.2).1;
        // A panic of this one ends the process: better than to wait for ever.
        if thread::panicking() {
            eventually("all go on", || gone(C::lock(self.0)));
        }
    }
}

/// Five threads wait twice each: three are notified, then five, then all.
fn in_three_goes<C: Waits>(notify: impl Fn(&C, &mut C::Guard<'_>, usize)) {
    let (lock, condition) = (C::Lock::default(), C::default());
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| (0..2).for_each(|_| counted_wait(&lock, &condition)));
        }
        let _frees = Frees(&lock, &condition, 10);
        let (mut begun, mut ended) = (5, 0);
        for count in [3, 5, 2] {
            until_begun::<C>(&lock, begun);
            notify(&condition, &mut C::lock(&lock), count as usize);
            ended += count;
            begun = (begun + count).min(10);
            exactly_end::<C>(&lock, ended);
        }
    });
}

fn as_many_are_woken_as_are_notified<C: Waits>() {
    in_three_goes::<C>(|condition, guard, count| match count {
        2 => condition.notify_all(guard),
        _ => (0..count).for_each(|_| condition.notify_one(guard)),
    });
}

fn a_notification_of_n_wakes_n<C: NotifiesMany>() {
    in_three_goes::<C>(|condition, guard, count| assert_eq!(condition.notify(guard, count), count));
}

fn a_notification_tells_whom_it_woke<C: Tells>() {
    let (lock, condition) = (C::Lock::default(), C::default());
    assert!(!condition.told_one(&mut C::lock(&lock)));
    assert_eq!(condition.told_all(&mut C::lock(&lock)), 0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| counted_wait(&lock, &condition));
        }
        let _frees = Frees(&lock, &condition, 4);
        until_begun::<C>(&lock, 4);
        assert!(condition.told_one(&mut C::lock(&lock)));
        exactly_end::<C>(&lock, 1);
        assert_eq!(condition.told_all(&mut C::lock(&lock)), 3);
    });
}

fn a_timed_wait_gives_up_in_time_with_the_lock_held<C: Times>() {
    let (lock, condition) = (C::Lock::default(), C::default());
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                let start = Instant::now();
                let (mut counts, timed_out) = condition.wait_for(C::lock(&lock), TIMEOUT);
                let waited = start.elapsed();
                counts.ended += 1;
                assert!(timed_out);
                assert!(waited >= TIMEOUT, "gave up after {waited:?}, told to wait {TIMEOUT:?}");
                assert!(waited < 10 * TIMEOUT, "gave up after {waited:?}, told to wait {TIMEOUT:?}");
            });
        }
    });
    assert_eq!(C::lock(&lock).ended, 5);
}

fn a_wait_with_a_predicate_ends_when_it_is_met<C: Looks>() {
    let (lock, condition) = (C::Lock::default(), C::default());
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut counts = condition.wait_while(C::lock(&lock), |counts| {
                counts.begun = counts.begun.max(1);
                counts.ended < 4
            });
            counts.ended = 100;
        });
        until_begun::<C>(&lock, 1);
        for _ in 0..4 {
            let mut counts = C::lock(&lock);
            assert!(counts.ended < 4);
            counts.ended += 1;
            condition.notify_one(&mut counts);
        }
    });
    assert_eq!(C::lock(&lock).ended, 100);
}

fn a_predicate_that_is_not_met_is_so_at_the_deadline_despite_notifications<C: Looks>() {
    let (lock, condition) = (C::Lock::default(), C::default());
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let start = Instant::now();
            let mut counts = C::lock(&lock);
            counts.begun = 1;
            let (counts, unmet) = condition.wait_while_for(counts, |counts| counts.ended < 4, 2 * TIMEOUT);
            drop(counts);
            (unmet, start.elapsed())
        });
        until_begun::<C>(&lock, 1);
        for _ in 0..3 {
            let mut counts = C::lock(&lock);
            counts.ended += 1;
            condition.notify_one(&mut counts);
        }
        let (unmet, waited) = waiter.join().expect("it gives up");
        assert!(unmet && waited >= 2 * TIMEOUT, "{unmet}, {waited:?}");
    });
}

fn a_lock_may_serve_several_conditions<C: Waits>() {
    let (lock, [even, odd]) = (C::Lock::default(), [C::default(), C::default()]);
    thread::scope(|scope| {
        scope.spawn(|| counted_wait(&lock, &even));
        scope.spawn(|| counted_wait(&lock, &odd));
        until_begun::<C>(&lock, 2);
        even.notify_all(&mut C::lock(&lock));
        exactly_end::<C>(&lock, 1);
        odd.notify_all(&mut C::lock(&lock));
        exactly_end::<C>(&lock, 2);
    });
}

fn a_panic_in_the_predicate_leaves_all_usable<C: Looks>() {
    let (lock, condition) = (C::Lock::default(), C::default());
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        drop(condition.wait_while(C::lock(&lock), |_| panic!("in the predicate")));
    }));
    assert!(panicked.is_err());
    thread::scope(|scope| {
        scope.spawn(|| counted_wait(&lock, &condition));
        until_begun::<C>(&lock, 1);
        condition.notify_one(&mut C::lock(&lock));
    });
    assert_eq!(C::lock(&lock).ended, 1);
}

/// Tests of one implementation, by the behaviours that it has.
macro_rules! conforms {
    ($name:ident: $condition:ty, $($behaviour:ident)*) => {
        mod $name {
            $(
                #[test]
                fn $behaviour() {
                    super::$behaviour::<$condition>();
                }
            )*
        }
    };
}

/// The behaviours of every condition.
macro_rules! conforms_as_a_condition {
    ($name:ident: $condition:ty) => {
        conforms!($name: $condition,
            as_many_are_woken_as_are_notified a_lock_may_serve_several_conditions
        );
    };
}

/// The behaviours of conditions that look for what one waits for, and at the clock.
macro_rules! conforms_with_a_predicate_and_in_time {
    ($name:ident: $condition:ty) => {
        conforms!($name: $condition,
            a_wait_with_a_predicate_ends_when_it_is_met
            a_predicate_that_is_not_met_is_so_at_the_deadline_despite_notifications
            a_panic_in_the_predicate_leaves_all_usable a_timed_wait_gives_up_in_time_with_the_lock_held
        );
    };
}

conforms_as_a_condition!(ours: threadcraft::Condition);
conforms_as_a_condition!(of_parking_lot: parking_lot::Condvar);
conforms!(of_std: std::sync::Condvar, a_lock_may_serve_several_conditions);
conforms!(of_usync: usync::Condvar, a_lock_may_serve_several_conditions);
conforms_with_a_predicate_and_in_time!(ours_that_looks: threadcraft::Condition);
conforms_with_a_predicate_and_in_time!(of_parking_lot_that_looks: parking_lot::Condvar);
conforms_with_a_predicate_and_in_time!(of_std_that_looks: std::sync::Condvar);
conforms!(ours_that_tells: threadcraft::Condition, a_notification_tells_whom_it_woke);
conforms!(of_parking_lot_that_tells: parking_lot::Condvar, a_notification_tells_whom_it_woke);
conforms!(ours_for_many: threadcraft::Condition, a_notification_of_n_wakes_n);
