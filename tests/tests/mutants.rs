//! Every broken primitive is caught, with the verdict that its bug deserves; the faithful copies are not.

use std::fmt::Debug;

use threadcraft_explore::{ClockPolicy, Explorer, ExplorerBuilder, Grain};
use threadcraft_tests::model::{
    self, barrier as barriers, condition as conditions, event as events, lock as locks, pool as pools, queue as queues,
    rlock as rlocks, semaphore as semaphores, timer as timers,
};
use threadcraft_tests::mutants::{
    barrier, condition, desk, event, lock, long_waiter, owners, pool, queue, rlock, semaphore, timer,
};

/// Every atomic access is a step; one return for no reason and one weak failure an execution.
fn fine() -> ExplorerBuilder {
    Explorer::builder().grain(Grain::Fine).max_schedules(10_000)
}

/// The same, and deadlines pass at any point.
fn fine_with_clock() -> ExplorerBuilder {
    fine().clock(ClockPolicy::Anywhere)
}

#[track_caller]
fn comes_to<R: Debug>(
    verdict: &str,
    explorer: ExplorerBuilder,
    expected: &[&str],
    program: impl Fn() -> R + Send + Sync + 'static,
) {
    let report = explorer.build().explore(program);
    let found = model::verdict(&report, expected);
    assert_eq!(found, verdict, "after {} schedules; outcomes: {}", report.schedules, report.outcomes);
}

/// One test for each: `name: mutant, verdict, explorer, outcomes, program`.
macro_rules! caught {
    ($($name:ident: $verdict:literal, $explorer:expr, $expected:expr, $program:expr;)*) => {
        $(
            #[test]
            fn $name() {
                comes_to($verdict, $explorer, &$expected, $program);
            }
        )*
    };
}

mod locks_are_caught {
    use super::lock::*;
    use super::*;

    type Copy<C> = MutantLock<C>;

    caught! {
        a_relaxed_unlock: "data-race", fine(), ["2"], || locks::counting::<Copy<RelaxedUnlock>>(2, 1);
        a_relaxed_lock: "data-race", fine(), ["2"], || locks::counting::<Copy<RelaxedLock>>(2, 1);
        a_look_before_the_take: "data-race", fine(), ["2"], || locks::counting::<Copy<LooksThenTakes>>(2, 1);
        a_wake_up_before_the_release: "deadlock", fine(), ["2"], || locks::counting::<Copy<WakesBeforeRelease>>(2, 1);
        an_unannounced_sleep: "deadlock", fine(), ["2"], || locks::counting::<Copy<SleepsUnannounced>>(2, 1);
        forgotten_sleepers: "deadlock", fine(), ["3"], || locks::counting::<Copy<ForgetsSleepers>>(3, 1);
        a_swallowed_wake_up: "deadlock", fine_with_clock(), ["1", "2"], locks::giving_up::<Copy<SwallowsWakeUp>>;
        not_the_faithful_copy: "right", fine(), ["2"], || locks::counting::<Copy<Faithful>>(2, 1);
        not_the_faithful_copy_of_three: "right", fine(), ["3"], || locks::counting::<Copy<Faithful>>(3, 1);
        not_the_faithful_copy_in_time: "right", fine_with_clock(), ["1", "2"], locks::giving_up::<Copy<Faithful>>;
    }
}

mod long_waiters_are_caught {
    use super::long_waiter::*;
    use super::*;

    type Copy<C> = MutantLongLock<C>;

    caught! {
        a_lost_count: "deadlock", fine(), ["true"], || locks::overtaking::<Copy<LosesTheCount>>(3);
        a_newcomer_that_does_not_stand_back: "outcome", fine(), ["true"],
            || locks::overtaking::<Copy<TakesWhatIsReserved>>(3);
        nobody_who_waited_long: "outcome", fine(), ["true"], || locks::overtaking::<Copy<NeverWaitsLong>>(3);
        a_count_that_stays_in_vain: "deadlock", fine_with_clock(), ["0", "1"],
            locks::giving_up_alone_after_long::<Copy<StaysCounted>>;
        a_wake_up_of_the_wrong_one: "deadlock", fine(), ["true"], || locks::overtaking::<Copy<WakesTheOthers>>(3);
        a_reservation_given_up: "deadlock", fine_with_clock(), ["1", "2"],
            || locks::giving_up_after_long::<Copy<GivesUpWhatIsReserved>>(2);
        a_count_that_stays_when_served: "deadlock", fine(), ["4"],
            || locks::counting::<Copy<StaysCountedWhenServed>>(2, 2);
        not_the_faithful_copy: "right", fine(), ["4"], || locks::counting::<Copy<Faithful>>(2, 2);
        not_the_faithful_copy_overtaken: "right", fine(), ["true"], || locks::overtaking::<Copy<Faithful>>(3);
        not_the_faithful_copy_that_gives_up: "right", fine_with_clock(), ["0", "1"],
            locks::giving_up_alone_after_long::<Copy<Faithful>>;
        not_the_faithful_copy_of_two: "right", fine_with_clock(), ["1", "2"],
            || locks::giving_up_after_long::<Copy<Faithful>>(2);
    }
}

