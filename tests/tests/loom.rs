//! The primitives are right under loom, whose model of memory is not the explorer's: a load may return what was
//! overwritten already, unless happens-before forbids it. And broken ones are caught by it.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p threadcraft-tests --release --test loom`, with a target directory of its own; it
//! is part of `cargo xtask ci --nightly`, which also shows how many executions each model took.
//!
//! The programs are those that the explorer runs. A search without a bound tries every order that can make a difference;
//! a bounded one, those with so many preemptions at most.

#![cfg(loom)]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use loom::model::Builder;
use threadcraft_tests::model::{Unprotected, event as events, lock as locks, semaphore as semaphores};

/// How far a search goes.
#[derive(Debug, Clone, Copy)]
enum Search {
    /// All orders.
    Full,
    /// All with so many preemptions at most.
    Bounded(usize),
}
use Search::{Bounded, Full};

/// What a search saw.
#[derive(Debug, Default)]
struct Seen {
    executions: AtomicU64,
    outcomes: Mutex<BTreeSet<String>>,
}

/// Runs the program, which starts so many threads; `Err` is the panic that ended the search.
fn run<R: Debug>(
    threads: usize,
    search: Search,
    program: impl Fn() -> R + Send + Sync + 'static,
) -> (Arc<Seen>, thread::Result<()>) {
    let mut builder = Builder::new();
    builder.max_threads = threads + 1;
    builder.preemption_bound = match search {
        Full => None,
        Bounded(preemptions) => Some(preemptions),
    };
    // Either ends a search early and calls that a success.
    (builder.max_duration, builder.max_permutations) = (None, None);
    let seen = Arc::new(Seen::default());
    let seen_by_model = Arc::clone(&seen);
    let result = catch_unwind(AssertUnwindSafe(|| {
        builder.check(move || {
            // Relaxed: a counter, read when all is over.
            seen_by_model.executions.fetch_add(1, Ordering::Relaxed);
            let outcome = format!("{:?}", program());
            seen_by_model.outcomes.lock().expect("nothing panics while it is held").insert(outcome);
        });
    }));
    (seen, result)
}

/// The program comes to these outcomes, all of them and no others.
fn right<R: Debug>(threads: usize, search: Search, expected: &[&str], program: impl Fn() -> R + Send + Sync + 'static) {
    let (seen, result) = run(threads, search, program);
    let executions = seen.executions.load(Ordering::Relaxed);
    if let Err(panic) = result {
        panic!("execution {executions}: {}", message(&*panic));
    }
    let outcomes = seen.outcomes.lock().expect("nothing panics while it is held");
    assert_eq!(outcomes.iter().collect::<Vec<_>>(), expected, "{search:?}, {executions} executions");
    let name = thread::current().name().unwrap_or_default().to_owned();
    let bound = match search {
        Full => "all orders".to_owned(),
        Bounded(preemptions) => format!("up to {preemptions} preemptions"),
    };
    println!("loom {name}: {} threads with main, {bound}: {executions} executions", threads + 1);
}

/// Loom ends the search with a panic that says this.
fn caught<R: Debug>(threads: usize, verdict: &str, program: impl Fn() -> R + Send + Sync + 'static) {
    let (seen, result) = run(threads, Bounded(3), program);
    let executions = seen.executions.load(Ordering::Relaxed);
    let panic = result.expect_err("the program is wrong in some order");
    let message = message(&*panic);
    assert!(message.starts_with(verdict), "execution {executions}: {message}");
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a value that is not text")
}

/// One test for each: `name: threads besides main, search, outcomes, program`.
macro_rules! right {
    ($($name:ident: $threads:literal, $search:expr, $expected:expr, $program:expr;)*) => {
        $(
            #[test]
            fn $name() {
                right($threads, $search, &$expected, $program);
            }
        )*
    };
}

