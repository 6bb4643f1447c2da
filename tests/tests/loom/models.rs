//! The primitives come to what they are to come to, and to nothing else.

use threadcraft::{Barrier, Condition, Event, Queue, RLock, RawLock, Semaphore};
use threadcraft_tests::model::{
    barrier as barriers, condition as conditions, event as events, lock as locks, queue as queues, rlock as rlocks,
    semaphore as semaphores,
};

use super::*;

right! {
    lock_two_threads: 2, Full, ["2"], || locks::counting::<RawLock>(2, 1);
    lock_two_threads_twice: 2, Bounded(4), ["4"], || locks::counting::<RawLock>(2, 2);
    lock_three_threads: 3, Bounded(3), ["3"], || locks::counting::<RawLock>(3, 1);
    lock_two_fair_threads: 2, Full, ["2"], || locks::fair_counting::<RawLock>(2);
    lock_three_fair_threads: 3, Bounded(3), ["3"], || locks::fair_counting::<RawLock>(3);
    lock_one_gives_up: 2, Bounded(3), ["1", "2"], locks::giving_up::<RawLock>;
    lock_fair_release_to_one_that_gives_up: 1, Bounded(3), ["2", "3"], locks::fair_release_to_one_that_gives_up::<RawLock>;
    lock_fair_release_overtaken: 2, Bounded(3), ["2", "3"], locks::fair_release_overtaken::<RawLock>;
    lock_a_long_waiter_gives_up: 1, Full, ["0", "1"], locks::giving_up_alone_after_long::<RawLock>;
    lock_one_of_two_long_waiters_gives_up: 2, Bounded(2), ["1", "2"],
        || locks::giving_up_after_long::<RawLock>(2);
}

right! {
    semaphore_two_threads: 2, Full, ["2"], || semaphores::counting::<Semaphore>(2, 1);
    semaphore_two_threads_twice: 2, Bounded(4), ["4"], || semaphores::counting::<Semaphore>(2, 2);
    semaphore_three_threads: 3, Bounded(2), ["3"], || semaphores::counting::<Semaphore>(3, 1);
    semaphore_held_by_two: 2, Full, ["2"], || semaphores::holding::<Semaphore>(2, 1);
    semaphore_held_side_by_side: 2, Full, ["()"], semaphores::holding_side_by_side::<Semaphore>;
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

right! {
    rlock_two_threads: 2, Full, ["4"], || rlocks::nested::<RLock<()>>(2, 1);
    rlock_two_threads_twice: 2, Bounded(3), ["8"], || rlocks::nested::<RLock<()>>(2, 2);
    rlock_three_threads: 3, Bounded(2), ["6"], || rlocks::nested::<RLock<()>>(3, 1);
    rlock_one_gives_up: 1, Full, ["2"], rlocks::giving_up::<RLock<()>>;
    rlock_one_tries: 1, Full, ["None", "Some(0)", "Some(2)"], rlocks::trying::<RLock<()>>;
}

right! {
    condition_taking_turns: 2, Full, ["2"], || conditions::turns::<Condition>(1);
    condition_taking_turns_twice: 2, Bounded(4), ["4"], || conditions::turns::<Condition>(2);
    condition_one_gives_up: 1, Full, ["(0, false)", "(1, true)"], conditions::giving_up::<Condition>;
    condition_the_first_gives_up: 2, Bounded(3), ["()"], conditions::giving_up_in_front::<Condition>;
    condition_the_first_of_a_chain_give_up: 3, Bounded(2), ["()"],
        conditions::giving_up_ahead_of_a_chain::<Condition>;
    condition_one_taker: 1, Full, ["0"], || conditions::stock::<Condition>(1, 1);
    condition_two_takers: 2, Bounded(3), ["0"], || conditions::stock::<Condition>(2, 1);
    condition_one_lock_after_the_other: 1, Full, ["false", "true"],
        conditions::one_lock_after_the_other::<Condition>;
    condition_three_takers: 3, Bounded(2), ["0"], || conditions::stock::<Condition>(3, 1);
}

right! {
    barrier_two_threads: 2, Full, ["([2, 2], true)"], || barriers::lockstep::<Barrier>(2, 1);
    barrier_two_threads_twice: 2, Bounded(3), ["([4, 4], true)"], || barriers::lockstep::<Barrier>(2, 2);
    barrier_three_threads: 3, Bounded(2), ["([3, 3, 3], true)"], || barriers::lockstep::<Barrier>(3, 1);
    barrier_an_action: 2, Full, ["[[1], [1]]"], || barriers::action::<Barrier>(2, 1);
    barrier_an_action_twice: 2, Bounded(3), ["[[1, 2], [1, 2]]"], || barriers::action::<Barrier>(2, 2);
    barrier_one_gives_up: 1, Full, ["[None, None]", "[Some(0), Some(1)]", "[Some(1), Some(0)]"],
        || barriers::giving_up::<Barrier>(2);
    barrier_one_gives_up_for_all: 1, Full, ["[None, None]"], || barriers::giving_up::<Barrier>(3);
    barrier_one_gives_up_on_an_action: 1, Full, ["true"], barriers::giving_up_on_an_action::<Barrier>;
    barrier_an_abort: 1, Full, ["[true, true]"], barriers::aborted::<Barrier>;
}

right! {
    queue_one_item: 1, Full, ["([1], 1)"], || queues::hand_over::<Queue<u32>>(1, 1);
    queue_a_shutdown_against_get: 1, Full, ["None"], || queues::shutdown_against_get::<Queue<u32>>(0, false);
    queue_a_put_against_shutdown: 1, Bounded(3), ["(false, [])", "(true, [2])"],
        || queues::put_against_shutdown::<Queue<u32>>(true);
    queue_the_last_task_against_join: 2, Bounded(3), ["[1]"], || queues::tasks_against_join::<Queue<u32>>(1, 1);
    queue_a_shutdown_against_join: 1, Full, ["()"], queues::shutdown_against_join::<Queue<u32>>;
    queue_a_timed_get_against_put: 1, Full, ["(None, Some(1))", "(Some(1), None)"],
        queues::timed_get_against_put::<Queue<u32>>;
}
