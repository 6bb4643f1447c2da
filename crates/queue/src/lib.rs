//! Handing items from thread to thread: [`Queue`], [`LifoQueue`], [`PriorityQueue`] and [`SimpleQueue`], bounded or not.
//! Timeouts, waiting for all tasks to be done, orderly shutdown, errors that give the item back, explorable.
//!
//! Many threads may put, and many may get: there are no sender and receiver halves, and all share one queue by reference.
//! Under `threadcraft-explore` each call is a step, and shows how many items there are after it.
//!
//! ```
//! use threadcraft_queue::Queue;
//!
//! static WORDS: Queue<&str> = Queue::new(10);
//!
//! let counter = std::thread::spawn(|| {
//!     let mut letters = 0;
//!     while let Ok(word) = WORDS.get() {
//!         letters += word.len();
//!     }
//!     letters
//! });
//! for word in ["producer", "and", "consumer"] {
//!     WORDS.put(word).unwrap();
//! }
//! WORDS.shutdown(false);
//! assert_eq!(counter.join().unwrap(), 19);
//! ```
//!
//! # Coming from Python
//!
//! | `queue` | here |
//! |---|---|
//! | `Queue()`, `Queue(maxsize=0)` | `Queue::unbounded()`; `Queue::new(0)` panics |
//! | `Queue(10)` | `Queue::new(10)`, which also works in a `static` |
//! | `LifoQueue`, `PriorityQueue`, `SimpleQueue` | the same names; all can be bounded and shut down |
//! | `q.put(item)` | `queue.put(item)?` |
//! | `q.put_nowait(item)`, `queue.Full` | `queue.try_put(item)`, `PutError::Full(item)`: the item comes back |
//! | `q.put(item, timeout=0.5)` | `queue.put_for(item, Duration::from_millis(500))` |
//! | `q.get()` | `queue.get()?` |
//! | `q.get_nowait()`, `queue.Empty` | `queue.try_get()`, `GetError::Empty` |
//! | `q.get(timeout=0.5)` | `queue.get_for(…)` |
//! | a negative timeout: `ValueError` | no `Duration` is negative; a deadline in the past means one try |
//! | `q.task_done()`, `ValueError` | `queue.task_done()`, `TaskDoneError` |
//! | `q.join()` | `queue.join()`, and `join_for(…)` |
//! | `q.shutdown()` (3.13), `queue.ShutDown` | `queue.shutdown(false)`, `ShutDown(item)` and `GetError::ShutDown` |
//! | `q.shutdown(immediate=True)` | `queue.shutdown(true)` |
//! | `q.qsize()`, `q.empty()`, `q.full()` | `len`, `is_empty`, `is_full` |
//! | a sentinel, `q.put(None)`, for each worker | `queue.shutdown(false)`: every `get` ends when the queue is empty |
//!
//! # Errors
//!
//! A put that fails gives the item back, in [`ShutDown`] or [`PutError`]; a get says [`ShutDown`] or [`GetError`].
//! Whatever panics while a queue is used leaves it usable.
//!
//! # Sharing
//!
//! A queue can be shared wherever its items can be sent:
//!
//! ```
//! fn anywhere<T: Send + Sync + 'static>() {}
//! anywhere::<threadcraft_queue::Queue<std::cell::Cell<u8>>>();
//! anywhere::<threadcraft_queue::PriorityQueue<u8>>();
//! ```
//!
//! ```compile_fail,E0277
//! fn anywhere<T: Sync>() {}
//! anywhere::<threadcraft_queue::Queue<std::rc::Rc<u8>>>();
//! ```

mod calls;
mod error;
mod queue;
mod raw;
mod store;

pub use error::{GetError, PutError, ShutDown, TaskDoneError};
pub use queue::{LifoQueue, PriorityQueue, Queue, SimpleQueue};
