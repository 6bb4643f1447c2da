//! The jobs of a pool that nobody has begun, and that no worker has: its inbox.

extern crate alloc;

use alloc::collections::VecDeque;
use core::mem;

use threadcraft_lock::Lock;
use threadcraft_platform::atomic::{AtomicUsize, Ordering};

use crate::desk::OwnDesk;
use crate::job_ref::JobRef;

/// Takes no more than so many at once: less than a turn of `Seat::pop`, so that jobs from outside keep their order.
const MOST: usize = 48;

/// Jobs, the last to be put here at the back.
#[derive(Default)]
pub(crate) struct Shelf {
    row: Lock<Row>,
    /// How many they are, for those who only want to know whether to look.
    len: AtomicUsize,
}

#[derive(Default)]
struct Row {
    jobs: VecDeque<JobRef>,
    closed: bool,
}

impl Shelf {
    fn with<R>(&self, body: impl FnOnce(&mut Row) -> R) -> R {
        let mut row = self.row.lock();
        let result = body(&mut row);
        // Relaxed: a hint. Who has to know takes the lock.
        self.len.store(row.jobs.len(), Ordering::Relaxed);
        result
    }

    /// One more job, which comes back if nothing is taken any more.
    pub(crate) fn push(&self, job: JobRef) -> Result<(), JobRef> {
        self.with(|row| {
            if row.closed {
                return Err(job);
            }
            row.jobs.push_back(job);
            Ok(())
        })
    }

    /// The one that was put here first.
    pub(crate) fn pop_first(&self) -> Option<JobRef> {
        if self.seen_len() == 0 { None } else { self.with(|row| row.jobs.pop_front()) }
    }

    /// The one that was put here first; half of the others come to an empty desk, in such an order that the next one is
    /// taken from there first. At no moment is one of them on neither.
    pub(crate) fn pop_share(&self, desk: &OwnDesk) -> Option<JobRef> {
        if self.seen_len() == 0 {
            return None;
        }
        self.with(|row| {
            let first = row.jobs.pop_front()?;
            let share = row.jobs.len().div_ceil(2).min(MOST);
            if share > 0 {
                desk.add(row.jobs.drain(..share).rev());
            }
            Some(first)
        })
    }

    /// Takes all jobs.
    pub(crate) fn take(&self) -> VecDeque<JobRef> {
        self.with(|row| mem::take(&mut row.jobs))
    }

    /// No more jobs are taken.
    pub(crate) fn close(&self) {
        self.with(|row| row.closed = true);
    }

    /// Whether there are none. What the caller did before is visible to whoever puts a job here afterwards.
    pub(crate) fn is_empty(&self) -> bool {
        self.row.lock().jobs.is_empty()
    }

    /// How many there were at some moment that the caller need not know exactly.
    pub(crate) fn seen_len(&self) -> usize {
        // Relaxed: see `with`.
        self.len.load(Ordering::Relaxed)
    }

    /// How many of the jobs nobody has begun or cancelled.
    pub(crate) fn pending(&self) -> usize {
        self.row.lock().jobs.iter().filter(|job| job.core().is_pending()).count()
    }
}
