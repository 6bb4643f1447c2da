//! What the crate's own event is asked, as far as the task goes; besides, who waits sleeps.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Instant, sleep, spawn};
use threadcraft_harness::{Check, Program, facts};
use threadcraft_suites::behaviour::event as behaviours;
use threadcraft_suites::event::{self as models, Flag};

use crate::learner::Light;

const A_WHILE: Duration = Duration::from_millis(5);

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("one waits for a long time", || {
            let light = Arc::new(Light::new());
            let boat = spawn({
                let light = Arc::clone(&light);
                move || light.wait()
            });
            // Virtual time passes only when nobody else can go on.
            sleep(Duration::from_millis(1));
            light.set();
            boat.join().expect("the boat lands");
        })
        .fine_grain()
        .every_schedule("who waits sleeps, and does not look again and again", facts::who_waits_sleeps),
    );
    check.explore(
        Program::new("one waits", || models::hand_over::<Tested>(1))
            .fine_grain()
            .comes_to("it reads what was written before", &["[1]"]),
    );
    check.explore(
        Program::new("two wait", || models::hand_over::<Tested>(2))
            .fine_grain()
            .comes_to("both read what was written before", &["[1, 1]"]),
    );
    check.explore(
        Program::new("two take turns, with a light each", || models::turns::<Tested>(1))
            .fine_grain()
            .comes_to("each has its turn", &["2"]),
    );
    check.explore(
        Program::new("one may turn back", models::giving_up::<Tested>)
            .fine_grain()
            .clock_may_jump()
            .comes_to("it reads what was written, or turns back", &["true", "false"]),
    );
    check.explore(
        Program::new("one waits for no time at all", models::looking_for_no_time::<Tested>)
            .fine_grain()
            .comes_to("it reads what was written, or turns back", &["true", "false"]),
    );
    check.explore(
        Program::new("it is never lit", || {
            let boat = spawn(|| {
                let begin = Instant::now();
                let lit = Light::new().wait_for(A_WHILE);
                (lit, begin.elapsed() >= A_WHILE)
            });
            // While somebody can go on, a wait may end for no reason.
            sleep(A_WHILE / 5);
            boat.join().expect("it has decided")
        })
        .fine_grain()
        .comes_to("`wait_for` is false, and only when its time is up", &["(false, true)"]),
    );
    check.explore(
        Program::new("it is lit too late, and then put out", behaviours::timed_waits_say_whether_it_was_set::<Tested>)
            .fine_grain(),
    );
    check.explore(
        Program::new("two wait until it is lit, on two evenings", || {
            behaviours::waiters_go_on_and_a_second_wait_is_immediate::<Tested>(2);
        })
        .fine_grain(),
    );
}

/// The learner's light, as the suites know an event.
struct Tested(Light);

impl Flag for Tested {
    fn new() -> Self {
        Self(Light::new())
    }
    fn set(&self) {
        self.0.set();
    }
    fn clear(&self) {
        self.0.clear();
    }
    fn wait(&self) {
        self.0.wait();
    }
    fn wait_for(&self, timeout: Duration) -> bool {
        self.0.wait_for(timeout)
    }
}
