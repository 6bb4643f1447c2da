//! Why an item was not put or not taken.

use core::error::Error;
use core::fmt;

/// The queue was shut down, and takes or has nothing any more (Python's `queue.ShutDown`).
///
/// From a put it holds the item; from a get, nothing.
///
/// ```
/// use threadcraft_queue::{Queue, ShutDown};
///
/// let orders = Queue::unbounded();
/// orders.shutdown(false);
/// assert_eq!(orders.put("tea"), Err(ShutDown("tea")));
/// assert_eq!(orders.get(), Err(ShutDown(())));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ShutDown<T = ()>(
    /// The item that was to be put.
    pub T,
);

/// Why an item was not put. It gives the item back.
///
/// ```
/// use threadcraft_queue::{PutError, Queue};
///
/// let orders = Queue::new(1);
/// orders.put("tea").unwrap();
/// match orders.try_put("coffee") {
///     Err(PutError::Full(item)) => assert_eq!(item, "coffee"),
///     other => panic!("{other:?}"),
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PutError<T> {
    /// There was no room, now or in time (Python's `queue.Full`).
    Full(T),
    /// The queue was shut down (Python's `queue.ShutDown`).
    ShutDown(T),
}

/// Why no item was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GetError {
    /// There was none, now or in time (Python's `queue.Empty`).
    Empty,
    /// There is none, and there will be none: the queue was shut down (Python's `queue.ShutDown`).
    ShutDown,
}

/// A task was done that had not been put (Python's `ValueError`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskDoneError {
    pub(crate) _private: (),
}

impl<T> ShutDown<T> {
    /// The item.
    pub fn into_item(self) -> T {
        self.0
    }
}

impl<T> PutError<T> {
    /// The item, whatever the reason.
    pub fn into_item(self) -> T {
        match self {
            Self::Full(item) | Self::ShutDown(item) => item,
        }
    }

    /// True if there was no room.
    pub const fn is_full(&self) -> bool {
        matches!(self, Self::Full(_))
    }

    /// True if the queue was shut down.
    pub const fn is_shut_down(&self) -> bool {
        matches!(self, Self::ShutDown(_))
    }
}

impl GetError {
    /// True if there was no item.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        matches!(self, Self::Empty)
    }

    /// True if the queue was shut down.
    #[must_use]
    pub const fn is_shut_down(self) -> bool {
        matches!(self, Self::ShutDown)
    }
}

impl<T> From<ShutDown<T>> for PutError<T> {
    fn from(error: ShutDown<T>) -> Self {
        Self::ShutDown(error.0)
    }
}

impl From<ShutDown> for GetError {
    fn from(_: ShutDown) -> Self {
        Self::ShutDown
    }
}

const FULL: &str = "the queue is full";
const EMPTY: &str = "the queue is empty";
const SHUT_DOWN: &str = "the queue was shut down";

/// Without the item: an error can be shown, and unwrapped, whatever it holds.
impl<T> fmt::Debug for ShutDown<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShutDown(..)")
    }
}

/// Without the item: an error can be shown, and unwrapped, whatever it holds.
impl<T> fmt::Debug for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full(..)",
            Self::ShutDown(_) => "ShutDown(..)",
        })
    }
}

impl<T> fmt::Display for ShutDown<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SHUT_DOWN)
    }
}

impl<T> fmt::Display for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => FULL,
            Self::ShutDown(_) => SHUT_DOWN,
        })
    }
}

impl fmt::Display for GetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => EMPTY,
            Self::ShutDown => SHUT_DOWN,
        })
    }
}

impl fmt::Display for TaskDoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("task_done was called more often than items were put")
    }
}

impl<T> Error for ShutDown<T> {}
impl<T> Error for PutError<T> {}
impl Error for GetError {}
impl Error for TaskDoneError {}