/// One test for each: `name: threads besides main, verdict, program`.
macro_rules! caught {
    ($($name:ident: $threads:literal, $verdict:literal, $program:expr;)*) => {
        $(
            #[test]
            fn $name() {
                caught($threads, $verdict, $program);
            }
        )*
    };
}

mod models {
    use threadcraft::{Event, RawLock, Semaphore};

    use super::*;

    right! {
        lock_two_threads: 2, Full, ["2"], || locks::counting::<RawLock>(2, 1);
        lock_two_threads_twice: 2, Bounded(4), ["4"], || locks::counting::<RawLock>(2, 2);
        lock_three_threads: 3, Bounded(3), ["3"], || locks::counting::<RawLock>(3, 1);
        lock_two_fair_threads: 2, Full, ["2"], || locks::fair_counting::<RawLock>(2);
        lock_three_fair_threads: 3, Bounded(3), ["3"], || locks::fair_counting::<RawLock>(3);
        lock_one_gives_up: 2, Bounded(3), ["1", "2"], locks::giving_up::<RawLock>;
        lock_fair_release_to_one_that_gives_up: 1, Full, ["2", "3"], locks::fair_release_to_one_that_gives_up::<RawLock>;
        lock_fair_release_overtaken: 2, Bounded(3), ["2", "3"], locks::fair_release_overtaken::<RawLock>;
    }

    right! {
        semaphore_two_threads: 2, Full, ["2"], || semaphores::counting::<Semaphore>(2, 1);
        semaphore_two_threads_twice: 2, Bounded(4), ["4"], || semaphores::counting::<Semaphore>(2, 2);
        semaphore_three_threads: 3, Bounded(2), ["3"], || semaphores::counting::<Semaphore>(3, 1);
        semaphore_released_together: 2, Bounded(3), ["()"], semaphores::released_together::<Semaphore>;
        semaphore_all_or_none: 2, Full, ["2"], semaphores::all_or_none::<Semaphore>;
        semaphore_one_gives_up: 2, Bounded(3), ["false", "true"], semaphores::giving_up::<Semaphore>;
        semaphore_the_front_gives_up: 2, Bounded(3), ["()"], semaphores::giving_up_in_front::<Semaphore>;
    }

    right! {
        event_one_waiter: 1, Full, ["[1]"], || events::hand_over::<Event>(1);
        event_two_waiters: 2, Bounded(3), ["[1, 1]"], || events::hand_over::<Event>(2);
        event_three_waiters: 3, Bounded(2), ["[1, 1, 1]"], || events::hand_over::<Event>(3);
        event_taking_turns: 1, Full, ["2"], || events::turns::<Event>(1);
        event_taking_turns_twice: 1, Bounded(3), ["4"], || events::turns::<Event>(2);
        event_one_gives_up: 2, Bounded(3), ["false", "true"], events::giving_up::<Event>;
        event_looking: 1, Full, ["false", "true"], events::looking::<Event>;
        event_looking_for_no_time: 1, Full, ["false", "true"], events::looking_for_no_time::<Event>;
        event_cleared_when_done: 1, Full, ["false", "true"], events::cleared_when_done::<Event>;
        event_announcing: 1, Bounded(3), ["()"], events::announcing::<Event>;
    }
}

/// What the primitives stand on.
mod seam {
    use std::time::Duration;

    use threadcraft::{Shared, spawn};
    use threadcraft_platform::Instant;
    use threadcraft_platform::atomic::AtomicU32;
    use threadcraft_platform::futex::{Queue, Wait, requeue, wait, wait_in, wake, wake_in};

    use super::*;

    /// A thread waits at the first word for a while; comes to what `body` does meanwhile with both, and how the wait ended.
    fn beside_a_waiter<R>(queue: Queue, body: impl FnOnce(&[AtomicU32; 2]) -> R) -> (R, Wait) {
        let words = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
        let waiter = spawn({
            let words = Arc::clone(&words);
            move || {
                let deadline = Instant::after(Duration::from_secs(1)).expect("the clock counts further");
                let ended = wait_in(&words[0], queue, 0, Some(deadline));
                assert_eq!(ended == Wait::TimedOut, Instant::now() >= deadline);
                ended
            }
        });
        (body(&words), waiter.join().expect("the threads of a model do not panic"))
    }

