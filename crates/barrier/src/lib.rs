//! Threads that wait for each other: [`Barrier`], 24 bytes, with an action, timeouts, abort and reset, explorable.
//!
//! One word counts those who have come and the phases; the last to come starts the next phase and wakes all with one
//! call. Nobody has to leave before the next phase can begin. Under `threadcraft-explore` each call is a step of the
//! explored program.
//!
//! ```
//! use threadcraft_barrier::Barrier;
//!
//! static LAP: Barrier = Barrier::new(3).named("lap");
//!
//! std::thread::scope(|scope| {
//!     for runner in 0..3 {
//!         scope.spawn(move || {
//!             for lap in 0..2 {
//!                 println!("runner {runner} is through with lap {lap}");
//!                 LAP.wait().unwrap();
//!             }
//!         });
//!     }
//! });
//! ```
//!
//! # Coming from Python
//!
//! | `threading` | here |
//! |---|---|
//! | `Barrier(3)` | `Barrier::new(3)`, also in a `static` |
//! | `Barrier(3, action)` | `Barrier::with_action(3, …)` |
//! | `Barrier(3, timeout=5)` | `Barrier::with_timeout(3, Duration::from_secs(5))` |
//! | `Barrier(3, action, 5)` | `Barrier::with_action(3, …).default_timeout(Duration::from_secs(5))` |
//! | `barrier.wait()`, a number | `barrier.wait()?.index()` |
//! | `if barrier.wait() == 0:` | `if barrier.wait()?.is_leader()`: one thread of the phase |
//! | `barrier.wait(timeout=0.5)` | `barrier.wait_for(Duration::from_millis(500))` |
//! | `BrokenBarrierError` | [`BrokenBarrier`], which says whether it was this thread's time, or a reset |
//! | `barrier.abort()`, `reset()` | the same |
//! | `parties`, `n_waiting`, `broken` | `parties()`, `waiting()`, `is_broken()` |
//!
//! # Cost
//!
//! | | |
//! |---|---|
//! | `wait`, not the last | 1 load, 1 compare-and-swap, 1 system call, 1 load |
//! | `wait`, the last | 1 load, 1 compare-and-swap, 1 system call for all |
//! | with an action | 1 more compare-and-swap |
//! | `abort`, `reset` | 1 compare-and-swap; 1 system call if anybody waits |
//! | bytes | 24, and 16 for the action, which alone is allocated |
//!
//! # Errors
//!
//! [`BrokenBarrier`] from a wait that did not pass. A barrier of 0 parties is a panic where it is made, and does not
//! compile in a constant:
//!
//! ```compile_fail,E0080
//! static NOBODY: threadcraft_barrier::Barrier = threadcraft_barrier::Barrier::new(0);
//! NOBODY.wait();
//! ```
//!
//! A wait whose time is over breaks the barrier for all; a deadline in the past is "pass if all others have come", and a
//! timeout beyond what the clock can count means for ever. An action that panics breaks it, too, and the panic goes on in
//! the thread that ran it. A broken barrier stays so until it is reset:
//!
//! ```
//! use std::time::Duration;
//! use threadcraft_barrier::Barrier;
//!
//! let barrier = Barrier::new(2);
//! let error = barrier.wait_for(Duration::from_millis(1)).unwrap_err();
//! assert!(error.timed_out() && barrier.is_broken());
//! barrier.reset();
//! assert!(!barrier.is_broken());
//! barrier.abort();
//! assert!(barrier.wait().is_err());
//! ```
//!
//! # Sharing
//!
//! ```
//! fn anywhere<T: Send + Sync + 'static>() {}
//! anywhere::<threadcraft_barrier::Barrier>();
//! ```
//!
//! An action goes to whichever thread comes last, so it must be one that can be sent:
//!
//! ```compile_fail,E0277
//! let mine = std::rc::Rc::new(1);
//! threadcraft_barrier::Barrier::with_action(2, move || println!("{mine}"));
//! ```
//!
//! # Features
//!
//! `explore` lets the explorer in; `portable` uses `parking_lot_core` as the futex on every system.

mod barrier;
mod error;
mod raw;
mod state;

pub use barrier::{Barrier, BarrierWait};
pub use error::BrokenBarrier;
