//! What a worker has for itself: the jobs that it has taken at once, and what it is counted as.

extern crate alloc;

use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::Cell;
use core::ops::Deref;
use core::ptr::NonNull;

use threadcraft_platform::is_explored;
use threadcraft_platform::thread::local::Key;

use crate::crew::Crew;
use crate::desk::OwnDesk;
use crate::job_ref::JobRef;

/// A worker, in its own hands.
pub(crate) struct Seat {
    pub(crate) crew: Arc<Crew>,
    pub(crate) desk: OwnDesk,
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

/// Where each worker has its seat, explored: there several may share a thread of the system.
static SEAT: Key = Key::new();

thread_local! {
    /// Where each worker has its seat, on the machine: each submit looks here, and each wait.
    static HERE: Cell<Option<NonNull<Seat>>> = const { Cell::new(None) };
}

/// A worker's seat, as long as it is one.
pub(crate) struct Taken(Rc<Seat>);

impl Deref for Taken {
    type Target = Seat;

    fn deref(&self) -> &Seat {
        &self.0
    }
}

/// The thread is a worker no more.
impl Drop for Taken {
    fn drop(&mut self) {
        if is_explored() {
            SEAT.take();
        } else {
            HERE.set(None);
        }
    }
}

impl Seat {
    /// The seat of the thread that calls, which is a worker from now on.
    pub(crate) fn take(crew: Arc<Crew>, desk: OwnDesk) -> Taken {
        // Whoever has started it has counted it.
        let (searches, looks, begun) = (Cell::new(true), Cell::new(LOOKS), Cell::new(0));
        let seat = Rc::new(Self { crew, desk, searches, looks, begun });
        if is_explored() {
            SEAT.set(Rc::clone(&seat) as Rc<dyn core::any::Any>);
        } else {
            HERE.set(NonNull::new(Rc::as_ptr(&seat).cast_mut()));
        }
        Taken(seat)
    }

    /// The seat of the thread that calls, if it is a worker of the crew at this address.
    pub(crate) fn of(crew: usize) -> Option<Rc<Self>> {
        let seat = if is_explored() { SEAT.get()?.downcast::<Self>().ok()? } else { Self::here()? };
        (seat.crew.address() == crew).then_some(seat)
    }

    /// The seat of the thread that calls, on the machine.
    #[inline]
    fn here() -> Option<Rc<Self>> {
        let seat = HERE.get()?.as_ptr();
        // SAFETY:
        // - it comes from an `Rc`, which `Taken` owns: that is in this thread, and takes the address back before it goes.
        unsafe { Rc::increment_strong_count(seat) };
        // SAFETY:
        // - as above, and this is the count that was just added.
        Some(unsafe { Rc::from_raw(seat) })
    }

    /// The next of the jobs at its desk, unless it is the inbox's turn.
    pub(crate) fn pop(&self) -> Option<JobRef> {
        let begun = self.begun.get() + 1;
        self.begun.set(if begun == 2 * TURN { 0 } else { begun });
        match self.begun.get() {
            0 => self.desk.pop_first(),
            TURN => self.crew.inbox.pop_first().or_else(|| self.desk.pop()),
            _ => self.desk.pop(),
        }
    }

    /// The first of the inbox, and with it more of them, for its desk, which is empty.
    pub(crate) fn pop_inbox(&self) -> Option<JobRef> {
        self.begun.set(0);
        self.crew.inbox.pop_share(&self.desk)
    }

    /// It is about to be free, unless there is more on its desk: it searches.
    pub(crate) fn release(&self) {
        if self.desk.seen_len() == 0 {
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
