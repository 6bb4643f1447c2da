//! The word of a job.
//!
//! | stage | meaning | next | who owns the content |
//! |---|---|---|---|
//! | pending | waits in the queue | running, ending | nobody: the exchange that leaves this stage gets it |
//! | running | the closure runs | returned, taken, panicked | the thread that runs it |
//! | ending | will not begin: the closure is being dropped | cancelled, broken | the thread that drops it |
//! | returned | the value is there | taken | nobody: the exchange to taken gets it |
//! | panicked | the panic is there | – | everybody may read it |
//! | cancelled | ended before it began | – | nobody: it is empty |
//! | broken | the same, as the pool has no threads | – | nobody: it is empty |
//! | taken | the value was there, and somebody has it, or nobody wanted it | – | the taker |
//!
//! From *returned* on, and in the lines below it, the job is done.
//!
//! | flag | set by | meaning while the job is not done |
//! |---|---|---|
//! | waited | a thread that is about to sleep on the word | it has to be woken |
//! | observed | whoever is about to add an observer, with the lock of the list | the list has to be told |
//! | lent | a callback, which may want the value | the value is kept until the callbacks were called |
//! | unwanted | the future, when it is dropped | the value is dropped before the job is done, unless it is lent |
//! | soon | who makes the job, and nobody later | a worker was looking for jobs then: a waiter looks again before it sleeps |
//!
//! The exchange that ends the job returns the first two. The future is the only one who sets the next two.
//!
//! Above the flags is how many *own* the job. An owner may make another, and whoever lets go of the last one drops the job.
//! A worker that finds itself the only owner of a job has it for itself: nobody can cancel it, wait for it, or ask for its
//! value any more. What was pending it runs without an exchange, and what has run it drops without an end. Nor does an
//! observer miss that: a callback has a share of its own, a thread that waits for several jobs has their futures, and a
//! waker that is left is of a task that has dropped its future.

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Stage {
    Pending = 0,
    Running = 1,
    Returned = 2,
    Panicked = 3,
    Cancelled = 4,
    Broken = 5,
    Taken = 6,
    Ending = 7,
}

/// A value of the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State(pub(crate) u32);

impl State {
    /// The bits of the stage.
    const STAGE: u32 = 7;
    /// A thread sleeps until the job ends.
    pub(crate) const WAITED: u32 = 8;
    /// There are observers to be told.
    pub(crate) const OBSERVED: u32 = 16;
    /// Callbacks may want the value.
    pub(crate) const LENT: u32 = 32;
    /// The future is gone.
    pub(crate) const UNWANTED: u32 = 64;
    /// A worker was looking for jobs when this one was submitted.
    pub(crate) const SOON: u32 = 128;

    /// One owner; the bits above count them.
    pub(crate) const OWNER: u32 = 256;

    pub(crate) fn stage(self) -> Stage {
        match self.0 & Self::STAGE {
            0 => Stage::Pending,
            1 => Stage::Running,
            2 => Stage::Returned,
            3 => Stage::Panicked,
            4 => Stage::Cancelled,
            5 => Stage::Broken,
            6 => Stage::Taken,
            _ => Stage::Ending,
        }
    }

    /// The same flags at this stage.
    pub(crate) fn with(self, stage: Stage) -> Self {
        Self(self.0 & !Self::STAGE | stage as u32)
    }

    pub(crate) fn is_done(self) -> bool {
        !matches!(self.stage(), Stage::Pending | Stage::Running | Stage::Ending)
    }

    /// How many own the job.
    pub(crate) fn owners(self) -> u32 {
        self.0 / Self::OWNER
    }

    /// Whether an owner that sees this has the job for itself.
    pub(crate) fn is_alone(self) -> bool {
        self.owners() == 1
    }

    pub(crate) fn is_observed(self) -> bool {
        self.0 & Self::OBSERVED != 0
    }

    /// Whether nobody will ask for the value any more.
    pub(crate) fn is_unwanted(self) -> bool {
        self.0 & (Self::UNWANTED | Self::LENT) == Self::UNWANTED
    }

    pub(crate) fn has_listeners(self) -> bool {
        self.0 & (Self::WAITED | Self::OBSERVED) != 0
    }
}
