//! The primitives are right on every interleaving of small programs: each atomic access a step, waits that return for
//! no reason, weak exchanges that fail, and, where there are timeouts, deadlines that pass at any point.
//!
//! `proven` ones are run on all interleavings. `searched` ones are too large for that and get a budget, which the
//! variable `THREADCRAFT_MODEL_BUDGET` multiplies. Neither ends by the clock: a busy machine proves the same.

use std::fmt::Debug;
use std::time::Duration;

use threadcraft::{Barrier, Condition, Event, Queue, RLock, RawLock, Semaphore, Shutdown, ThreadPool, TimerService};
use threadcraft_explore::{ClockPolicy, Explorer, ExplorerBuilder, Grain};
use threadcraft_tests::model::{
    barrier as barriers, condition as conditions, event as events, lock as locks, pool as pools, queue as queues,
    rlock as rlocks, semaphore as semaphores, timer as timers,
};
use threadcraft_tests::races;

/// Enough for the largest program that is to be proven.
const PROOF: u64 = 100_000;
/// For the others: several times what any mutant of `mutants.rs` needs to be found.
const SEARCH: u64 = 6_000;

/// Every atomic access is a step.
fn fine() -> ExplorerBuilder {
    Explorer::builder().grain(Grain::Fine)
}

/// The same, and deadlines pass at any point.
fn fine_with_clock() -> ExplorerBuilder {
    fine().clock(ClockPolicy::Anywhere)
}

/// Every atomic access is a step, but no wait returns for no reason and no exchange fails: two rounds are small enough
/// for a proof then.
fn fine_undisturbed() -> ExplorerBuilder {
    fine().rare(0)
}

/// Runs the program on all its interleavings.
#[track_caller]
fn proven<R: Debug>(explorer: ExplorerBuilder, expected: &[&str], program: impl Fn() -> R + Send + Sync + 'static) {
    let report = explorer.max_schedules(PROOF).time_limit(Duration::MAX).build().explore(program).unwrap();
    assert!(report.complete, "cut after {} schedules: {:?}", report.schedules, report.cut);
    let outcomes: Vec<_> = report.outcomes.iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes, expected);
}

/// Runs the program on as many of its interleavings as the budget allows, the simplest first.
#[track_caller]
fn searched<R: Debug>(explorer: ExplorerBuilder, expected: &[&str], program: impl Fn() -> R + Send + Sync + 'static) {
    let times = std::env::var("THREADCRAFT_MODEL_BUDGET").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let report = explorer.max_schedules(SEARCH * times).time_limit(Duration::MAX).build().explore(program).unwrap();
    let outcomes: Vec<_> = report.outcomes.iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes, expected, "after {} schedules", report.schedules);
}

/// One test for each: `name: how, steps, outcomes, program`.
macro_rules! right {
    ($($name:ident: $how:ident, $explorer:expr, $expected:expr, $program:expr;)*) => {
        $(
            #[test]
            fn $name() {
                $how($explorer, &$expected, $program);
            }
        )*
    };
}

mod locks_are_right {
    use super::*;

    right! {
        two_threads_once: proven, fine(), ["2"], || locks::counting::<RawLock>(2, 1);
        two_threads_twice: searched, fine(), ["4"], || locks::counting::<RawLock>(2, 2);
        two_threads_twice_undisturbed: proven, fine_undisturbed(), ["4"], || locks::counting::<RawLock>(2, 2);
        three_threads_once: searched, fine(), ["3"], || locks::counting::<RawLock>(3, 1);
        one_gives_up: searched, fine_with_clock(), ["1", "2"], locks::giving_up::<RawLock>;
        two_fair_threads: proven, fine(), ["2"], || locks::fair_counting::<RawLock>(2);
        three_fair_threads: searched, fine(), ["3"], || locks::fair_counting::<RawLock>(3);
        a_fair_release_to_one_that_gives_up: proven, fine_with_clock(), ["2", "3"],
            locks::fair_release_to_one_that_gives_up::<RawLock>;
        a_fair_release_overtaken: searched, fine(), ["2", "3"], locks::fair_release_overtaken::<RawLock>;
        overtaken_twice_at_most: proven, fine(), ["true"], || locks::overtaking::<RawLock>(3);
        a_long_waiter_gives_up: proven, fine_with_clock(), ["0", "1"], locks::giving_up_alone_after_long::<RawLock>;
        one_of_two_long_waiters_gives_up: searched, fine_with_clock(), ["1", "2"],
            || locks::giving_up_after_long::<RawLock>(2);
    }
}