    fn woken() -> (usize, Wait) {
        beside_a_waiter(Queue::First, |[word, _]| wake(word, 1))
    }

    fn woken_in_another_queue() -> ([usize; 2], Wait) {
        beside_a_waiter(Queue::Second, |[word, _]| [Queue::First, Queue::Second].map(|queue| wake_in(word, queue, 1)))
    }

    fn moved() -> (((usize, usize), usize), Wait) {
        beside_a_waiter(Queue::First, |[from, to]| (requeue(from, 0, to, 1), wake(to, 1)))
    }

    /// The word changes before the wake-up, or after the comparison: the wait, which is for ever, ends in any case.
    fn changed_and_woken() {
        let word = Arc::new(AtomicU32::new(0));
        let waiter = spawn({
            let word = Arc::clone(&word);
            move || wait(&word, 0, None)
        });
        // Relaxed: nothing is published but the value.
        word.store(1, Ordering::Relaxed);
        wake(&raw const *word, 1);
        waiter.join().expect("the threads of a model do not panic");
    }

    /// Both threads use the futex, one after the other has said that it did, and nothing orders what they do besides.
    fn ordered_by_the_futex_alone() {
        let shared = Arc::new((AtomicU32::new(0), Unprotected::new()));
        let other = spawn({
            let shared = Arc::clone(&shared);
            move || {
                shared.1.add_one();
                wake(&raw const shared.0, 1);
                // Relaxed: the bug.
                shared.0.store(1, Ordering::Relaxed);
            }
        });
        if shared.0.load(Ordering::Relaxed) == 1 {
            wake(&raw const shared.0, 1);
            shared.1.get();
        }
        other.join().expect("the threads of a model do not panic");
    }

    /// Two threads raise a counter in two steps each.
    fn lost_update() -> u32 {
        let counter = Arc::new(Shared::new(0));
        let other = spawn({
            let counter = Arc::clone(&counter);
            move || counter.set(counter.get() + 1)
        });
        counter.set(counter.get() + 1);
        other.join().expect("the threads of a model do not panic");
        counter.get()
    }

    right! {
        a_wake_up_comes_or_the_deadline: 1, Full, ["(0, TimedOut)", "(1, Woken)"], woken;
        a_wake_up_reaches_its_queue_alone: 1, Full, ["([0, 0], TimedOut)", "([0, 1], Woken)"], woken_in_another_queue;
        a_waiter_is_moved: 1, Full,
            ["(((0, 0), 0), TimedOut)", "(((0, 1), 0), TimedOut)", "(((0, 1), 1), Woken)"], moved;
        comparing_and_sleeping_is_one_step: 1, Full, ["()"], changed_and_woken;
        a_shared_variable_loses_updates: 1, Full, ["1", "2"], lost_update;
    }

    caught! {
        a_wake_up_of_nobody_orders_nothing: 1, "Causality violation", ordered_by_the_futex_alone;
    }
}

mod mutants {
    use threadcraft_tests::mutants::event::{self, MutantEvent};
    use threadcraft_tests::mutants::lock::{self, MutantLock};
    use threadcraft_tests::mutants::semaphore::{self, MutantSemaphore};

    use super::*;

    caught! {
        lock_relaxed_unlock: 2, "Causality violation", || locks::counting::<MutantLock<lock::RelaxedUnlock>>(2, 1);
        lock_relaxed_lock: 2, "Causality violation", || locks::counting::<MutantLock<lock::RelaxedLock>>(2, 1);
        lock_look_before_the_take: 2, "Causality violation",
            || locks::counting::<MutantLock<lock::LooksThenTakes>>(2, 1);
        lock_wake_up_before_the_release: 2, "deadlock",
            || locks::counting::<MutantLock<lock::WakesBeforeRelease>>(2, 1);
        lock_unannounced_sleep: 2, "deadlock", || locks::counting::<MutantLock<lock::SleepsUnannounced>>(2, 1);
        lock_forgotten_sleepers: 3, "deadlock", || locks::counting::<MutantLock<lock::ForgetsSleepers>>(3, 1);
    }

