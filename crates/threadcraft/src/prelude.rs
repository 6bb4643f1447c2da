//! What a program needs to begin with: `use threadcraft::prelude::*;`.
//!
//! Not in it: `println!`, which a glob import would make ambiguous (`#[macro_use] extern crate threadcraft;` brings it),
//! and names that would hide the standard library's: a `Future` here is one of a pool, `threadcraft::Future`.
//!
//! ```
//! use threadcraft::prelude::*;
//!
//! static TURN: Shared<u32> = Shared::new(0).named("turn");
//! static FORK: Semaphore = Semaphore::new(1).named("fork");
//!
//! let mut philosopher = Thread::new(|| {
//!     let _fork = FORK.acquire();
//!     TURN.set(TURN.get() + 1);
//!     sleep(Duration::from_millis(1));
//! })
//! .name("P0");
//! philosopher.start().unwrap();
//! philosopher.join().unwrap();
//! assert_eq!(TURN.get(), 1);
//! ```

pub use core::time::Duration;

pub use crate::{
    Barrier, BarrierWait, BoundedSemaphore, BrokenBarrier, Condition, Event, GetError, Instant, Interval, JoinError,
    LifoQueue, Local, Lock, LockGuard, MissedTicks, Monitor, MonitorGuard, OwnedPermit, Permit, PriorityQueue,
    PutError, Queue, RLock, RLockGuard, RaceCell, ReleaseError, ReturnWhen, Run, Semaphore, Shared, ShutDown, Shutdown,
    SimpleQueue, StartError, TaskDoneError, TaskError, Thread, ThreadInfo, ThreadPool, ThreadState, Timer,
    TimerService, active_count, as_completed, as_completed_for, atomic, current, enumerate, futex, get_ident,
    main_thread, scope, set_except_hook, sleep, spawn, work, yield_now,
};