mod semaphores_are_right {
    use super::*;

    right! {
        two_threads_once: proven, fine(), ["2"], || semaphores::counting::<Semaphore>(2, 1);
        two_threads_twice: searched, fine(), ["4"], || semaphores::counting::<Semaphore>(2, 2);
        three_threads_once: searched, fine(), ["3"], || semaphores::counting::<Semaphore>(3, 1);
        held_by_two: proven, fine(), ["2"], || semaphores::holding::<Semaphore>(2, 1);
        held_by_two_twice: searched, fine(), ["4"], || semaphores::holding::<Semaphore>(2, 2);
        held_by_three: searched, fine(), ["3"], || semaphores::holding::<Semaphore>(3, 1);
        held_side_by_side: proven, fine(), [""], semaphores::holding_side_by_side::<Semaphore>;
        released_together: searched, fine(), [""], semaphores::released_together::<Semaphore>;
        released_in_turn: searched, fine(), [""], semaphores::released_in_turn::<Semaphore>;
        released_one_by_one: searched, fine(), [""], semaphores::released_one_by_one::<Semaphore>;
        all_or_none: proven, fine(), ["2"], semaphores::all_or_none::<Semaphore>;
        one_gives_up: searched, fine_with_clock(), ["false", "true"], semaphores::giving_up::<Semaphore>;
        the_front_gives_up: searched, fine_with_clock(), [""], semaphores::giving_up_in_front::<Semaphore>;
        the_front_gives_up_overtaken: searched, fine_with_clock(), [""],
            semaphores::giving_up_overtaken::<Semaphore>;
        nobody_is_starved: proven, Explorer::builder(), ["true"], semaphores::overtaking::<Semaphore>;
    }
}

mod events_are_right {
    use super::*;

    right! {
        one_waiter: proven, fine(), ["[1]"], || events::hand_over::<Event>(1);
        two_waiters: proven, fine(), ["[1, 1]"], || events::hand_over::<Event>(2);
        cleared_at_once: proven, fine(), ["1"], events::set_and_clear::<Event>;
        taking_turns: proven, fine(), ["2"], || events::turns::<Event>(1);
        taking_turns_twice: proven, fine(), ["4"], || events::turns::<Event>(2);
        one_gives_up: proven, fine_with_clock(), ["false", "true"], events::giving_up::<Event>;
        looked_at: proven, fine(), ["false", "true"], events::looking::<Event>;
        looked_at_for_no_time: proven, fine(), ["false", "true"], events::looking_for_no_time::<Event>;
        cleared_when_done: proven, fine(), ["false", "true"], events::cleared_when_done::<Event>;
        announcing: proven, fine(), [""], events::announcing::<Event>;
    }
}

mod conditions_are_right {
    use super::*;

    right! {
        taking_turns: proven, fine(), ["2"], || conditions::turns::<Condition>(1);
        taking_turns_twice: searched, fine(), ["4"], || conditions::turns::<Condition>(2);
        one_of_two: proven, fine(), ["(1, 1, 1)"], || conditions::notified_in_two_goes::<Condition>(2, 1);
        two_together: proven, fine(), ["(2, 2, 0)"], || conditions::notified_in_two_goes::<Condition>(2, 2);
        three_together: searched, fine(), ["(3, 3, 0)"], || conditions::notified_in_two_goes::<Condition>(3, 3);
        three_of_four: searched, fine(), ["(3, 3, 1)"], || conditions::notified_in_two_goes::<Condition>(4, 3);
        three_one_by_one: searched, fine(), ["3"], || conditions::notified_one_by_one::<Condition>(3);
        one_gives_up: proven, fine_with_clock(), ["(0, false)", "(1, true)"], conditions::giving_up::<Condition>;
        the_first_gives_up: searched, fine_with_clock(), [""], conditions::giving_up_in_front::<Condition>;
        the_first_of_a_chain_give_up: searched, fine_with_clock(), [""],
            conditions::giving_up_ahead_of_a_chain::<Condition>;
        the_middle_of_a_chain_gives_up: searched, fine(), [""],
            conditions::giving_up_within_a_chain::<Condition>;
        one_lock_after_the_other: proven, fine_with_clock(), ["false", "true"],
            conditions::one_lock_after_the_other::<Condition>;
        one_taker: proven, fine(), ["0"], || conditions::stock::<Condition>(1, 1);
        one_taker_of_two: searched, fine(), ["0"], || conditions::stock::<Condition>(1, 2);
        one_taker_of_two_undisturbed: searched, fine_undisturbed(), ["0"], || conditions::stock::<Condition>(1, 2);
        two_takers: searched, fine(), ["0"], || conditions::stock::<Condition>(2, 1);
        three_takers: searched, fine(), ["0"], || conditions::stock::<Condition>(3, 1);
    }
}

