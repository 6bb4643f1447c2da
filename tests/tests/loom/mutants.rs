//! Broken copies are caught, and faithful ones are not.

use threadcraft_tests::model::{
    barrier as barriers, condition as conditions, event as events, lock as locks, rlock as rlocks,
    semaphore as semaphores,
};
use threadcraft_tests::mutants::barrier::{self, MutantBarrier};
use threadcraft_tests::mutants::condition::{self, MutantCondition};
use threadcraft_tests::mutants::event::{self, MutantEvent};
use threadcraft_tests::mutants::lock::{self, MutantLock};
use threadcraft_tests::mutants::long_waiter::{self, MutantLongLock};
use threadcraft_tests::mutants::rlock::{self, MutantRLock};
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
    lock_a_long_waiter_stays_counted: 1, "deadlock",
        locks::giving_up_alone_after_long::<MutantLongLock<long_waiter::StaysCounted>>;
    lock_a_long_waiter_sleeps_on: 2, "deadlock",
        || locks::counting::<MutantLongLock<long_waiter::WakesTheOthers>>(2, 2);
}

caught! {
    semaphore_relaxed_release: 2, "Causality violation",
        || semaphores::counting::<MutantSemaphore<semaphore::RelaxedRelease>>(2, 1);
    semaphore_relaxed_acquire: 2, "Causality violation",
        || semaphores::counting::<MutantSemaphore<semaphore::RelaxedAcquire>>(2, 1);
    semaphore_relaxed_return: 2, "Causality violation",
        || semaphores::holding::<MutantSemaphore<semaphore::RelaxedRelease>>(2, 1);
    semaphore_trusted_guess: 2, "deadlock",
        semaphores::holding_side_by_side::<MutantSemaphore<semaphore::TrustsItsGuess>>;
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

caught! {
    rlock_around_a_relaxed_unlock: 2, "Causality violation",
        || rlocks::nested::<MutantRLock<rlock::Faithful, MutantLock<lock::RelaxedUnlock>>>(2, 1);
    rlock_around_a_relaxed_lock: 2, "Causality violation",
        || rlocks::nested::<MutantRLock<rlock::Faithful, MutantLock<lock::RelaxedLock>>>(2, 1);
    rlock_shared_numbers: 2, "Causality violation", || rlocks::nested::<MutantRLock<rlock::SharedNumbers>>(2, 1);
    rlock_owner_before_the_taking: 2, "deadlock", || rlocks::nested::<MutantRLock<rlock::OwnsBeforeTaking>>(2, 1);
    rlock_owner_who_stays: 2, "deadlock", || rlocks::nested::<MutantRLock<rlock::KeepsTheOwner>>(2, 2);
    rlock_owner_wiped_out_after_the_release: 2, "deadlock",
        || rlocks::nested::<MutantRLock<rlock::WipesAfterRelease>>(2, 1);
    rlock_release_at_the_first_level: 2, "deadlock",
        || rlocks::nested::<MutantRLock<rlock::FreesAtOnce>>(2, 1);
    rlock_owner_who_gave_up: 1, "Causality violation", rlocks::giving_up::<MutantRLock<rlock::OwnsInVain>>;
}

caught! {
    condition_place_taken_after_the_release: 2, "Causality violation",
        || conditions::turns::<MutantCondition<condition::QueuesAfterRelease>>(1);
    condition_relaxed_takeover: 1, "Causality violation",
        conditions::one_lock_after_the_other::<MutantCondition<condition::RelaxedTakeover>>;
    condition_relaxed_giving_up: 1, "Causality violation",
        conditions::one_lock_after_the_other::<MutantCondition<condition::RelaxedGivingUp>>;
    condition_place_kept_after_giving_up: 2, "deadlock",
        conditions::giving_up_in_front::<MutantCondition<condition::StaysInTheQueue>>;
    condition_forgotten_next: 3, "deadlock",
        conditions::giving_up_ahead_of_a_chain::<MutantCondition<condition::ForgetsTheNext>>;
    condition_next_forgotten_in_haste: 3, "deadlock",
        conditions::giving_up_ahead_of_a_chain::<MutantCondition<condition::ForgetsTheNextInHaste>>;
    condition_wake_up_before_the_call: 2, "deadlock",
        || conditions::turns::<MutantCondition<condition::WakesBeforeCalling>>(1);
}

caught! {
    barrier_relaxed_coming: 2, "Causality violation", || barriers::lockstep::<MutantBarrier<barrier::RelaxedComing>>(2, 1);
    barrier_relaxed_look: 2, "Causality violation", || barriers::lockstep::<MutantBarrier<barrier::RelaxedLook>>(2, 1);
    barrier_one_woken_of_several: 3, "deadlock", || barriers::lockstep::<MutantBarrier<barrier::WakesOne>>(3, 1);
    barrier_wait_for_a_count_of_zero: 2, "deadlock",
        || barriers::lockstep::<MutantBarrier<barrier::WaitsForZero>>(2, 2);
    barrier_action_that_comes_late: 2, "Causality violation",
        || barriers::action::<MutantBarrier<barrier::ActsAfterwards>>(2, 1);
    barrier_silent_end: 1, "deadlock", || barriers::giving_up::<MutantBarrier<barrier::BreaksInSilence>>(3);
}

right! {
    rlock_faithful_copy: 2, Bounded(2), ["4"], || rlocks::nested::<MutantRLock<rlock::Faithful>>(2, 1);
     lock_faithful_copy_with_long_waiters: 1, Full, ["0", "1"],
         locks::giving_up_alone_after_long::<MutantLongLock<long_waiter::Faithful>>;
    rlock_faithful_copy_twice: 2, Bounded(2), ["8"], || rlocks::nested::<MutantRLock<rlock::Faithful>>(2, 2);
    rlock_faithful_copy_around_a_copy: 2, Bounded(2), ["4"],
        || rlocks::nested::<MutantRLock<rlock::Faithful, MutantLock<lock::Faithful>>>(2, 1);
    rlock_faithful_copy_in_time: 1, Bounded(3), ["2"], rlocks::giving_up::<MutantRLock<rlock::Faithful>>;
    condition_faithful_copy: 2, Bounded(2), ["2"], || conditions::turns::<MutantCondition<condition::Faithful>>(1);
    condition_faithful_copy_of_two_locks: 1, Bounded(3), ["false", "true"],
        conditions::one_lock_after_the_other::<MutantCondition<condition::Faithful>>;
    condition_faithful_copy_in_front: 2, Bounded(2), ["()"],
        conditions::giving_up_in_front::<MutantCondition<condition::Faithful>>;
    condition_faithful_copy_ahead_of_a_chain: 3, Bounded(2), ["()"],
        conditions::giving_up_ahead_of_a_chain::<MutantCondition<condition::Faithful>>;
    barrier_faithful_copy: 2, Bounded(3), ["([2, 2], true)"],
        || barriers::lockstep::<MutantBarrier<barrier::Faithful>>(2, 1);
    barrier_faithful_copy_twice: 2, Bounded(2), ["([4, 4], true)"],
        || barriers::lockstep::<MutantBarrier<barrier::Faithful>>(2, 2);
    barrier_faithful_copy_of_three: 3, Bounded(2), ["([3, 3, 3], true)"],
        || barriers::lockstep::<MutantBarrier<barrier::Faithful>>(3, 1);
    barrier_faithful_copy_with_an_action: 2, Bounded(3), ["[[1], [1]]"],
        || barriers::action::<MutantBarrier<barrier::Faithful>>(2, 1);
    barrier_faithful_copy_that_gives_up_for_all: 1, Bounded(3), ["[None, None]"],
        || barriers::giving_up::<MutantBarrier<barrier::Faithful>>(3);
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
