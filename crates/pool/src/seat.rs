//! What a worker has for itself: the jobs that it has taken at once, and what it is counted as.

extern crate alloc;

use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::Cell;

use threadcraft_platform::atomic::{AtomicUsize, Ordering};
use threadcraft_platform::thread::local::Key;

use crate::crew::Crew;
use crate::job_ref::JobRef;
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
    /// It counts as one that searches.
    pub(crate) searches: Cell<bool>,
    /// How often it looks for a job before it sleeps.
    pub(crate) looks: Cell<u32>,
    /// How many jobs it has begun, for taking turns.
    begun: Cell<u32>,
}

/// Each time that a worker has begun so many jobs of its desk, it takes the first one of the inbox instead of its last, and
/// the other time the first one of its desk: nothing is kept waiting for ever by jobs that submit jobs.
const TURN: u32 = 61;

/// How often a worker lets others go first and looks again before it sleeps, if that is worth while.
pub(crate) const LOOKS: u32 = 20;

/// Where each worker has its seat.
static SEAT: Key = Key::new();

impl Seat {
    /// The seat of the thread that calls, which is a worker from now on.
    pub(crate) fn take(crew: Arc<Crew>, desk: Arc<Desk>) -> Rc<Self> {
        // Whoever has started it has counted it.
        let (searches, looks, begun) = (Cell::new(true), Cell::new(LOOKS), Cell::new(0));
        let seat = Rc::new(Self { crew, desk, searches, looks, begun });
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
    pub(crate) fn pop(&self) -> Option<JobRef> {
        self.begun.set((self.begun.get() + 1) % (2 * TURN));
        match self.begun.get() {
            0 => self.desk.shelf.pop_first(),
            TURN => self.crew.inbox.pop_first().or_else(|| self.desk.shelf.pop()),
            _ => self.desk.shelf.pop(),
        }
    }

    /// The first of the inbox, and with it more of them, for its desk, which is empty.
    pub(crate) fn pop_inbox(&self) -> Option<JobRef> {
        self.begun.set(0);
        self.crew.inbox.pop_share(&self.desk.shelf)
    }

    /// It is about to be free, unless there is more on its desk: it searches.
    pub(crate) fn release(&self) {
        if self.desk.shelf.seen_len() == 0 {
            self.seek();
        }
    }

    /// It searches.
    pub(crate) fn seek(&self) {
        if !self.searches.replace(true) {
            self.crew.watch.seek();
        }
    }

    /// It does not search any more, as it has something to do, and sees to it that others do if there is more.
    #[track_caller]
    pub(crate) fn settle(&self) {
        if self.searches.replace(false) && self.crew.watch.stop() {
            // If no thread can be started, those who work get to what is there.
            let _ = self.crew.balance(&mut self.crew.roster.lock());
        }
    }
}