mod barriers_are_right {
    use super::*;

    const GIVING_UP: [&str; 3] = ["[None, None]", "[Some(0), Some(1)]", "[Some(1), Some(0)]"];

    right! {
        two_threads: proven, fine(), ["([2, 2], true)"], || barriers::lockstep::<Barrier>(2, 1);
        two_threads_twice: searched, fine(), ["([4, 4], true)"], || barriers::lockstep::<Barrier>(2, 2);
        two_threads_twice_undisturbed: proven, fine_undisturbed(), ["([4, 4], true)"],
            || barriers::lockstep::<Barrier>(2, 2);
        three_threads: proven, fine(), ["([3, 3, 3], true)"], || barriers::lockstep::<Barrier>(3, 1);
        four_threads: searched, fine(), ["([4, 4, 4, 4], true)"], || barriers::lockstep::<Barrier>(4, 1);
        three_threads_for_two: searched, fine(), ["2"], barriers::groups::<Barrier>;
        an_action: proven, fine(), ["[[1], [1]]"], || barriers::action::<Barrier>(2, 1);
        an_action_twice: proven, fine(), ["[[1, 2], [1, 2]]"], || barriers::action::<Barrier>(2, 2);
        one_gives_up: proven, fine_with_clock(), GIVING_UP, || barriers::giving_up::<Barrier>(2);
        one_gives_up_for_all: proven, fine_with_clock(), ["[None, None]"], || barriers::giving_up::<Barrier>(3);
        one_gives_up_on_an_action: proven, fine_with_clock(), ["true"], barriers::giving_up_on_an_action::<Barrier>;
        an_abort: proven, fine(), ["[true, true]"], barriers::aborted::<Barrier>;
        a_reset: proven, fine(), ["[false, true, true]"], barriers::reset::<Barrier>;
        an_abort_and_a_reset: searched, fine(), ["[true, true]"], barriers::aborted_and_reset::<Barrier>;
    }
}

mod rlocks_are_right {
    use super::*;

    right! {
        two_threads_once: proven, fine(), ["4"], || rlocks::nested::<RLock<()>>(2, 1);
        two_threads_twice: searched, fine(), ["8"], || rlocks::nested::<RLock<()>>(2, 2);
        three_threads_once: searched, fine(), ["6"], || rlocks::nested::<RLock<()>>(3, 1);
        one_gives_up: proven, fine_with_clock(), ["2"], rlocks::giving_up::<RLock<()>>;
        one_tries: proven, fine(), ["None", "Some(0)", "Some(2)"], rlocks::trying::<RLock<()>>;
    }
}

mod queues_are_right {
    use super::*;

    type Own = Queue<u32>;
    const PUT_OR_NOT: [&str; 2] = ["(false, [])", "(true, [2])"];
    const GOT_OR_LEFT: [&str; 2] = ["(None, Some(1))", "(Some(1), None)"];

