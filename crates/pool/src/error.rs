//! How jobs and pools fail.

extern crate alloc;

use alloc::sync::Arc;
use core::any::Any;
use core::error::Error;
use core::fmt;
use std::panic::resume_unwind;

use threadcraft_lock::Lock;
use threadcraft_thread::StartError;

/// Why a future gave no value.
///
/// ```
/// use threadcraft_pool::{TaskError, ThreadPool};
///
/// let pool = ThreadPool::new(1);
/// let half = |number: u32| move || if number % 2 == 0 { number / 2 } else { panic!("{number} is odd") };
/// for number in [8, 9] {
///     match pool.submit(half(number)).result() {
///         Ok(value) => println!("{value}"),
///         Err(TaskError::Panicked(panic)) => assert_eq!(panic.message(), "9 is odd"),
///         Err(error) => println!("no value: {error}"),
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub enum TaskError {
    /// The job panicked.
    Panicked(TaskPanic),
    /// The job was cancelled, or given to a pool that was shut down: it has not run and never will.
    Cancelled,
    /// The job was not done in time. It goes on.
    TimedOut,
    /// The pool has no threads to run the job on, as an initializer panicked or the system refused the first thread.
    BrokenPool,
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(panic) => panic.fmt(f),
            Self::Cancelled => f.write_str("the job was cancelled before it began"),
            Self::TimedOut => f.write_str("the job was not done in time"),
            Self::BrokenPool => f.write_str("the pool is broken and runs no jobs: `ThreadPool::broken` says why"),
        }
    }
}

impl Error for TaskError {}

/// What a job's panic leaves behind: its message, and the value that it carried.
///
/// Everybody who asks gets the message; the value is there once.
#[derive(Clone)]
pub struct TaskPanic {
    shared: Arc<Shared>,
}

struct Shared {
    message: String,
    payload: Lock<Option<Box<dyn Any + Send>>>,
}

impl TaskPanic {
    /// Keeps what `catch_unwind` gave.
    pub(crate) fn new(payload: Box<dyn Any + Send>) -> Self {
        let message = message_of(&*payload);
        Self { shared: Arc::new(Shared { message, payload: Lock::new(Some(payload)) }) }
    }

    /// The message: what was given to `panic!`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.shared.message
    }

    /// The value that the panic carried, for the first who asks; later its message.
    #[must_use]
    pub fn into_payload(self) -> Box<dyn Any + Send> {
        let payload = self.shared.payload.lock().take();
        payload.unwrap_or_else(|| Box::new(self.shared.message.clone()))
    }

    /// Lets the panic go on in this thread.
    pub fn resume(self) -> ! {
        resume_unwind(self.into_payload())
    }
}

/// The text of a panic.
pub(crate) fn message_of(payload: &(dyn Any + Send)) -> String {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (None, Some(text)) => text.clone(),
        (None, None) => "a value that is not text".to_owned(),
    }
}

impl fmt::Display for TaskPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job panicked: {}", self.message())
    }
}

impl fmt::Debug for TaskPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskPanic").field("message", &self.message()).finish_non_exhaustive()
    }
}

/// Why there is no pool.
///
/// ```
/// use threadcraft_pool::{BuildError, ThreadPool};
///
/// let built = ThreadPool::builder().max_workers(0).build();
/// assert_eq!(built.err(), Some(BuildError::NoWorkers));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// A pool of no workers would run nothing.
    NoWorkers,
    /// The prefix of the threads' names has a NUL in it, which the system cannot keep.
    InvalidName(String),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWorkers => f.write_str("a pool of 0 workers: it takes at least 1 to run anything"),
            Self::InvalidName(name) => write!(f, "the threads' name {name:?} contains a NUL: choose one without"),
        }
    }
}

impl Error for BuildError {}

/// Why a pool did not take a job, which is dropped.
///
/// ```
/// use threadcraft_pool::{Shutdown, SubmitError, ThreadPool};
///
/// let pool = ThreadPool::new(1);
/// pool.shutdown(Shutdown::Wait);
/// assert!(matches!(pool.try_submit(|| 1), Err(SubmitError::ShutDown)));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum SubmitError {
    /// It was shut down.
    ShutDown,
    /// It is broken.
    Broken(BrokenPool),
    /// It has no thread, and the system started none.
    NoThread(StartError),
}

impl fmt::Display for SubmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ShutDown => f.write_str("the pool was shut down and takes no more jobs"),
            Self::Broken(broken) => broken.fmt(f),
            Self::NoThread(error) => write!(f, "the pool has no thread to run a job on: {error}"),
        }
    }
}

impl Error for SubmitError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::ShutDown => None,
            Self::Broken(broken) => Some(broken),
            Self::NoThread(error) => Some(error),
        }
    }
}

impl From<&SubmitError> for TaskError {
    fn from(error: &SubmitError) -> Self {
        match error {
            SubmitError::ShutDown => Self::Cancelled,
            SubmitError::Broken(_) | SubmitError::NoThread(_) => Self::BrokenPool,
        }
    }
}

/// Why a pool is broken.
///
/// ```
/// use threadcraft_pool::{TaskError, ThreadPool};
///
/// let pool = ThreadPool::builder().max_workers(1).initializer(|| panic!("no ink")).build().unwrap();
/// let printed = pool.submit(|| println!("printed"));
/// assert!(matches!(printed.result(), Err(TaskError::BrokenPool)));
/// assert_eq!(pool.broken().expect("its thread could not begin").message(), "no ink");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenPool {
    pub(crate) message: String,
}

impl BrokenPool {
    /// The message of the initializer's panic.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for BrokenPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pool is broken: its initializer panicked: {}", self.message)
    }
}

impl Error for BrokenPool {}