    caught! {
        semaphore_relaxed_release: 2, "Causality violation",
            || semaphores::counting::<MutantSemaphore<semaphore::RelaxedRelease>>(2, 1);
        semaphore_relaxed_acquire: 2, "Causality violation",
            || semaphores::counting::<MutantSemaphore<semaphore::RelaxedAcquire>>(2, 1);
        semaphore_wake_up_before_the_release: 2, "deadlock",
            || semaphores::counting::<MutantSemaphore<semaphore::WakesBeforeAdding>>(2, 1);
        semaphore_one_woken_for_several: 2, "deadlock",
            semaphores::released_together::<MutantSemaphore<semaphore::WakesOneForSeveral>>;
        semaphore_swallowed_wake_up: 2, "deadlock",
            semaphores::giving_up_in_front::<MutantSemaphore<semaphore::SwallowsWakeUp>>;
    }

    caught! {
        event_relaxed_set: 1, "Causality violation", || events::hand_over::<MutantEvent<event::RelaxedSet>>(1);
        event_relaxed_wait: 1, "Causality violation", || events::hand_over::<MutantEvent<event::RelaxedWait>>(1);
        event_relaxed_look: 1, "Causality violation", events::looking::<MutantEvent<event::RelaxedWait>>;
        event_clear_publishes_nothing: 1, "Causality violation",
            events::cleared_when_done::<MutantEvent<event::ClearPublishesNothing>>;
        event_clear_receives_nothing: 1, "deadlock", events::announcing::<MutantEvent<event::ClearReceivesNothing>>;
        event_wake_up_before_the_set: 1, "deadlock", || events::hand_over::<MutantEvent<event::WakesBeforeSetting>>(1);
        event_sleep_over_the_set: 1, "deadlock", || events::hand_over::<MutantEvent<event::SleepsOverTheSet>>(1);
        event_one_woken_of_several: 2, "deadlock", || events::hand_over::<MutantEvent<event::WakesOne>>(2);
    }

    right! {
        lock_faithful_copy: 2, Bounded(3), ["2"], || locks::counting::<MutantLock<lock::Faithful>>(2, 1);
        lock_faithful_copy_of_three: 3, Bounded(2), ["3"], || locks::counting::<MutantLock<lock::Faithful>>(3, 1);
        semaphore_faithful_copy: 2, Bounded(3), ["2"],
            || semaphores::counting::<MutantSemaphore<semaphore::Faithful>>(2, 1);
        semaphore_faithful_copy_for_two: 2, Bounded(3), ["()"],
            semaphores::released_together::<MutantSemaphore<semaphore::Faithful>>;
        semaphore_faithful_copy_in_front: 2, Bounded(3), ["()"],
            semaphores::giving_up_in_front::<MutantSemaphore<semaphore::Faithful>>;
        event_faithful_copy: 1, Bounded(3), ["[1]"], || events::hand_over::<MutantEvent<event::Faithful>>(1);
        event_faithful_copy_for_two: 2, Bounded(3), ["[1, 1]"],
            || events::hand_over::<MutantEvent<event::Faithful>>(2);
        event_faithful_copy_looked_at: 1, Bounded(3), ["false", "true"],
            events::looking::<MutantEvent<event::Faithful>>;
        event_faithful_copy_cleared: 1, Bounded(3), ["false", "true"],
            events::cleared_when_done::<MutantEvent<event::Faithful>>;
        event_faithful_copy_announcing: 1, Bounded(3), ["()"], events::announcing::<MutantEvent<event::Faithful>>;
    }
}