mod semaphores_are_caught {
    use super::semaphore::*;
    use super::*;

    type Copy<C> = MutantSemaphore<C>;

    caught! {
        a_relaxed_release: "data-race", fine(), ["2"], || semaphores::counting::<Copy<RelaxedRelease>>(2, 1);
        a_relaxed_acquire: "data-race", fine(), ["2"], || semaphores::counting::<Copy<RelaxedAcquire>>(2, 1);
        a_look_before_the_take: "data-race", fine(), ["2"], || semaphores::counting::<Copy<LooksThenTakes>>(2, 1);
        permits_taken_one_by_one: "deadlock", fine(), ["2"], semaphores::all_or_none::<Copy<TakesOneByOne>>;
        a_wake_up_before_the_release: "deadlock", fine(), ["2"],
            || semaphores::counting::<Copy<WakesBeforeAdding>>(2, 1);
        forgotten_sleepers: "deadlock", fine(), ["3"], || semaphores::counting::<Copy<ForgetsSleepers>>(3, 1);
        one_woken_for_several: "deadlock", fine(), [""], semaphores::released_together::<Copy<WakesOneForSeveral>>;
        a_swallowed_wake_up: "deadlock", fine_with_clock(), [""],
            semaphores::giving_up_in_front::<Copy<SwallowsWakeUp>>;
        a_silent_end: "deadlock", fine_with_clock(), [""], semaphores::giving_up_overtaken::<Copy<GivesUpSilently>>;
        a_starved_waiter: "outcome", Explorer::builder(), ["true"],
            semaphores::overtaking::<Copy<LetsNewcomersStarveIt>>;
        a_trusted_guess: "deadlock", fine(), [""], semaphores::holding_side_by_side::<Copy<TrustsItsGuess>>;
        a_guess_that_forgets_sleepers: "deadlock", fine(), ["2"],
            || semaphores::holding::<Copy<TrustsItsGuess>>(2, 1);
        a_relaxed_return: "data-race", fine(), ["2"], || semaphores::holding::<Copy<RelaxedRelease>>(2, 1);
        not_the_faithful_copy_held: "right", fine(), ["2"], || semaphores::holding::<Copy<Faithful>>(2, 1);
        not_the_faithful_copy_side_by_side: "right", fine(), [""],
            semaphores::holding_side_by_side::<Copy<Faithful>>;
        not_the_faithful_copy: "right", fine(), ["2"], || semaphores::counting::<Copy<Faithful>>(2, 1);
        not_the_faithful_copy_of_three: "right", fine(), ["3"], || semaphores::counting::<Copy<Faithful>>(3, 1);
        not_the_faithful_copy_of_many: "right", fine(), ["2"], semaphores::all_or_none::<Copy<Faithful>>;
        not_the_faithful_copy_for_two: "right", fine(), [""], semaphores::released_together::<Copy<Faithful>>;
        not_the_faithful_copy_in_front: "right", fine_with_clock(), [""],
            semaphores::giving_up_in_front::<Copy<Faithful>>;
        not_the_faithful_copy_overtaken: "right", fine_with_clock(), [""],
            semaphores::giving_up_overtaken::<Copy<Faithful>>;
        not_the_faithful_copy_in_time: "right", Explorer::builder(), ["true"],
            semaphores::overtaking::<Copy<Faithful>>;
    }
}

mod events_are_caught {
    use super::event::*;
    use super::*;

    type Copy<C> = MutantEvent<C>;

