//! What a worker has for itself: the jobs that it has taken at once, and what it is counted as.

extern crate alloc;

use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::Cell;

use threadcraft_platform::atomic::{AtomicUsize, Ordering};
use threadcraft_platform::thread::local::Key;

use crate::crew::Crew;
use crate::job::Job;
use crate::shelf::Shelf;

/// What others may see of a worker, and take from it.
#[derive(Default)]
pub(crate) struct Desk {
    /// Jobs that it has taken, or submitted, and not begun.
    pub(crate) shelf: Shelf,
    /// Jobs that it is inside of: more than one, if it runs one while it waits in another.
    running: AtomicUsize,
    /// Jobs that it has run to their end.
    done: AtomicUsize,
}

impl Desk {
    /// How many it is inside of, and how many it has done.
    pub(crate) fn figures(&self) -> (usize, usize) {
        // Relaxed: figures of a moment that is over.
        (self.running.load(Ordering::Relaxed), self.done.load(Ordering::Relaxed))
    }

    /// It begins a job.
    pub(crate) fn begin(&self) {
        // Relaxed, here and below: only the worker writes these, and nothing follows from them.
        self.running.store(self.running.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// The job of which it said that it has ended goes on.
    pub(crate) fn resume(&self) {
        // Relaxed: as above.
        self.done.store(self.done.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
        self.begin();
    }

    /// It has run a job to its end.
    pub(crate) fn end(&self) {
        self.running.store(self.running.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
        self.done.store(self.done.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }
}

/// A worker, in its own hands.
pub(crate) struct Seat {
    pub(crate) crew: Arc<Crew>,
    pub(crate) desk: Arc<Desk>,
    /// It counts as busy.
    pub(crate) is_busy: Cell<bool>,
    /// How many jobs it has begun, for taking turns.
    begun: Cell<u32>,
}

/// Each time that a worker has begun so many jobs of its own, it looks at the inbox first: nothing there is kept waiting
/// for ever by jobs that submit jobs.
const TURN: u32 = 61;

/// Where each worker has its seat.
static SEAT: Key = Key::new();

impl Seat {
    /// The seat of the thread that calls, which is a worker from now on.
    pub(crate) fn take(crew: Arc<Crew>) -> Rc<Self> {
        let seat = Rc::new(Self { crew, desk: Arc::default(), is_busy: Cell::new(false), begun: Cell::new(0) });
        SEAT.set(Rc::clone(&seat) as Rc<dyn core::any::Any>);
        seat
    }

    /// The seat of the thread that calls, if it is a worker of the crew at this address.
    pub(crate) fn of(crew: usize) -> Option<Rc<Self>> {
        let seat = SEAT.get()?.downcast::<Self>().ok()?;
        (seat.crew.address() == crew).then_some(seat)
    }

    /// The thread that calls is a worker no more.
    pub(crate) fn give_back() {
        SEAT.take();
    }

    /// The next of the jobs at its desk, unless it is the inbox's turn.
    pub(crate) fn pop(&self) -> Option<Arc<dyn Job>> {
        self.begun.set(self.begun.get().wrapping_add(1));
        if self.begun.get().is_multiple_of(TURN) { None } else { self.desk.shelf.pop() }
    }

    /// It has run its job, and will look at the queue before it sleeps: it is free, unless it has more to do.
    pub(crate) fn release(&self) {
        if self.desk.shelf.seen_len() == 0 {
            self.count_free();
        }
    }

    /// It counts as free.
    pub(crate) fn count_free(&self) {
        if self.is_busy.replace(false) {
            // Relaxed: whoever has to see it sees the end of the job, which is published after it.
            self.crew.busy.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// It counts as busy.
    pub(crate) fn count_busy(&self) {
        if !self.is_busy.replace(true) {
            // Relaxed: the pool's lock orders it before whoever balances after this.
            self.crew.busy.fetch_add(1, Ordering::Relaxed);
        }
    }
}
