//! What a thread and its starter share: first the work, at the end the result.
//!
//! No lock: the start orders the first hand-over, the join the second. The cell is the seam's, so that the explorer
//! finds a join that orders nothing.

use core::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use threadcraft_platform::cell::RaceCell;
use threadcraft_platform::thread::{is_teardown, note_panic};

use crate::error::Panic;

/// The work of a thread, later its result.
pub(crate) struct Packet<T> {
    stage: RaceCell<Stage<T>>,
}

enum Stage<T> {
    /// Not started, or started and not yet running.
    Ready(Box<dyn FnOnce() -> T + Send>),
    /// Running, or the result was taken.
    Empty,
    /// Ended.
    Ended(Result<T, Panic>),
}

impl<T: Send + 'static> Packet<T> {
    /// This work, not begun.
    pub(crate) fn new(body: impl FnOnce() -> T + Send + 'static) -> Self {
        Self { stage: RaceCell::new(Stage::Ready(Box::new(body))) }
    }

    /// Runs the work, in the thread itself, once.
    #[track_caller]
    pub(crate) fn run(&self) {
        let Stage::Ready(body) = self.replace(Stage::Empty) else { return };
        // Unwind safe: whoever sees what the panic left half done has joined, and was told of the panic.
        let ended = match catch_unwind(AssertUnwindSafe(body)) {
            Ok(value) => Ok(value),
            Err(payload) if is_teardown(&*payload) => resume_unwind(payload),
            Err(payload) => {
                note_panic(&*payload);
                Err(Panic::new(payload))
            }
        };
        self.replace(Stage::Ended(ended));
    }

    /// The result, in a thread that has joined.
    #[track_caller]
    pub(crate) fn take_result(&self) -> Result<T, Panic> {
        match self.replace(Stage::Empty) {
            Stage::Ended(result) => result,
            // Only where an explored execution is unwound, and a destructor joins a thread that will never end.
            Stage::Ready(_) | Stage::Empty => Err(Panic::new(Box::new("the explored execution is over"))),
        }
    }

    #[track_caller]
    fn replace(&self, stage: Stage<T>) -> Stage<T> {
        // SAFETY:
        // - the pointer is valid for the call, and nothing else uses the cell meanwhile: its owner does before the start
        //   and after the join, the thread in between, and there is one owner and one thread.
        self.stage.with_mut(|current| mem::replace(unsafe { &mut *current }, stage))
    }
}
