//! The calls of both semaphores: what each does to the counter, and what it means for the timeline.

use core::fmt;
use core::time::Duration;

use threadcraft_platform::object::Done;
use threadcraft_platform::{Instant, call, call_when, thread};

use crate::error::ReleaseError;
use crate::raw::{RawSemaphore, available_in};

impl RawSemaphore {
    /// Takes permits, waiting for as long as it takes: the word that it leaves.
    #[inline]
    #[track_caller]
    pub(crate) fn acquire(&self, verb: &'static str, wanted: u32) -> u32 {
        let take = || match self.try_take(wanted) {
            Ok(left) => left,
            Err(_) => self.take_waiting_for_ever(wanted),
        };
        let amount = Amount { permits: wanted, timeout: None };
        call_when(&self.object, verb, Some(&amount), self.wanted(wanted), take, |&left, done| acquired(left, done))
    }

    /// Takes permits if they are there now: the word that it leaves.
    #[inline]
    #[track_caller]
    pub(crate) fn try_acquire(&self, verb: &'static str, wanted: u32) -> Option<u32> {
        self.called(verb, wanted, None, || self.try_take(wanted).ok())
    }

    /// Takes permits, waiting for at most `timeout`.
    #[inline]
    #[track_caller]
    pub(crate) fn try_acquire_for(&self, verb: &'static str, wanted: u32, timeout: Duration) -> Option<u32> {
        self.called(verb, wanted, Some(timeout), || {
            if timeout.is_zero() {
                self.try_take(wanted).ok()
            } else {
                self.take_until(wanted, || Instant::after(timeout))
            }
        })
    }

    /// Takes permits, waiting until `deadline` at the latest.
    #[inline]
    #[track_caller]
    pub(crate) fn try_acquire_until(&self, verb: &'static str, wanted: u32, deadline: Instant) -> Option<u32> {
        self.called(verb, wanted, None, || self.take_until(wanted, || Some(deadline)))
    }

    /// Adds permits, up to `limit` in all.
    #[inline]
    #[track_caller]
    pub(crate) fn release(&self, permits: u32, limit: u32) -> Result<(), ReleaseError> {
        self.released(permits, limit, || self.add(permits, limit))
    }

    /// The call that adds permits: `add` says how many are available then, or now if it adds none.
    #[inline(always)]
    #[track_caller]
    fn released(&self, permits: u32, limit: u32, add: impl FnOnce() -> Result<u32, u32>) -> Result<(), ReleaseError> {
        let added =
            call(&self.object, "release", Some(&Amount { permits, timeout: None }), add, |added, done| match added {
                Ok(available) => {
                    done.released();
                    done.value(available);
                }
                Err(available) => {
                    done.refused();
                    done.value(available);
                }
            });
        added.map(drop).map_err(|available| ReleaseError::new(permits, available, limit))
    }

    /// What the end of a permit does, the word `left` being what its acquire left.
    #[inline]
    #[track_caller]
    pub(crate) fn give_back(&self, left: u32, permits: u32, limit: u32) {
        if permits == 0 {
            return;
        }
        if let Err(error) = self.released(permits, limit, || self.add_after(left, permits, limit)) {
            above_the_limit(error);
        }
    }

    /// How many permits are available, as a call.
    #[inline]
    #[track_caller]
    pub(crate) fn available_permits(&self) -> u32 {
        call(
            &self.object,
            "available_permits",
            None,
            || self.available(),
            |available, done| {
                done.read();
                // A permit that a try did not get, as somebody waits for it: that shows who waits.
                done.shows_waiters();
                done.result(available);
            },
        )
    }

    /// Takes permits, waiting until the deadline that `deadline` computes: only one that has to wait looks at the clock.
    #[inline(always)]
    fn take_until(&self, wanted: u32, deadline: impl FnOnce() -> Option<Instant>) -> Option<u32> {
        match self.try_take(wanted) {
            Ok(left) => Some(left),
            Err(_) => self.take_waiting(wanted, deadline()),
        }
    }

    /// One call that takes permits: `body` gives the word that it leaves, or `None` if it took none.
    #[inline(always)]
    #[track_caller]
    fn called(
        &self,
        verb: &'static str,
        permits: u32,
        timeout: Option<Duration>,
        body: impl FnOnce() -> Option<u32>,
    ) -> Option<u32> {
        call(&self.object, verb, Some(&Amount { permits, timeout }), body, |&left, done| match left {
            Some(left) => acquired(left, done),
            None => done.refused(),
        })
    }
}

/// What a call that took permits means for the timeline.
fn acquired(left: u32, done: &mut Done<'_>) {
    done.acquired();
    done.value(&available_in(left));
}

/// A permit came back that there is no room for: one was released that had not been acquired.
#[cold]
#[track_caller]
fn above_the_limit(error: ReleaseError) {
    // A second panic would end the process and hide the first.
    if !thread::panicking() {
        panic!("a permit came back to a full semaphore: {error}");
    }
}

/// How many permits and for how long, as the timeline shows it: nothing for one, without a timeout.
struct Amount {
    permits: u32,
    timeout: Option<Duration>,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.permits, self.timeout) {
            (1, None) => Ok(()),
            (permits, None) => write!(f, "{permits}"),
            (1, Some(timeout)) => write!(f, "{timeout:?}"),
            (permits, Some(timeout)) => write!(f, "{permits}, {timeout:?}"),
        }
    }
}
