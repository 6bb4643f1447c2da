//! Jobs on threads that are used again: [`ThreadPool`] and [`Future`], with cancels that are exact; explorable.
//!
//! ```
//! use threadcraft_pool::{TaskError, ThreadPool, as_completed};
//!
//! let pool = ThreadPool::new(4);
//! let jobs: Vec<_> = ["bread", "", "salt"]
//!     .into_iter()
//!     .map(|word| pool.submit(move || word.chars().next().expect("a word")))
//!     .collect();
//! let mut letters: Vec<char> = as_completed(&jobs).filter_map(|job| job.result().ok()).collect();
//! letters.sort();
//! assert_eq!(letters, ['b', 's']);
//! assert!(matches!(jobs[1].exception(), Some(TaskError::Panicked(_))));
//! ```
//!
//! A job that waits for another job of its own pool cannot block the pool: what has not begun it runs itself, and while
//! it waits for what runs elsewhere the pool gets another thread. A job's panic is in its future, and the thread goes
//! on. Under `threadcraft-explore` a program with a pool is explored like any other, pools and futures being objects
//! with calls.
//!
//! # Coming from Python
//!
//! | `concurrent.futures` | here |
//! |---|---|
//! | `ThreadPoolExecutor(4)` | `ThreadPool::new(4)` |
//! | `ThreadPoolExecutor(thread_name_prefix=…, initializer=…)` | `ThreadPool::builder().thread_name_prefix(…).initializer(…).build()?` |
//! | `executor.submit(f, x)` | `pool.submit(move \|\| f(x))` |
//! | `with executor:` | the pool waits when it is dropped |
//! | `executor.map(f, xs, timeout=5)` | `pool.map(xs, f).timeout(Duration::from_secs(5))`: an iterator of results |
//! | `list(executor.map(f, range(n)))` | `pool.map_range(0..n, f)?`: a vector, the fastest |
//! | `map(…, chunksize=9)`, `buffersize=9` | `.chunk_size(9)`, counted in threads, too; `.buffer_size(9)` |
//! | `map` submits at once | when the first result is asked for, at `.start()`, or when it is dropped unasked |
//! | `executor.shutdown(wait=True)` | `pool.shutdown(Shutdown::Wait)` |
//! | `shutdown(cancel_futures=True)` | `Shutdown::WaitCancelPending` |
//! | `shutdown(wait=False)` | `Shutdown::NoWait` |
//! | `submit` after `shutdown`: `RuntimeError` | the future is cancelled; [`ThreadPool::try_submit`] gives the error |
//! | `BrokenThreadPool` | [`TaskError::BrokenPool`]; [`ThreadPool::broken`] says why |
//! | `future.result(timeout=5)` | `future.result_for(Duration::from_secs(5))`; a value is there once |
//! | `future.cancel()` | the same, and what the closure holds is dropped at once |
//! | `future.done()`, `running()`, `cancelled()` | `is_done()`, `is_running()`, `is_cancelled()` |
//! | `future.exception()`, `add_done_callback(f)` | the same names |
//! | `wait(fs, return_when=FIRST_COMPLETED)` | `wait(fs, ReturnWhen::FirstCompleted, None)`, which also sees a cancel |
//! | `as_completed(fs)`, with `timeout=5` | `as_completed(fs)`, `as_completed_for(fs, Duration::from_secs(5))` |
//! | waiting inside a worker: deadlock | runs the awaited job, or lets another thread stand in |
//! | `asyncio.wrap_future(future)` | `future.await` |
//!
//! # Cost
//!
//! | | |
//! |---|---|
//! | a job | 80 bytes, mostly those of a job that is over, else 1 allocation for 50 of them; 1 more for a closure or a value of more than 40 bytes; 1 taking of a lock to submit it and 1 to take it, which many share if there are many; or, between jobs of one thread, 1 exchange each; 1 catch |
//! | its begin and its end | 1 compare-and-swap each, none if nobody has its future any more; a system call only if somebody sleeps until then |
//! | to wait for it | looks some 20 times, letting others go first, if a worker was looking for jobs at its submit; then 1 futex wait |
//! | cancel | 2 compare-and-swaps |
//! | submit, a worker looks for jobs or all are busy | no system call |
//! | submit, a worker has to be woken | 1 futex wake |
//! | an idle worker | looks some 20 times, letting others go first, then sleeps; at once if that was in vain lately |

mod content;
mod crew;
mod desk;
mod error;
mod future;
mod job;
mod job_ref;
mod map;
mod memory;
mod observers;
#[cfg(feature = "explore")]
#[doc(hidden)]
pub mod parts;
mod pool;
mod range;
mod roster;
mod run;
mod scope;
mod seat;
mod shelf;
mod state;
mod vector;
mod wait;
mod watch;
mod worker;

pub use error::{BrokenPool, BuildError, SubmitError, TaskError, TaskPanic};
pub use future::Future;
pub use map::Map;
pub use pool::{Builder, Shutdown, ThreadPool};
pub use roster::Metrics;
pub use scope::Scope;
pub use wait::{
    AsCompleted, AsCompletedFor, ReturnWhen, Unfinished, Waitable, Waited, as_completed, as_completed_for, wait,
};
