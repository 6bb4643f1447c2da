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
//! # Sharing
//!
//! ```
//! fn anywhere<T: Send + Sync + 'static>() {}
//! anywhere::<threadcraft_event::Event>();
//! ```

mod event;

pub use event::Event;
