//! Daemons under the explorer: what they hold up, and what not.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::prelude::*;

const A_WHILE: Duration = Duration::from_millis(5);

#[track_caller]
fn failure(program: fn()) -> Option<&'static str> {
    threadcraft::explore(program).failure.map(|failure| failure.kind.name())
}

#[test]
fn a_daemon_that_waits_for_ever_is_no_deadlock_and_a_thread_that_is_none_is_one() {
    fn waiting(daemon: bool) {
        let mut thread = Thread::new(|| Event::new().wait()).daemon(daemon);
        thread.start().unwrap();
    }
    assert_eq!(failure(|| waiting(true)), None);
    assert_eq!(failure(|| waiting(false)), Some("deadlock"));
    assert_eq!(
        failure(|| {
            let mut thread = Thread::new(|| Event::new().wait()).daemon(true);
            thread.start().unwrap();
            let _ = thread.join();
        }),
        Some("deadlock"),
        "whoever waits for a daemon waits"
    );
}

#[test]
fn a_daemon_that_works_for_ever_does_not_hold_the_program_and_may_hold_a_lock() {
    let report = threadcraft::explore(|| {
        let lock = Arc::new(Lock::new(0));
        let mut daemon = Thread::new({
            let lock = Arc::clone(&lock);
            move || {
                loop {
                    let mut held = lock.lock();
                    *held += 1;
                    sleep(A_WHILE);
                }
            }
        })
        .daemon(true);
        daemon.start().unwrap();
        sleep(3 * A_WHILE);
    });
    assert_eq!(report.failure.map(|failure| failure.kind), None);
}
