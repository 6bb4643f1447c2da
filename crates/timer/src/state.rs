//! The word of a timer or interval.
//!
//! | stage | meaning | next | who owns the function |
//! |---|---|---|---|
//! | new | not started | pending, ending | nobody: the exchange that leaves this stage gets it |
//! | pending | waits for its time | running, ending | the same |
//! | running | it is called | over, or, of an interval, pending or ending | the thread that calls it |
//! | ending | will not be called any more: the function is being dropped | cancelled | the thread that drops it |
//! | over | a timer was called | – | nobody: it is gone |
//! | cancelled | nothing will be called | – | nobody: it is gone |
//!
//! | flag | set by | meaning |
//! |---|---|---|
//! | waited | a thread that is about to sleep on the word | it has to be woken at the end |
//! | stopped | whoever cancels an interval that is running | the running call is the last one |

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Stage {
    New = 0,
    Pending = 1,
    Running = 2,
    Ending = 3,
    Over = 4,
    Cancelled = 5,
}

/// A value of the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State(pub(crate) u32);

impl State {
    /// The bits of the stage.
    const STAGE: u32 = 7;
    /// A thread sleeps until the end.
    pub(crate) const WAITED: u32 = 8;
    /// The running call is the last one.
    pub(crate) const STOPPED: u32 = 16;

    pub(crate) fn stage(self) -> Stage {
        match self.0 & Self::STAGE {
            0 => Stage::New,
            1 => Stage::Pending,
            2 => Stage::Running,
            3 => Stage::Ending,
            4 => Stage::Over,
            _ => Stage::Cancelled,
        }
    }

    /// The same flags at this stage.
    pub(crate) fn with(self, stage: Stage) -> Self {
        Self(self.0 & !Self::STAGE | stage as u32)
    }

    pub(crate) fn is_stopped(self) -> bool {
        self.0 & Self::STOPPED != 0
    }

    /// Nothing follows any more.
    pub(crate) fn has_ended(self) -> bool {
        matches!(self.stage(), Stage::Over | Stage::Cancelled)
    }

    /// It was cancelled before it began, and stands on a list in vain.
    pub(crate) fn is_dead(self) -> bool {
        matches!(self.stage(), Stage::Ending | Stage::Cancelled)
    }
}
