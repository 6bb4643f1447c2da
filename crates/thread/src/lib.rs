//! Threads with names, and joins that lose nothing: [`Thread`], [`spawn`], explorable.
//!
//! A thin layer over the system's threads: it keeps a panic's message and value for whoever joins, and lets a thread be
//! made before it is started. Under `threadcraft-explore` starting, joining, sleeping and yielding belong to the
//! explored program, and sleeping takes no time.
//!
//! ```
//! use threadcraft_thread::{JoinError, spawn};
//!
//! let workers: Vec<_> = (0..3).map(|number| spawn(move || number * number)).collect();
//! let squares: Result<Vec<i32>, JoinError> = workers.into_iter().map(|worker| worker.join()).collect();
//! assert_eq!(squares?, [0, 1, 4]);
//! # Ok::<(), JoinError>(())
//! ```
//!
//! # Coming from Python
//!
//! | `threading` | here |
//! |---|---|
//! | `Thread(target=f, args=(x,))` | `Thread::new(move \|\| f(x))` |
//! | `Thread(name="P0", …)` | `Thread::new(…).name("P0")` |
//! | `thread.start()` | `thread.start()?`; a second start is an error, as there |
//! | make and start in one go | `spawn(move \|\| f(x))` |
//! | `thread.join()`, then look for the result elsewhere | `thread.join()` gives what the closure returned |
//! | an exception in a thread is printed, and lost | a panic comes out of `join` as [`JoinError::Panicked`] |
//! | `thread.join()` on itself: `RuntimeError` | [`JoinError::WouldDeadlock`] |
//! | `thread.join()` before `start`: `RuntimeError` | [`JoinError::NotStarted`] |
//! | `thread.name` | `thread.info().name()` |
//! | `threading.current_thread().name` | `current().name()` |
//! | `time.sleep(0.5)` | `sleep(Duration::from_millis(500))` |
//! | non-daemon threads keep the program alive | not yet: join what has to be finished |
//!
//! # Cost
//!
//! | | |
//! |---|---|
//! | making | 2 allocations: the closure, and what the thread shares with its owner |
//! | starting, joining | what the system's threads cost |
//! | a panic | caught once, at the end of the thread |

mod error;
mod info;
mod packet;
mod thread;

pub use error::{JoinError, Panic, StartError};
pub use info::{ThreadInfo, current};
pub use thread::{Thread, spawn};
pub use threadcraft_platform::thread::{sleep, sleep_until, work, yield_now};
