//! What Python's own tests ask of a primitive, by behaviour. On real threads they are run with ours and with its peers,
//! which shows that they are right; explored, and in smaller numbers, with what a learner of the course has built.

pub mod barrier;
pub mod event;
pub mod lock;
pub mod semaphore;

use std::time::Duration;

use threadcraft::{Instant, scope, sleep};
use threadcraft_platform::is_explored;

/// Long enough to be measured, short enough to wait for.
pub const TIMEOUT: Duration = Duration::from_millis(50);

/// How long a test waits for what has to happen before it fails. Only a failing test ever waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Under the explorer: time passes only when nobody can go on, so after a moment all has happened that will.
const A_MOMENT: Duration = Duration::from_millis(1);

/// Returns when `condition` holds.
///
/// # Panics
///
/// If it does not hold for twenty seconds, or, under the explorer, when nobody can go on.
#[track_caller]
pub fn eventually(what: &str, condition: impl Fn() -> bool) {
    if is_explored() {
        sleep(A_MOMENT);
        assert!(condition(), "did not happen: {what}");
        return;
    }
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "did not happen within {PATIENCE:?}: {what}");
        threadcraft::yield_now();
    }
}

/// Fails if `condition` stops to hold while others have many chances to run. A look, not a proof; under the explorer, a
/// look at how it is when nobody can go on.
///
/// # Panics
///
/// If it does not hold.
#[track_caller]
pub fn for_a_while(what: &str, condition: impl Fn() -> bool) {
    if is_explored() {
        sleep(A_MOMENT);
        assert!(condition(), "did not last: {what}");
        return;
    }
    for _ in 0..500 {
        assert!(condition(), "did not last: {what}");
        threadcraft::yield_now();
    }
}

/// What another thread sees.
///
/// # Panics
///
/// If the body does.
#[track_caller]
pub fn elsewhere<R: Send>(body: impl FnOnce() -> R + Send) -> R {
    scope(|scope| scope.spawn(body).join().expect("the body does not panic"))
}

/// Fails unless it took [`TIMEOUT`], and not much longer.
///
/// # Panics
///
/// Then.
#[track_caller]
pub fn gave_up_in_time(begin: Instant) {
    let waited = begin.elapsed();
    assert!(waited >= TIMEOUT && waited < 10 * TIMEOUT, "gave up after {waited:?}, told to wait {TIMEOUT:?}");
}
