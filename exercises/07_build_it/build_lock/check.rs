//! What the crate's own lock is asked, as far as the task goes; besides, who waits sleeps, and who is alone calls nobody.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{sleep, spawn};
use threadcraft_harness::{Check, Execution, Program, facts};
use threadcraft_suites::behaviour::lock::{self as behaviours, Guarded};
use threadcraft_suites::lock::{self as models, RawLocking, TimedLocking};

use crate::learner::SleepingLock;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("one waits for a long time", || {
            let key = Arc::new(SleepingLock::new());
            key.lock();
            let guest = spawn({
                let key = Arc::clone(&key);
                move || key.lock()
            });
            // Virtual time passes only when nobody else can go on.
            sleep(Duration::from_millis(1));
            key.unlock();
            guest.join().expect("the guest has the key");
        })
        .fine_grain()
        .every_schedule("who waits sleeps, and does not look again and again", facts::who_waits_sleeps),
    );
    check.explore(
        Program::new("two count under the lock, twice each", || models::counting::<Tested>(2, 2))
            .fine_grain()
            .comes_to("each of the four is counted", &["4"]),
    );
    check.explore(
        Program::new("two wait for a long time", || {
            behaviours::blocked_threads_all_pass_after_one_release::<Guarded<Tested>>(2);
        })
        .fine_grain(),
    );
    check.explore(
        Program::new("one waits for ever, and one for a while", models::giving_up::<Tested>)
            .fine_grain()
            .undisturbed()
            .clock_may_jump()
            .max_schedules(10_000)
            .comes_to("the one is counted, and the other if it was served in time", &["1", "2"]),
    );
    for (title, behaviour) in [
        ("nobody has it but one", behaviours::a_lock_is_held_until_its_guard_ends::<Guarded<Tested>> as fn()),
        ("nobody gives it back in time", behaviours::a_timed_wait_gives_up_in_time::<Guarded<Tested>>),
        ("it is given back in time", behaviours::a_timed_wait_takes_a_lock_that_becomes_free::<Guarded<Tested>>),
        ("it is given back too late", behaviours::after_a_timeout_the_lock_is_usable::<Guarded<Tested>>),
    ] {
        check.explore(Program::new(title, behaviour).fine_grain());
    }
    check.explore(
        Program::new("one is alone", || {
            let key = SleepingLock::new();
            key.lock();
            key.unlock();
            let again = key.lock_for(Duration::from_millis(1));
            key.unlock();
            again
        })
        .fine_grain()
        .every_schedule("the futex is not called where nobody waits", no_futex)
        .comes_to("who is alone need not wait", &["true"]),
    );
}

/// The learner's lock, as the suites know one.
struct Tested(SleepingLock);

impl RawLocking for Tested {
    fn new() -> Self {
        Self(SleepingLock::new())
    }
    fn lock(&self) {
        self.0.lock();
    }
    fn unlock(&self) {
        self.0.unlock();
    }
}

impl TimedLocking for Tested {
    fn lock_for(&self, timeout: Duration) -> bool {
        self.0.lock_for(timeout)
    }
}

fn no_futex(execution: &Execution) -> Result<(), String> {
    match execution.calls.iter().find(|call| call.kind == "futex") {
        Some(call) => Err(format!("main calls {}", call.verb)),
        None => Ok(()),
    }
}