    caught! {
        a_relaxed_set: "data-race", fine(), ["[1]"], || events::hand_over::<Copy<RelaxedSet>>(1);
        a_relaxed_wait: "data-race", fine(), ["[1]"], || events::hand_over::<Copy<RelaxedWait>>(1);
        one_woken_of_several: "deadlock", fine(), ["[1, 1]"], || events::hand_over::<Copy<WakesOne>>(2);
        a_clear_that_holds_back: "deadlock", fine(), ["1"], events::set_and_clear::<Copy<ClearHoldsBack>>;
        an_unannounced_sleep: "deadlock", fine(), ["[1]"], || events::hand_over::<Copy<SleepsUnannounced>>(1);
        a_sleep_over_the_set: "deadlock", fine(), ["[1]"], || events::hand_over::<Copy<SleepsOverTheSet>>(1);
        a_wake_up_before_the_set: "deadlock", fine(), ["[1]"], || events::hand_over::<Copy<WakesBeforeSetting>>(1);
        not_the_faithful_copy: "right", fine(), ["[1]"], || events::hand_over::<Copy<Faithful>>(1);
        not_the_faithful_copy_for_two: "right", fine(), ["[1, 1]"], || events::hand_over::<Copy<Faithful>>(2);
        not_the_faithful_copy_cleared: "right", fine(), ["1"], events::set_and_clear::<Copy<Faithful>>;
    }
}

mod conditions_are_caught {
    use super::condition::*;
    use super::*;

    type Copy<C> = MutantCondition<C>;
    const GIVING_UP: [&str; 2] = ["(0, false)", "(1, true)"];

    caught! {
        a_place_taken_after_the_release: "data-race", fine(), ["2"], || conditions::turns::<Copy<QueuesAfterRelease>>(1);
        a_relaxed_takeover: "data-race", fine_with_clock(), ["false", "true"],
            conditions::one_lock_after_the_other::<Copy<RelaxedTakeover>>;
        a_relaxed_giving_up: "data-race", fine_with_clock(), ["false", "true"],
            conditions::one_lock_after_the_other::<Copy<RelaxedGivingUp>>;
        a_swallowed_notification: "outcome", fine_with_clock(), GIVING_UP,
            conditions::giving_up::<Copy<SwallowsNotification>>;
        a_place_kept_after_giving_up: "deadlock", fine_with_clock(), [""],
            conditions::giving_up_in_front::<Copy<StaysInTheQueue>>;
        a_forgotten_next: "deadlock", fine(), ["(3, 3, 0)"],
            || conditions::notified_in_two_goes::<Copy<ForgetsTheNext>>(3, 3);
        a_next_forgotten_in_haste: "deadlock", fine_with_clock(), [""],
            conditions::giving_up_ahead_of_a_chain::<Copy<ForgetsTheNextInHaste>>;
        a_place_in_the_chain_kept_after_giving_up: "deadlock", fine(), [""],
            conditions::giving_up_within_a_chain::<Copy<StaysInTheChain>>;
        a_wake_up_for_no_reason: "outcome", fine(), ["(1, 1, 1)"],
            || conditions::notified_in_two_goes::<Copy<GoesOnForNoReason>>(2, 1);
        a_wake_up_before_the_call: "deadlock", fine(), ["2"], || conditions::turns::<Copy<WakesBeforeCalling>>(1);
        all_for_one: "outcome", fine(), ["(1, 1, 1)"],
            || conditions::notified_in_two_goes::<Copy<NotifiesAll>>(2, 1);
        a_wrong_count: "outcome", fine_with_clock(), GIVING_UP, conditions::giving_up::<Copy<TellsWhatItWasTold>>;
        not_the_faithful_copy: "right", fine(), ["2"], || conditions::turns::<Copy<Faithful>>(1);
        not_the_faithful_copy_of_one: "right", fine(), ["(1, 1, 1)"],
            || conditions::notified_in_two_goes::<Copy<Faithful>>(2, 1);
        not_the_faithful_copy_of_three: "right", fine(), ["(3, 3, 0)"],
            || conditions::notified_in_two_goes::<Copy<Faithful>>(3, 3);
        not_the_faithful_copy_that_gives_up: "right", fine_with_clock(), GIVING_UP,
            conditions::giving_up::<Copy<Faithful>>;
        not_the_faithful_copy_in_front: "right", fine_with_clock(), [""],
            conditions::giving_up_in_front::<Copy<Faithful>>;
        not_the_faithful_copy_of_two_locks: "right", fine_with_clock(), ["false", "true"],
            conditions::one_lock_after_the_other::<Copy<Faithful>>;
        not_the_faithful_copy_ahead_of_a_chain: "right", fine_with_clock(), [""],
            conditions::giving_up_ahead_of_a_chain::<Copy<Faithful>>;
        not_the_faithful_copy_within_a_chain: "right", fine(), [""],
            conditions::giving_up_within_a_chain::<Copy<Faithful>>;
    }
}

