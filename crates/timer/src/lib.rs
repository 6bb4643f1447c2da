//! Functions that are called later: [`Timer`], [`Interval`], [`TimerService`]; never early, cancelled exactly, explorable.
//!
//! ```
//! use std::time::Duration;
//! use threadcraft_timer::{Interval, Timer};
//!
//! let dots = Interval::every(Duration::from_millis(2), || print!("."));
//! let timeout = Timer::after(Duration::from_secs(60), || println!("that took too long"));
//! // … some work …
//! assert!(timeout.cancel()); // exact: it was not called, and never will be
//! dots.cancel();
//! ```
//!
//! All timers of a program share one list and one thread that watches the clock. Before that thread calls a function it
//! hands the clock over to another one, if anything else is on the list: a function that takes long, or blocks for ever,
//! makes no other one late. When nothing is on the list there is no thread. Under `threadcraft-explore` time is virtual:
//! a program with timers is explored like any other, and an hour takes nothing.
//!
//! # Coming from Python
//!
//! | `threading` | here |
//! |---|---|
//! | `Timer(5, f)`, then `t.start()` | `Timer::new(Duration::from_secs(5), f)`, then `t.start()?` |
//! | – | `Timer::after(delay, f)`: made and started |
//! | `Timer(5, f, args)` | `Timer::new(delay, move \|\| f(args))` |
//! | `t.cancel()`, which says nothing | `t.cancel()`: true if it was not called and never will be |
//! | `t.join()`, `t.join(timeout=2)` | `t.join()`, `t.join_for(Duration::from_secs(2))` |
//! | `t.is_alive()`, `t.daemon = True` | `t.is_alive()`, `t.daemon(true)` |
//! | a thread for each timer | one for all that wait, one for each that is called |
//! | a timer that starts the next one, and drifts | [`Interval`] |
//! | `sched.scheduler` | [`TimerService`] |
//!
//! # Cost
//!
//! | | |
//! |---|---|
//! | starting a timer | 1 allocation, 1 taking of the list's lock, 1 comparison; a system call if it is now the first |
//! | cancelling one | 1 compare-and-swap, 1 addition, 1 swap; now and then the dead ones are cleared, each once |
//! | calling one | 1 taking of the lock, 1 catch, about log n comparisons with n that wait; 1 futex wake if others wait |
//! | none is waiting | no thread |

mod due;
mod error;
mod handle;
mod interval;
mod list;
mod plan;
mod service;
mod state;
mod task;
mod timer;
mod timer_service;

pub use error::AlreadyStarted;
pub use handle::CancelOnDrop;
pub use interval::{Interval, MissedTicks};
pub use timer::Timer;
pub use timer_service::TimerService;
