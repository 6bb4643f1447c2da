//! What a program needs of an explorer, so that each is written once and runs on all of them on the same steps.
//!
//! Every operation of a [`Word`] is one step. Waiting is a futex: ours is the explorer's own, and one step; the peers
//! have none, so theirs is a mutex and a condition variable of their own, which is how it would be written there. Loads
//! acquire, stores release, and what does both acquires and releases; the one store that does not is
//! [`Word::store_unordered`], for the one program whose bug it is.

mod looms;
mod ours;
mod shuttles;

pub(crate) use looms::Loom;
pub(crate) use ours::Ours;
pub(crate) use shuttles::Shuttle;

/// One explorer's threads and memory.
pub(crate) trait Seam: Sized + 'static {
    /// An atomic word that can be waited for.
    type Word: Word;
    /// Plain memory, whose races are found where the explorer can find them.
    type Cell: Cell;
    /// The lock that the explorer offers to programs.
    type Lock: Lock;
    /// A started thread.
    type Thread;

    /// Starts a thread.
    fn start(body: impl FnOnce() + Send + 'static) -> Self::Thread;

    /// Waits for its end.
    fn join(thread: Self::Thread);
}

/// An atomic word that can be waited for.
pub(crate) trait Word: Send + Sync + 'static {
    /// A word with this value.
    fn new(value: u32) -> Self;
    /// The value now.
    fn load(&self) -> u32;
    /// Makes this the value.
    fn store(&self, value: u32);
    /// Makes this the value, and orders nothing before it.
    fn store_unordered(&self, value: u32);
    /// Makes this the value, and gives the one before.
    fn swap(&self, value: u32) -> u32;
    /// Makes `to` the value if it is `from`; true if it was.
    fn exchange(&self, from: u32, to: u32) -> bool;
    /// Adds, and gives the value before.
    fn add(&self, value: u32) -> u32;
    /// Sleeps while the value is this, until woken.
    fn wait(&self, expected: u32);
    /// Wakes one that sleeps.
    fn wake_one(&self);
    /// Wakes all that sleep.
    fn wake_all(&self);
}

/// Plain memory.
pub(crate) trait Cell: Send + Sync + 'static {
    /// A cell with this value.
    fn new(value: u32) -> Self;
    /// The value now.
    fn get(&self) -> u32;
    /// Makes this the value.
    fn set(&self, value: u32);
}

/// A lock for programs.
pub(crate) trait Lock: Send + Sync + 'static {
    /// A free lock.
    fn new() -> Self;
    /// Runs `body` with the lock held.
    fn with<R>(&self, body: impl FnOnce() -> R) -> R;
}

/// Starts each body and joins all.
pub(crate) fn run_all<S: Seam>(bodies: impl IntoIterator<Item = Box<dyn FnOnce() + Send>>) {
    let threads: Vec<_> = bodies.into_iter().map(|body| S::start(body)).collect();
    threads.into_iter().for_each(S::join);
}

/// So many threads that do the same, each with its number.
pub(crate) fn run_same<S: Seam>(count: usize, body: impl Fn(usize) + Clone + Send + 'static) {
    run_all::<S>((0..count).map(|index| {
        let body = body.clone();
        Box::new(move || body(index)) as Box<dyn FnOnce() + Send>
    }));
}
