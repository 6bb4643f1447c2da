//! Who is told when a job ends: callbacks, a task of an async runtime, threads that wait for several jobs.

extern crate alloc;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;
use core::task::Waker;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use threadcraft_condition::Condition;
use threadcraft_lock::Lock;
use threadcraft_platform::Instant;
use threadcraft_platform::thread::is_teardown;

/// One who wants to know.
pub(crate) enum Observer {
    /// A function to call.
    Callback(Box<dyn FnOnce() + Send>),
    /// The task that polls the future. There is one at most, as a future has one owner.
    Waker(Waker),
    /// A wait for several jobs, of which this is the one with this number.
    Arrivals(Arc<Arrivals>, usize),
}

impl Observer {
    /// Tells of the end.
    pub(crate) fn tell(self) {
        match self {
            Self::Callback(callback) => callback(),
            Self::Waker(waker) => waker.wake(),
            Self::Arrivals(arrivals, number) => arrivals.arrive(number),
        }
    }
}

/// All who want to know of one job, in the order of coming.
///
/// Most jobs have none, and each has this: a pointer, aligned like the lock beside it, so that nothing is lost between them.
#[derive(Default)]
#[repr(Rust, packed(4))]
#[expect(clippy::box_collection, reason = "a pointer in each job, instead of three words that most do not need")]
pub(crate) struct Observers(Option<Box<Vec<Observer>>>);

impl Observers {
    fn change<R>(&mut self, body: impl FnOnce(&mut Vec<Observer>) -> R) -> R {
        let Self(list) = mem::take(self);
        let mut list = list.unwrap_or_default();
        let result = body(&mut list);
        *self = Self(Some(list));
        result
    }

    /// One more; a waker takes the place of the one before, which is returned.
    pub(crate) fn add(&mut self, observer: Observer) -> Option<Observer> {
        self.change(|list| {
            if matches!(observer, Observer::Waker(_))
                && let Some(place) = list.iter_mut().find(|other| matches!(other, Observer::Waker(_)))
            {
                return Some(mem::replace(place, observer));
            }
            list.push(observer);
            None
        })
    }

    /// Takes off the wait at this address.
    pub(crate) fn remove(&mut self, mark: *const ()) -> Option<Observer> {
        let is_it = |observer: &Observer| match observer {
            Observer::Arrivals(arrivals, _) => Arc::as_ptr(arrivals).cast() == mark,
            _ => false,
        };
        self.change(|list| list.iter().position(is_it).map(|place| list.remove(place)))
    }

    /// Tells all, also those that come after one that panics: the panic hook has reported it.
    pub(crate) fn tell(self) {
        let Self(list) = self;
        for observer in list.into_iter().flat_map(|list| *list) {
            report(|| observer.tell());
        }
    }
}

/// Calls foreign code in a thread that goes on: the panic hook reports a panic.
pub(crate) fn report(foreign: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(foreign))
        && is_teardown(&*payload)
    {
        resume_unwind(payload);
    }
}

/// The jobs that have ended, of those that one thread waits for.
#[derive(Default)]
pub(crate) struct Arrivals {
    ended: Lock<VecDeque<usize>>,
    some: Condition,
}

impl Arrivals {
    /// One has ended.
    pub(crate) fn arrive(&self, number: usize) {
        let mut ended = self.ended.lock();
        ended.push_back(number);
        self.some.notify_one(&mut ended);
    }

    /// The next one, if there is one now.
    pub(crate) fn poll(&self) -> Option<usize> {
        self.ended.lock().pop_front()
    }

    /// The next one; `None` if the deadline passes first.
    #[track_caller]
    pub(crate) fn next(&self, deadline: Option<Instant>) -> Option<usize> {
        let mut ended = self.ended.lock();
        match deadline {
            None => self.some.wait_while(&mut ended, |ended| ended.is_empty()),
            Some(deadline) => {
                self.some.wait_while_until(&mut ended, |ended| ended.is_empty(), deadline);
            }
        }
        ended.pop_front()
    }
}
