//! Counted permits: [`Semaphore`], four bytes, and [`BoundedSemaphore`], with timeouts, explorable.
//!
//! One futex word counts permits and knows whether anybody waits; no queue is kept in memory, and still no waiter
//! starves. Under `threadcraft-explore` each call is a step of the explored program.
//!
//! ```
//! use threadcraft_semaphore::Semaphore;
//!
//! let items = Semaphore::new(0);
//! std::thread::scope(|scope| {
//!     scope.spawn(|| items.release(3));
//!     items.acquire_many(3).forget();
//! });
//! assert_eq!(items.available_permits(), 0);
//! ```
//!
//! # Coming from Python
//!
//! | `threading` | here |
//! |---|---|
//! | `Semaphore(3)`; `Semaphore()` | `Semaphore::new(3)`; `Semaphore::default()` has one permit |
//! | `BoundedSemaphore(3)` | `BoundedSemaphore::new(3)` |
//! | `with semaphore:` | `let permit = semaphore.acquire();`: given back where `permit` ends |
//! | `semaphore.acquire()` without a `with` | `semaphore.acquire().forget()`, and `release(1)` later |
//! | `semaphore.acquire(blocking=False)` | `semaphore.try_acquire()`, an `Option` |
//! | `semaphore.acquire(timeout=0.5)` | `semaphore.try_acquire_for(Duration::from_millis(500))` |
//! | `semaphore.release()`, `release(n)` | `semaphore.release(1)`, `release(n)` |
//! | `BoundedSemaphore.release()` raises `ValueError` | `release` returns a [`ReleaseError`] |
//! | – | `acquire_many(n)`: all or nothing, without the deadlock of taking them one by one |
//!
//! # Cost
//!
//! | | |
//! |---|---|
//! | `acquire`, permits there | 1 load and 1 compare-and-swap |
//! | the end of a permit | 1 compare-and-swap; 1 more for each that came in between |
//! | `release` | 1 load and 1 compare-and-swap |
//! | `try_acquire`, no permit there | 1 load |
//! | `acquire`, no permit there | 1 compare-and-swap and 1 system call each time that it sleeps |
//! | `release(n)` where somebody waits | 1 system call; who takes permits and leaves some wakes the next |
//! | `available_permits` | 1 load |
//! | bytes | 4; nothing is allocated, an owned permit counts a reference of the [`Arc`](std::sync::Arc) |
//!
//! # Errors
//!
//! [`ReleaseError`] from a release above the bound; a [`Semaphore`] has no bound but [`MAX_PERMITS`], and a release above that
//! is a panic. Nothing is released then. Wanting more permits at once than there can ever be is a panic, too, with both
//! numbers. A try and a timeout that has passed give `None`, and no permit is lost; a deadline in the past is a try, and a
//! timeout beyond what the clock can count means for ever.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use threadcraft_semaphore::{BoundedSemaphore, Semaphore};
//!
//! let places = Semaphore::new(2);
//! let both = places.acquire_many(2);
//! assert!(places.try_acquire().is_none());
//! assert!(places.try_acquire_for(Duration::from_millis(1)).is_none());
//! drop(both);
//! assert_eq!(places.available_permits(), 2);
//!
//! let places = Arc::new(BoundedSemaphore::new(1));
//! let permit = places.acquire_owned();
//! std::thread::spawn(move || drop(permit)).join().unwrap();
//! let error = places.release(1).unwrap_err();
//! assert!(error.to_string().contains("limit of 1"));
//! ```
//!
//! # Features
//!
//! `explore` lets the explorer in; `portable` uses `parking_lot_core` as the futex on every system.
//!
//! # Sharing
//!
//! Semaphores and permits go anywhere: nothing in them belongs to a thread.
//!
//! ```
//! fn anywhere<T: Send + Sync + 'static>() {}
//! anywhere::<threadcraft_semaphore::Semaphore>();
//! anywhere::<threadcraft_semaphore::BoundedSemaphore>();
//! anywhere::<threadcraft_semaphore::Permit<'static>>();
//! anywhere::<threadcraft_semaphore::OwnedPermit>();
//! ```
//!
//! but a plain permit borrows its semaphore, so it cannot outlive it:
//!
//! ```compile_fail,E0597
//! let permit = {
//!     let semaphore = threadcraft_semaphore::Semaphore::new(1);
//!     semaphore.acquire()
//! };
//! drop(permit);
//! ```

mod calls;
mod error;
mod permit;
mod raw;
mod semaphore;

pub use error::ReleaseError;
pub use permit::{OwnedPermit, Permit};
pub use raw::MAX_PERMITS;
pub use semaphore::{BoundedSemaphore, Semaphore};
