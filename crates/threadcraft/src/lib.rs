//! Threading primitives that can be explored: one crate for all of them.
//!
//! A re-export of the small crates, and what a program under exploration needs besides. Without the feature `explore`
//! everything is as fast as the crates are; with it the same program also runs under the explorer, which tries every
//! interleaving that matters. The feature changes no type and no meaning.
//!
//! ```
//! use threadcraft::prelude::*;
//!
//! static TOTAL: Lock<u32> = Lock::new(0);
//!
//! let workers: Vec<_> = (0..4).map(|_| spawn(|| *TOTAL.lock() += 1)).collect();
//! for worker in workers {
//!     worker.join().unwrap();
//! }
//! threadcraft::println!("{}", *TOTAL.lock());
//! # assert_eq!(*TOTAL.lock(), 4);
//! ```
//!
//! | crate | gives | Python |
//! |---|---|---|
//! | `threadcraft-lock` | [`Lock`], [`RLock`] | the same names |
//! | `threadcraft-semaphore` | [`Semaphore`], [`BoundedSemaphore`] | the same names |
//! | `threadcraft-event` | [`Event`] | `threading.Event` |
//! | `threadcraft-barrier` | [`Barrier`] | `threading.Barrier` |
//! | `threadcraft-condition` | [`Condition`], [`Monitor`] | `threading.Condition` |
//! | `threadcraft-queue` | [`Queue`], [`LifoQueue`], [`PriorityQueue`], [`SimpleQueue`] | the same names in `queue` |
//! | `threadcraft-thread` | [`Thread`], [`spawn`], [`scope()`], [`Local`], [`current`], [`enumerate`], [`set_except_hook`], [`sleep`] | `threading.Thread`, `threading.local`, `time.sleep` |
//! | `threadcraft-pool` | [`ThreadPool`], [`Future`], [`wait`], [`as_completed`] | `concurrent.futures` |
//! | `threadcraft-timer` | [`Timer`], [`Interval`], [`TimerService`] | `threading.Timer` |
//! | `threadcraft-platform` | [`Shared`], [`Instant`], [`atomic`], [`futex`], [`RaceCell`], [`println!`], [`probe`] | – |
//! | `threadcraft-explore` (feature `explore`) | `explore`, `check`, `replay`, `Explorer` | – |
//!
//! # Writing `println!` without a prefix
//!
//! What is printed under the explorer belongs to the schedule, so [`println!`] goes to the transcript of the run. A glob
//! import of it would be ambiguous with the standard library's; `#[macro_use]` is not:
//!
//! ```
//! #[macro_use]
//! extern crate threadcraft;
//!
//! fn main() {
//!     println!("in the transcript when explored, on standard output when not");
//!     println!();
//! }
//! ```
//!
#![doc = include_str!("../FEATURES.md")]

pub mod prelude;

pub use threadcraft_barrier::{Barrier, BarrierWait, BrokenBarrier};
pub use threadcraft_condition::{Condition, Monitor, MonitorGuard, WaitTimeoutResult};
pub use threadcraft_event::Event;
pub use threadcraft_lock::{Lock, LockGuard, MappedLockGuard, RLock, RLockGuard, RawLock};
pub use threadcraft_platform::cell::RaceCell;
pub use threadcraft_platform::{Instant, Shared, atomic, futex, println, probe};
pub use threadcraft_pool::{
    AsCompleted, AsCompletedFor, BrokenPool, BuildError, Builder, Future, Map, Metrics, ReturnWhen, Shutdown,
    SubmitError, TaskError, TaskPanic, ThreadPool, Unfinished, Waitable, Waited, as_completed, as_completed_for, wait,
};
pub use threadcraft_queue::{
    GetError, LifoQueue, PriorityQueue, PutError, Queue, ShutDown, SimpleQueue, TaskDoneError,
};
pub use threadcraft_semaphore::{BoundedSemaphore, MAX_PERMITS, OwnedPermit, Permit, ReleaseError, Semaphore};
pub use threadcraft_thread::{
    ExceptArgs, ExceptHook, JoinError, Local, Panic, Run, Scope, ScopedThread, StartError, Thread, ThreadInfo,
    ThreadState, active_count, current, enumerate, get_ident, get_native_id, main_thread, reset_except_hook, scope,
    set_except_hook, sleep, sleep_until, spawn, tell_panics, work, yield_now,
};
pub use threadcraft_timer::{AlreadyStarted, CancelOnDrop, Interval, MissedTicks, Timer, TimerService};

/// The explorer: `threadcraft::explore(f)` tries every interleaving of `f` that matters, and the module of the same name
/// holds the rest of it, such as `threadcraft::explore::Explorer`.
#[cfg(feature = "explore")]
#[doc(inline)]
pub use threadcraft_explore::{self as explore, check, explore, replay};