    right! {
        one_item: proven, fine(), ["([1], 1)"], || queues::hand_over::<Own>(1, 1);
        two_items_through_one_place: searched, fine(), ["([1, 2], 1)"], || queues::hand_over::<Own>(1, 2);
        two_items_with_room: searched, fine(), ["([1, 2], 1)"], || queues::hand_over::<Own>(2, 2);
        two_getters_and_one_place: searched, fine(), ["2"], || queues::served::<Own>(2);
        a_shutdown_of_an_empty_queue: proven, fine(), ["None"], || queues::shutdown_against_get::<Own>(0, false);
        a_shutdown_after_an_item: searched, fine(), ["Some(0)"], || queues::shutdown_against_get::<Own>(1, false);
        a_shutdown_after_an_item_undisturbed: proven, fine_undisturbed(), ["Some(0)"], || queues::shutdown_against_get::<Own>(1, false);
        an_immediate_shutdown: searched, fine(), ["None", "Some(0)"], || queues::shutdown_against_get::<Own>(1, true);
        an_immediate_shutdown_undisturbed: proven, fine_undisturbed(), ["None", "Some(0)"], || queues::shutdown_against_get::<Own>(1, true);
        a_shutdown_with_two_getters: searched, fine(), ["[None, None]"], || queues::shutdown_against_gets::<Own>(2);
        a_put_against_shutdown: proven, fine(), ["(false, [1])"], || queues::put_against_shutdown::<Own>(false);
        a_put_against_get_and_shutdown: searched, fine(), PUT_OR_NOT, || queues::put_against_shutdown::<Own>(true);
        a_put_against_get_and_shutdown_undisturbed: proven, fine_undisturbed(), PUT_OR_NOT, || queues::put_against_shutdown::<Own>(true);
        the_last_task_against_join: searched, fine(), ["[1]"], || queues::tasks_against_join::<Own>(1, 1);
        the_last_task_against_join_undisturbed: proven, fine_undisturbed(), ["[1]"], || queues::tasks_against_join::<Own>(1, 1);
        two_tasks_against_join: searched, fine(), ["[2]"], || queues::tasks_against_join::<Own>(2, 1);
        two_who_join: searched, fine(), ["[1, 1]"], || queues::tasks_against_join::<Own>(1, 2);
        a_shutdown_against_join: proven, fine(), [""], queues::shutdown_against_join::<Own>;
        a_timed_get_against_put: proven, fine_with_clock(), GOT_OR_LEFT, queues::timed_get_against_put::<Own>;
        a_timed_put_against_get: proven, fine_with_clock(), PUT_OR_NOT, queues::timed_put_against_get::<Own>;
        a_timed_get_in_front: searched, fine_with_clock(), ["true"], queues::timed_get_in_front::<Own>;
    }
}

mod pools_are_right {
    use super::*;

    const EXACT: [&str; 2] = ["(false, 1)", "(true, 0)"];
    const TOLD: [&str; 2] = ["(false, true)", "(true, false)"];
    const ENDED: [&str; 2] = ["(false, 0)", "(true, 1)"];

    /// A call is a step: with every access one, the smallest program has more than a hundred thousand schedules.
    fn coarse() -> ExplorerBuilder {
        Explorer::builder()
    }