mod barriers_are_caught {
    use super::barrier::*;
    use super::*;

    type Copy<C> = MutantBarrier<C>;
    const GIVING_UP: [&str; 3] = ["[None, None]", "[Some(0), Some(1)]", "[Some(1), Some(0)]"];
    const RESET: [&str; 1] = ["[false, true, true]"];

    caught! {
        a_relaxed_coming: "data-race", fine(), ["([2, 2], true)"], || barriers::lockstep::<Copy<RelaxedComing>>(2, 1);
        a_relaxed_look: "data-race", fine(), ["([2, 2], true)"], || barriers::lockstep::<Copy<RelaxedLook>>(2, 1);
        a_number_after_the_count: "outcome", fine(), ["2"], barriers::groups::<Copy<NumberAfterCount>>;
        one_woken_of_several: "deadlock", fine(), ["([3, 3, 3], true)"],
            || barriers::lockstep::<Copy<WakesOne>>(3, 1);
        a_wait_for_a_count_of_zero: "deadlock", fine(), ["([4, 4], true)"],
            || barriers::lockstep::<Copy<WaitsForZero>>(2, 2);
        an_action_that_comes_late: "data-race", fine(), ["[[1], [1]]"],
            || barriers::action::<Copy<ActsAfterwards>>(2, 1);
        a_blind_end: "outcome", fine_with_clock(), GIVING_UP, || barriers::giving_up::<Copy<GivesUpBlindly>>(2);
        a_silent_end: "deadlock", fine_with_clock(), ["[None, None]"],
            || barriers::giving_up::<Copy<BreaksInSilence>>(3);
        a_reset_without_draining: "outcome", fine(), RESET, barriers::reset::<Copy<ResetsWithoutDraining>>;
        not_the_faithful_copy: "right", fine(), ["([2, 2], true)"], || barriers::lockstep::<Copy<Faithful>>(2, 1);
        not_the_faithful_copy_twice: "right", fine(), ["([4, 4], true)"],
            || barriers::lockstep::<Copy<Faithful>>(2, 2);
        not_the_faithful_copy_of_three: "right", fine(), ["([3, 3, 3], true)"],
            || barriers::lockstep::<Copy<Faithful>>(3, 1);
        not_the_faithful_copy_with_an_action: "right", fine(), ["[[1], [1]]"],
            || barriers::action::<Copy<Faithful>>(2, 1);
        not_the_faithful_copy_that_gives_up: "right", fine_with_clock(), GIVING_UP,
            || barriers::giving_up::<Copy<Faithful>>(2);
        not_the_faithful_copy_that_gives_up_for_all: "right", fine_with_clock(), ["[None, None]"],
            || barriers::giving_up::<Copy<Faithful>>(3);
        not_the_faithful_copy_of_groups: "right", fine(), ["2"], barriers::groups::<Copy<Faithful>>;
        not_the_faithful_copy_that_is_reset: "right", fine(), RESET, barriers::reset::<Copy<Faithful>>;
    }
}

mod rlocks_are_caught {
    use super::rlock::*;
    use super::*;

    type Copy<C> = MutantRLock<C>;

    caught! {
        numbers_that_two_threads_share: "data-race", fine(), ["4"], || rlocks::nested::<Copy<SharedNumbers>>(2, 1);
        an_owner_before_the_taking: "deadlock", fine(), ["4"], || rlocks::nested::<Copy<OwnsBeforeTaking>>(2, 1);
        an_owner_who_stays: "misuse", fine(), ["8"], || rlocks::nested::<Copy<KeepsTheOwner>>(2, 2);
        an_owner_wiped_out_after_the_release: "deadlock", fine(), ["4"],
            || rlocks::nested::<Copy<WipesAfterRelease>>(2, 1);
        a_release_at_the_first_level: "misuse", fine(), ["4"], || rlocks::nested::<Copy<FreesAtOnce>>(2, 1);
        an_owner_who_gave_up: "misuse", fine_with_clock(), ["2"], rlocks::giving_up::<Copy<OwnsInVain>>;
        not_the_faithful_copy: "right", fine(), ["4"], || rlocks::nested::<Copy<Faithful>>(2, 1);
        not_the_faithful_copy_twice: "right", fine(), ["8"], || rlocks::nested::<Copy<Faithful>>(2, 2);
        not_the_faithful_copy_in_time: "right", fine_with_clock(), ["2"], rlocks::giving_up::<Copy<Faithful>>;
    }
}

