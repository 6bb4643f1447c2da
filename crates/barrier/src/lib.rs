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