    right! {
        a_result: searched, fine(), ["(1, 1)"], || pools::one_by_one::<ThreadPool>(1);
        a_result_by_calls: proven, coarse(), ["(1, 1)"], || pools::one_by_one::<ThreadPool>(1);
        one_job_after_the_other: searched, fine(), ["(2, 1)"], || pools::one_by_one::<ThreadPool>(2);
        one_job_after_the_other_by_calls: proven, coarse(), ["(2, 1)"], || pools::one_by_one::<ThreadPool>(2);
        a_cancel: searched, fine(), EXACT, pools::cancel::<ThreadPool>;
        a_cancel_by_calls: proven, coarse(), EXACT, pools::cancel::<ThreadPool>;
        a_cancel_that_somebody_waits_for: searched, fine(), TOLD, pools::cancel_and_wait::<ThreadPool>;
        a_cancel_that_somebody_waits_for_by_calls: proven, coarse(), TOLD, pools::cancel_and_wait::<ThreadPool>;
        the_last_job: searched, fine(), ["1"], || pools::last_job::<ThreadPool>(1);
        the_last_job_by_calls: proven, coarse(), ["1"], || pools::last_job::<ThreadPool>(1);
        the_last_two_jobs: searched, fine(), ["2"], || pools::last_job::<ThreadPool>(2);
        the_last_two_jobs_by_calls: proven, coarse(), ["2"], || pools::last_job::<ThreadPool>(2);
        an_end_that_cancels: searched, fine(), ENDED, pools::cancelled_by_the_end::<ThreadPool>;
        an_end_that_cancels_by_calls: proven, coarse(), ENDED, pools::cancelled_by_the_end::<ThreadPool>;
        a_job_that_waits_for_a_job: searched, fine(), ["2"], pools::nested::<ThreadPool>;
        a_job_that_waits_for_a_job_by_calls: proven, coarse(), ["2"], pools::nested::<ThreadPool>;
        two_threads: searched, fine(), ["true"], pools::both_run::<ThreadPool>;
        a_job_behind_one_that_waits: searched, fine(), ["true"], pools::behind_one_that_waits::<ThreadPool>;
        a_job_behind_one_that_waits_by_calls: searched, coarse(), ["true"], pools::behind_one_that_waits::<ThreadPool>;
        a_job_left_by_its_worker: searched, fine(), ["true"], || pools::submitted_and_left::<ThreadPool>(0);
        a_job_left_by_its_worker_by_calls: proven, coarse(), ["true"], || pools::submitted_and_left::<ThreadPool>(0);
        a_job_beside_the_end: searched, fine(), ["(false, 0)", "(true, 1)"],
            pools::submit_against_the_end::<ThreadPool>;
        a_job_beside_the_end_by_calls: proven, coarse(), ["(false, 0)", "(true, 1)"],
            pools::submit_against_the_end::<ThreadPool>;
        a_lone_job_cancelled: proven, fine(), ["(false, true, 0)", "(true, false, 1)"], || races::lone_cancel(false);
        a_lone_job_waited_for: proven, fine(), ["1"], || races::lone_wait(false);
        a_lone_job_that_tells: proven, fine(), ["(1, 0)"], || races::lone_end(false);
        a_lone_sleeper: searched, fine(), ["[1]"], || races::lone_sleepers(1);
        a_lone_sleeper_at_the_end: searched, fine(), [""], races::lone_end_of_a_sleeper;
        a_lone_last_job: searched, fine(), ["(true, 1)"], || races::lone_last_job(Shutdown::NoWait);
        two_lone_sleepers: searched, fine(), ["[1, 1]"], || races::lone_sleepers(2);
        a_job_left_beside_another: searched, fine(), ["true"], || pools::submitted_and_left::<ThreadPool>(1);
    }
}

mod timers_are_right {
    use super::*;

    const EXACT: [&str; 2] = ["(false, 1)", "(true, 0)"];
    const CALLED_OR_NOT: [&str; 2] = ["(0, 0)", "(1, 0)"];

    /// A call is a step.
    fn coarse() -> ExplorerBuilder {
        Explorer::builder()
    }

    right! {
        one_left_alone: searched, fine(), ["[0, 1]"], timers::left_alone::<TimerService>;
        one_left_alone_by_calls: proven, coarse(), ["[0, 1]"], timers::left_alone::<TimerService>;
        one_cancelled_when_due: proven, coarse(), EXACT,
            || timers::cancelled_after::<TimerService>(timers::SECOND);
        a_call: proven, fine_with_clock(), ["(1, true)"], timers::joined::<TimerService>;
        a_call_by_calls: proven, coarse(), ["(1, true)"], timers::joined::<TimerService>;
        a_cancel: proven, fine(), EXACT, timers::cancel_against_fire::<TimerService>;
        a_cancel_by_calls: proven, coarse(), EXACT, timers::cancel_against_fire::<TimerService>;
        an_end: proven, fine(), CALLED_OR_NOT, timers::shutdown_against_fire::<TimerService>;
        an_end_by_calls: proven, coarse(), CALLED_OR_NOT, timers::shutdown_against_fire::<TimerService>;
        an_earlier_one: searched, fine(), ["[10, 1]"], timers::an_earlier_one::<TimerService>;
        an_earlier_one_by_calls: proven, coarse(), ["[10, 1]"], timers::an_earlier_one::<TimerService>;
        one_that_blocks: searched, fine(), ["true"], timers::one_that_blocks::<TimerService>;
        one_that_blocks_by_calls: proven, coarse(), ["true"], timers::one_that_blocks::<TimerService>;
        the_last_is_cancelled: searched, fine(), ["(true, 0, 0)"], timers::the_last_is_cancelled::<TimerService>;
        the_last_is_cancelled_by_calls: proven, coarse(), ["(true, 0, 0)"],
            timers::the_last_is_cancelled::<TimerService>;
    }
}
