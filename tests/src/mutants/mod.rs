//! Broken primitives, each with one classic bug, for the explorer to catch.
//!
//! Each family is one faithful copy of the primitive's algorithm, with its decisions as constants of a trait; a mutant
//! changes one of them. The copy without a change is run, too: it shows that what is caught is the change.

pub mod barrier;
pub mod condition;
#[cfg(not(loom))]
pub mod desk;
pub mod event;
pub mod lock;
pub mod long_waiter;
#[cfg(not(loom))]
pub mod owners;
#[cfg(not(loom))]
pub mod pool;
pub mod queue;
pub mod rlock;
pub mod semaphore;
#[cfg(not(loom))]
pub mod timer;