mod queues_are_caught {
    use super::queue::*;
    use super::*;

    type Copy<C> = MutantQueue<C>;
    const PUT_OR_NOT: [&str; 2] = ["(false, [])", "(true, [2])"];
    const GOT_OR_LEFT: [&str; 2] = ["(None, Some(1))", "(Some(1), None)"];

    caught! {
        a_notification_of_the_wrong_side: "deadlock", fine(), ["([1], 1)"],
            || queues::hand_over::<Copy<NotifiesTheWrongSide>>(1, 1);
        one_condition_for_both: "deadlock", fine(), ["2"], || queues::served::<Copy<OneConditionForBoth>>(2);
        one_look: "outcome", fine(), ["2"], || queues::served::<Copy<LooksOnce>>(2);
        a_blind_end: "deadlock", fine_with_clock(), ["true"], queues::timed_get_in_front::<Copy<GivesUpBlindly>>;
        a_lost_item: "outcome", fine_with_clock(), GOT_OR_LEFT,
            queues::timed_get_against_put::<Copy<LosesTheItemInHaste>>;
        a_put_after_shutdown: "outcome", fine(), ["(false, [1])"],
            || queues::put_against_shutdown::<Copy<PutsAfterShutdown>>(false);
        a_forgotten_rest: "outcome", fine(), ["Some(0)"],
            || queues::shutdown_against_get::<Copy<ForgetsWhatIsLeft>>(1, false);
        an_early_join: "data-race", fine(), ["[1]"], || queues::tasks_against_join::<Copy<JoinsTooEarly>>(1, 1);
        one_join_released: "deadlock", fine(), ["[1, 1]"],
            || queues::tasks_against_join::<Copy<ReleasesOneJoin>>(1, 2);
        a_silent_shutdown: "deadlock", fine(), ["None"],
            || queues::shutdown_against_get::<Copy<ShutsDownInSilence>>(0, false);
        a_shutdown_for_one: "deadlock", fine(), ["[None, None]"],
            || queues::shutdown_against_gets::<Copy<ShutdownNotifiesOne>>(2);
        tasks_that_a_shutdown_keeps: "deadlock", fine(), [""], queues::shutdown_against_join::<Copy<ShutdownKeepsTasks>>;
        a_join_that_a_shutdown_forgets: "deadlock", fine(), [""],
            queues::shutdown_against_join::<Copy<ShutdownForgetsJoin>>;
        not_the_faithful_copy: "right", fine(), ["([1], 1)"], || queues::hand_over::<Copy<Faithful>>(1, 1);
        not_the_faithful_copy_for_two: "right", fine(), ["2"], || queues::served::<Copy<Faithful>>(2);
        not_the_faithful_copy_in_front: "right", fine_with_clock(), ["true"],
            queues::timed_get_in_front::<Copy<Faithful>>;
        not_the_faithful_copy_in_time: "right", fine_with_clock(), GOT_OR_LEFT,
            queues::timed_get_against_put::<Copy<Faithful>>;
        not_the_faithful_copy_that_puts: "right", fine(), ["(false, [1])"],
            || queues::put_against_shutdown::<Copy<Faithful>>(false);
        not_the_faithful_copy_that_puts_in_time: "right", fine_with_clock(), PUT_OR_NOT,
            queues::timed_put_against_get::<Copy<Faithful>>;
        not_the_faithful_copy_shut_down: "right", fine(), ["Some(0)"],
            || queues::shutdown_against_get::<Copy<Faithful>>(1, false);
        not_the_faithful_copy_shut_down_for_two: "right", fine(), ["[None, None]"],
            || queues::shutdown_against_gets::<Copy<Faithful>>(2);
        not_the_faithful_copy_joined: "right", fine(), ["[1]"], || queues::tasks_against_join::<Copy<Faithful>>(1, 1);
        not_the_faithful_copy_joined_twice: "right", fine(), ["[1, 1]"],
            || queues::tasks_against_join::<Copy<Faithful>>(1, 2);
        not_the_faithful_copy_joined_and_shut_down: "right", fine(), [""],
            queues::shutdown_against_join::<Copy<Faithful>>;
    }
}

