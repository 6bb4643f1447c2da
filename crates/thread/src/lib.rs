//! Threads as in Python's `threading`, with joins that lose nothing: [`Thread`], [`spawn`], [`scope()`], [`Local`];
//! explorable.
//!
//! A thread is made, then started; it keeps a panic's message and value for whoever joins; it can be waited for by many
//! and for a limited time; it is listed while it lives. Under `threadcraft-explore` all of that belongs to the explored
//! program, and sleeping takes no time.
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
//! # The end of the program
//!
//! The program does not end before its threads have, as in Python. When `main` returns, when it panics, and when somebody
//! calls `std::process::exit`, the threads that still run are waited for, and those that they start. Not waited for are
//! [daemons](Thread::daemon), the thread that ends the program, and threads that were started elsewhere.
//!
//! It is done by a function that the system calls at the end of a program (`atexit`). `std::process::abort` and signals do
//! not call it, nor does `exit` on Windows. A thread that calls `exit` while a thread that is no daemon waits for it
//! waits for ever.
//!
//! Explored, the execution goes on until all threads but daemons have ended. A daemon that waits for ever is no deadlock.
//!
//! # Coming from Python
//!
//! | `threading` | here |
//! |---|---|
//! | `Thread(target=f, args=(x,))` | `Thread::new(move \|\| f(x))` |
//! | `class Adder(Thread): def run(self): …` | `impl Run for Adder { … }`, `Thread::from_run(Adder)` |
//! | `Thread(name="P0", daemon=True, …)` | `Thread::new(…).name("P0").daemon(true)` |
//! | `stack_size(n)`, then `Thread(…)` | `Thread::new(…).stack_size(n)` |
//! | `thread.start()` | `thread.start()?`; a second start is an error, as there |
//! | make and start in one go | `spawn(move \|\| f(x))` |
//! | `thread.join()`, then look for the result elsewhere | `thread.join()` gives what the closure returned |
//! | `thread.join(0.5)`, then `is_alive()` | `thread.wait_for(…)` says whether it ended; `join_for` gives the thread back |
//! | an exception in a thread is printed, and lost | a panic comes out of `join` as [`JoinError::Panicked`] |
//! | `thread.join()` on itself: `RuntimeError` | [`JoinError::WouldDeadlock`] |
//! | `thread.join()` before `start`: `RuntimeError` | [`JoinError::NotStarted`] |
//! | `thread.is_alive()`, `thread.daemon` | `is_alive()`, `is_daemon()`; and [`Thread::state`] |
//! | `thread.ident`, `thread.native_id` | `ident()`, `native_id()` |
//! | `thread.name` | `thread.info().name()` |
//! | `current_thread()`, `main_thread()` | [`current`], [`main_thread`] |
//! | `enumerate()`, `active_count()` | [`enumerate`], [`active_count`] |
//! | `get_ident()`, `get_native_id()` | [`get_ident`], [`get_native_id`] |
//! | `threading.excepthook = f` | [`set_except_hook`]`(f)` |
//! | `local()`, then any attribute | [`Local`]`<T>`: one value a thread |
//! | non-daemon threads keep the program alive | they do: see above |
//! | `time.sleep(0.5)` | `sleep(Duration::from_millis(500))` |
//! | – | [`scope()`]: threads that borrow |
//!
//! # Cost
//!
//! | | |
//! |---|---|
//! | making | 2 allocations: the closure, and what the thread shares with its owner |
//! | starting | what the system's threads cost, 1 allocation, and the list's lock |
//! | ending | the list's lock, 1 swap; a system call if somebody waits |
//! | waiting, it has ended | 1 compare-and-swap |
//! | `is_alive`, `state` | 1 or 2 loads |
//! | a panic | caught once, at the end of the thread |

mod error;
mod hook;
mod info;
mod local;
mod packet;
mod run;
mod scope;
mod thread;

pub use error::{JoinError, Panic, StartError};
pub use hook::{ExceptArgs, ExceptHook, reset_except_hook, set_except_hook, tell_panics};
pub use info::{ThreadInfo, ThreadState, active_count, current, enumerate, get_ident, get_native_id, main_thread};
pub use local::Local;
pub use run::Run;
pub use scope::{Scope, ScopedThread, scope};
pub use thread::{Thread, spawn};
pub use threadcraft_platform::thread::{sleep, sleep_until, work, yield_now};
