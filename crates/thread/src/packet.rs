//! What a thread and its starter share: first the work, at the end the result.
//!
//! No lock: the start orders the first hand-over, the join the second. The cell is the seam's, so that the explorer
//! finds a join that orders nothing.

use core::mem;

use threadcraft_platform::cell::RaceCell;

use crate::error::Panic;
use crate::hook;

/// The work of a thread, later its result.
pub(crate) struct Packet<'body, T> {
    stage: RaceCell<Stage<'body, T>>,
}

enum Stage<'body, T> {
    /// Not started, or started and not yet running.
    Ready(Box<dyn FnOnce() -> T + Send + 'body>),
    /// Running, or the result was taken.
    Empty,
    /// Ended.
    Ended(Result<T, Panic>),
}

impl<'body, T: Send + 'body> Packet<'body, T> {
    /// This work, not begun.
    pub(crate) fn new(body: impl FnOnce() -> T + Send + 'body) -> Self {
        Self { stage: RaceCell::new(Stage::Ready(Box::new(body))) }
    }

    /// Runs the work, in the thread itself, once. False if it ended by a panic.
    #[track_caller]
    pub(crate) fn run(&self) -> bool {
        let Stage::Ready(body) = self.replace(Stage::Empty) else { return true };
        let Some(ended) = hook::caught_at_last(body) else { return true };
        let returned = ended.is_ok();
        self.replace(Stage::Ended(ended));
        returned
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
    fn replace(&self, stage: Stage<'body, T>) -> Stage<'body, T> {
        // SAFETY:
        // - the pointer is valid for the call, and nothing else uses the cell meanwhile: its owner does before the start
        //   and after the join, the thread in between, and there is one owner and one thread.
        self.stage.with_mut(|current| mem::replace(unsafe { &mut *current }, stage))
    }
}
