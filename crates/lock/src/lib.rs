//! Mutual exclusion: [`Lock`], four bytes beside the data, and [`RLock`], which its owner may take again; with timeouts,
//! explorable.
//!
//! The lock is a futex word; data and guards are `lock_api`'s, so [`RawLock`] also works with everything that is
//! written for `lock_api`. Under `threadcraft-explore` each call is a step of the explored program.
//!
//! ```
//! use threadcraft_lock::Lock;
//!
//! let total = Lock::new(0);
//! std::thread::scope(|scope| {
//!     for _ in 0..4 {
//!         scope.spawn(|| *total.lock() += 1);
//!     }
//! });
//! assert_eq!(total.into_inner(), 4);
//! ```
//!
//! # Coming from Python
//!
//! | `threading` | here |
//! |---|---|
//! | `lock = Lock()` and the data beside it | `Lock::new(data)`: no way to the data but through the lock |
//! | `with lock:` | `let guard = lock.lock();`: released where `guard` ends |
//! | `lock.acquire()` … `lock.release()` | `let guard = lock.lock();` … `drop(guard)` |
//! | `lock.acquire(blocking=False)` | `lock.try_lock()`, an `Option` |
//! | `lock.acquire(timeout=0.5)` | `lock.try_lock_for(Duration::from_millis(500))` |
//! | `lock.locked()` | `lock.is_locked()` |
//! | releasing in another thread | send the guard there and drop it |
//! | releasing what is not held: `RuntimeError` | does not compile |
//! | `RLock()` | `RLock::new(data)`; its guard gives `&T`, so what changes goes into a `Cell` or `RefCell` |
//! | `RLock` in another thread's hands: `RuntimeError` | its guard cannot be sent: does not compile |
//! | `rlock._is_owned()`, `_recursion_count()` | `rlock.is_owned_by_current_thread()`, `rlock.depth()` |
//!
//! # Cost
//!
//! | | |
//! |---|---|
//! | `lock` and release, nobody else there | 1 compare-and-swap, 1 subtraction |
//! | `try_lock` of a held lock | 1 compare-and-swap |
//! | `lock` of a held lock | up to 10 looks; then 1 system call each time that it sleeps |
//! | release where somebody sleeps | 1 atomic operation more, 1 system call |
//! | waiting at most | a thread that was woken in vain twice is served next |
//! | `RLock`, first level | the same, and 1 store each way that needs no ordering |
//! | `RLock`, nested | 1 load, which needs no ordering |
//! | bytes | `Lock` 4 beside the data, `RLock` 16; nothing is allocated |
//!
//! # Errors
//!
//! There are none. A try and a timeout that has passed give `None`, and leave no trace; a deadline in the past is a try, and
//! a timeout beyond what the clock can count means for ever. A panic in a section releases the lock, and the data stay as
//! they are: nothing is poisoned. An `RLock` that its owner would hold more than `u32::MAX` times panics, and is held as
//! often as before.
//!
//! ```
//! use std::time::Duration;
//! use threadcraft_lock::{Lock, RLock};
//!
//! let lock = Lock::new(1);
//! let guard = lock.lock();
//! assert!(lock.is_locked() && lock.try_lock().is_none());
//! assert!(lock.try_lock_for(Duration::from_millis(1)).is_none());
//! drop(guard);
//! assert_eq!(lock.into_inner(), 1);
//!
//! let lock = RLock::new(1);
//! let outer = lock.lock();
//! let inner = lock.try_lock_for(Duration::MAX).unwrap();
//! assert!(lock.is_owned_by_current_thread());
//! assert_eq!((lock.depth(), *inner + *outer), (2, 2));
//! ```
//!
//! # Features
//!
//! `explore` lets the explorer in; `portable` uses `parking_lot_core` as the futex on every system.
//!
//! # Sharing
//!
//! A lock of either kind makes data shareable that can be sent, and nothing else:
//!
//! ```compile_fail,E0277
//! fn share(_: &impl Sync) {}
//! share(&threadcraft_lock::Lock::new(std::rc::Rc::new(1)));
//! ```
//!
//! ```compile_fail,E0277
//! fn share(_: &impl Sync) {}
//! share(&threadcraft_lock::RLock::new(std::rc::Rc::new(1)));
//! ```

mod guard;
mod lock;
mod looks;
mod raw;
mod raw_reentrant;
mod rlock;
mod waiting;

pub use guard::{LockGuard, MappedLockGuard};
pub use lock::Lock;
pub use lock_api;
pub use raw::RawLock;
pub use rlock::{RLock, RLockGuard};