mod pools_are_caught {
    use super::pool::*;
    use super::*;

    type Copy<C> = MutantPool<C>;
    const EXACT: [&str; 2] = ["(false, 1)", "(true, 0)"];

    caught! {
        a_relaxed_end: "data-race", fine(), ["(1, 1)"], || pools::one_by_one::<Copy<RelaxedEnd>>(1);
        a_relaxed_look: "data-race", fine(), ["(1, 1)"], || pools::one_by_one::<Copy<RelaxedLook>>(1);
        a_look_before_the_claim: "outcome", fine(), EXACT, pools::cancel::<Copy<LooksThenClaims>>;
        an_unannounced_sleep: "deadlock", fine(), ["(1, 1)"], || pools::one_by_one::<Copy<SleepsUnannounced>>(1);
        a_sleep_over_a_job: "deadlock", fine(), ["(2, 1)"], || pools::one_by_one::<Copy<SleepsOverTheJob>>(2);
        a_call_that_is_not_made: "deadlock", fine(), ["(2, 1)"], || pools::one_by_one::<Copy<LetsThemSleep>>(2);
        a_sleeper_counted_on: "deadlock", fine(), ["(2, 1)"], || pools::one_by_one::<Copy<CountsOnSleepers>>(2);
        a_last_job_left_behind: "outcome", fine(), ["1"], || pools::last_job::<Copy<LeavesTheLastJob>>(1);
        a_worker_free_too_late: "outcome", fine(), ["(2, 1)"], || pools::one_by_one::<Copy<FreeTooLate>>(2);
        a_worker_that_just_waits: "deadlock", fine(), ["2"], pools::nested::<Copy<JustWaits>>;
        a_desk_that_others_leave: "deadlock", fine(), ["true"],
            || pools::submitted_and_left::<Copy<LeavesTheDesksOfOthers>>(0);
        a_job_that_nobody_looks_for: "deadlock", fine(), ["true"], pools::both_run::<Copy<LeavesTheRest>>;
        a_sleep_over_shelves: "deadlock", fine(), ["true"], || pools::submitted_and_left::<Copy<SleepsOverShelves>>(1);
        a_sleep_that_is_said_too_late: "deadlock", fine(), ["true"],
            || pools::submitted_and_left::<Copy<SaysTooLate>>(1);
        not_the_faithful_copy_with_desks: "right", fine(), ["true"], || pools::submitted_and_left::<Copy<Faithful>>(1);
        not_the_faithful_copy: "right", fine(), ["(1, 1)"], || pools::one_by_one::<Copy<Faithful>>(1);
        not_the_faithful_copy_twice: "right", fine(), ["(2, 1)"], || pools::one_by_one::<Copy<Faithful>>(2);
        not_the_faithful_copy_that_cancels: "right", fine(), EXACT, pools::cancel::<Copy<Faithful>>;
        not_the_faithful_copy_at_its_end: "right", fine(), ["1"], || pools::last_job::<Copy<Faithful>>(1);
        not_the_faithful_copy_of_two_threads: "right", fine(), ["true"], pools::both_run::<Copy<Faithful>>;
        not_the_faithful_copy_nested: "right", fine(), ["2"], pools::nested::<Copy<Faithful>>;
    }
}

mod desks_are_caught {
    use super::desk::*;
    use super::*;

    const ROOM: [&str; 2] = ["None", "Some((0, 1))"];

    caught! {
        a_worker_that_looks_first: "outcome", fine(), ["true"], each_once::<WorkerLooksFirst>;
        another_that_looks_first: "outcome", fine(), ["true"], each_once::<OtherLooksFirst>;
        both_at_one_job: "outcome", fine(), ["true"], each_once::<LeavesNothing>;
        a_job_that_both_leave: "outcome", fine(), ["true"], each_once::<BothLeave>;
        a_job_that_is_not_published: "data-race", fine(), ROOM, put_and_taken::<RelaxedPut>;
        a_place_used_too_early: "data-race", fine(), ROOM, room_again::<UsesPlacesTooEarly>;
        not_the_faithful_copy: "right", fine(), ["true"], each_once::<Faithful>;
        not_the_faithful_copy_that_publishes: "right", fine(), ROOM, put_and_taken::<Faithful>;
        not_the_faithful_copy_with_room: "right", fine(), ROOM, room_again::<Faithful>;
    }
}

