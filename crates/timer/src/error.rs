//! How timers fail.

use core::error::Error;
use core::fmt;

/// A timer was started twice: it fires once, so another one is needed.
///
/// ```
/// use std::time::Duration;
/// use threadcraft_timer::{AlreadyStarted, Timer};
///
/// let mut timer = Timer::new(Duration::from_secs(3600), || println!("an hour later"));
/// assert_eq!(timer.start(), Ok(()));
/// assert_eq!(timer.start(), Err(AlreadyStarted));
/// timer.cancel();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlreadyStarted;

impl fmt::Display for AlreadyStarted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the timer was started before: a timer fires once, make another one")
    }
}

impl Error for AlreadyStarted {}
