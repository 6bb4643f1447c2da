//! What the explored threads run on: a carrier holds a stack for each thread and moves the turn between them. Which
//! thread has the turn is not its business.

mod coroutines;
mod system_threads;

pub(super) use self::coroutines::Coroutines;
pub(super) use self::system_threads::SystemThreads;

/// What a thread of the explored program runs: its whole life, up to and including giving away the turn.
pub(crate) type Body = Box<dyn FnOnce() + Send>;

/// Who goes on after a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// This thread, which has run before.
    Resume(usize),
    /// This thread, for the first time.
    Launch(usize),
    /// Nobody: the execution is over.
    Over,
}

/// Holds the stacks of the explored threads and moves the turn between them.
pub(crate) trait Carrier: Send + Sync {
    /// Makes a thread ready to be launched; it gets the next free index.
    fn prepare(&self, stack_size: Option<usize>, body: Body);
    /// Moves the turn from `from` to `next`; returns when `from` has it again.
    fn switch(&self, from: usize, next: Next);
    /// Moves the turn on from a thread that is about to return from its body.
    fn finish(&self, next: Next);
    /// True if a thread must not be switched away from while it unwinds.
    fn keeps_unwinding(&self) -> bool;
}