mod owners_are_caught {
    use super::owners::*;
    use super::*;

    const CHANGED_TWICE: [&str; 1] = ["((), 2)"];
    const SEEN: [&str; 2] = ["(None, 2)", "(Some(1), 2)"];

    caught! {
        one_that_overlooks_the_other: "data-race", fine(), CHANGED_TWICE, cancelled::<OverlooksTheOther>;
        one_that_ends_before_the_other: "data-race", fine(), SEEN, looked_at::<OverlooksTheOther>;
        a_relaxed_look: "data-race", fine(), CHANGED_TWICE, cancelled::<RelaxedLook>;
        a_relaxed_letting_go: "data-race", fine(), CHANGED_TWICE, cancelled::<RelaxedLettingGo>;
        an_unordered_drop: "data-race", fine(), CHANGED_TWICE, cancelled::<DropsUnordered>;
        a_relaxed_end: "data-race", fine(), SEEN, looked_at::<RelaxedEnd>;
        not_the_faithful_copy_cancelled: "right", fine(), CHANGED_TWICE, cancelled::<Faithful>;
        not_the_faithful_copy_looked_at: "right", fine(), SEEN, looked_at::<Faithful>;
    }
}

mod timers_are_caught {
    use super::timer::*;
    use super::*;

    type Copy<C> = MutantService<C>;
    const EXACT: [&str; 2] = ["(false, 1)", "(true, 0)"];
    const CALLED_OR_NOT: [&str; 2] = ["(0, 0)", "(1, 0)"];

    caught! {
        a_relaxed_end: "data-race", fine(), ["(1, true)"], timers::joined::<Copy<RelaxedEnd>>;
        a_relaxed_look: "data-race", fine(), ["(1, true)"], timers::joined::<Copy<RelaxedLook>>;
        a_look_before_the_claim: "data-race", fine(), EXACT, timers::cancel_against_fire::<Copy<LooksThenClaims>>;
        an_unannounced_sleep: "deadlock", fine(), ["(1, true)"], timers::joined::<Copy<SleepsUnannounced>>;
        an_early_call: "outcome", fine(), ["(1, true)"], timers::joined::<Copy<RoundsDown>>;
        a_sleep_over_an_earlier_one: "outcome", fine(), ["[10, 1]"],
            timers::an_earlier_one::<Copy<SleepsOverTheEarlier>>;
        a_clock_that_nobody_watches: "deadlock", fine(), ["true"], timers::one_that_blocks::<Copy<CallsByItself>>;
        a_silent_shutdown: "outcome", fine(), ["(true, 0, 0)"],
            timers::the_last_is_cancelled::<Copy<ShutsDownInSilence>>;
        a_function_that_is_kept: "outcome", fine(), ["(true, 0, 0)"],
            timers::the_last_is_cancelled::<Copy<KeepsTheFunction>>;
        a_shutdown_that_forgets: "deadlock", fine(), CALLED_OR_NOT,
            timers::shutdown_against_fire::<Copy<ForgetsThoseThatWait>>;
        not_the_faithful_copy: "right", fine(), ["(1, true)"], timers::joined::<Copy<Faithful>>;
        not_the_faithful_copy_that_cancels: "right", fine(), EXACT, timers::cancel_against_fire::<Copy<Faithful>>;
        not_the_faithful_copy_that_ends: "right", fine(), CALLED_OR_NOT,
            timers::shutdown_against_fire::<Copy<Faithful>>;
        not_the_faithful_copy_of_two: "right", fine(), ["[10, 1]"], timers::an_earlier_one::<Copy<Faithful>>;
        not_the_faithful_copy_that_blocks: "right", fine(), ["true"], timers::one_that_blocks::<Copy<Faithful>>;
        not_the_faithful_copy_of_the_last: "right", fine(), ["(true, 0, 0)"],
            timers::the_last_is_cancelled::<Copy<Faithful>>;
    }
}
