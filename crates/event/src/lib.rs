//! A flag that threads wait for: [`Event`], four bytes, with timeouts, explorable.
//!
//! One futex word holds the flag, a count of its settings and whether anybody sleeps; the count is what lets a waiter
//! go that was present at `set`, even if `clear` comes first. Under `threadcraft-explore` each call is a step of the
//! explored program.
//!
//! ```
//! use threadcraft_event::Event;
//!
//! let start = Event::new();
//! std::thread::scope(|scope| {
//!     for runner in 0..3 {
//!         let start = &start;
//!         scope.spawn(move || {
//!             start.wait();
//!             println!("runner {runner} is off");
//!         });
//!     }
//!     start.set();
//! });
//! ```
//!
//! # Coming from Python
//!
//! | `threading` | here |
//! |---|---|
//! | `Event()` | `Event::new()`, also in a `static` |
//! | `event.set()`, `clear()`, `is_set()` | the same |
//! | `event.wait()`, which returns `True` | `event.wait()` |
//! | `event.wait(timeout=0.5)` | `event.wait_for(Duration::from_millis(500))`, true if it was set |
//! | `set()` then `clear()` lets the waiters go | the same, also for one that has not got to run in between |
//!
//! # Cost
//!
//! | | |
//! |---|---|
//! | `is_set`; `wait`, it is set | 1 load |
//! | `set` | 1 load, 1 compare-and-swap; 1 system call if anybody sleeps, for all of them |
//! | `clear` | 1 atomic operation |
//! | `wait`, it is not set | 1 compare-and-swap by the first who sleeps; 1 system call |
//! | bytes | 4; nothing is allocated |
//!
//! # Errors
//!
//! There are none: a wait that gives up returns false. A deadline in the past is a look, and a timeout beyond what the clock
//! can count means for ever.
//!
//! ```
//! use std::time::{Duration, Instant};
//! use threadcraft_event::Event;
//!
//! let event = Event::new();
//! assert!(!event.wait_until(Instant::now()));
//! event.set();
//! assert!(event.is_set() && event.wait_for(Duration::MAX));
//! event.clear();
//! assert!(!event.is_set());
//! ```
//!
//! # Features
//!
//! `explore` lets the explorer in; `portable` uses `parking_lot_core` as the futex on every system.
//!
//! # Sharing
//!
//! ```
//! fn anywhere<T: Send + Sync + 'static>() {}
//! anywhere::<threadcraft_event::Event>();
//! ```

mod event;

pub use event::Event;
