//! How starting and joining can fail, and what a panic leaves behind.

use core::any::Any;
use core::convert::Infallible;
use core::error::Error;
use core::fmt;
use std::io;
use std::panic::resume_unwind;

/// Why a thread did not start. It can be started again, unless it runs already.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// It was started before.
    AlreadyStarted,
    /// Its name has a NUL in it, which the system cannot keep.
    InvalidName(String),
    /// The system has no room for another thread.
    Refused(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyStarted => f.write_str("the thread was started before: make a new one for each start"),
            Self::InvalidName(name) => write!(f, "the thread's name {name:?} contains a NUL: choose one without"),
            Self::Refused(error) => write!(f, "the system started no thread: {error}"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Refused(error) => Some(error),
            Self::AlreadyStarted | Self::InvalidName(_) => None,
        }
    }
}

/// Why a join gave no value. `H` is what a join that gave up waiting gives back; [`Thread::join`] waits for ever.
///
/// [`Thread::join`]: crate::Thread::join
#[derive(Debug)]
#[non_exhaustive]
pub enum JoinError<H = Infallible> {
    /// The thread panicked.
    Panicked(Panic),
    /// The thread was never started.
    NotStarted,
    /// The thread was to wait for its own end.
    WouldDeadlock,
    /// The thread did not end in time: here it is, to be joined again.
    TimedOut(H),
}

impl<H> fmt::Display for JoinError<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(panic) => panic.fmt(f),
            Self::NotStarted => f.write_str("the thread was never started: call `start` before `join`"),
            Self::WouldDeadlock => f.write_str("the thread would wait for its own end: join it from another thread"),
            Self::TimedOut(_) => f.write_str("the thread did not end in time: it goes on, and can be joined again"),
        }
    }
}

impl<H: fmt::Debug> Error for JoinError<H> {}

/// What a panic leaves behind: its message, and the value that it carried.
///
/// ```
/// use threadcraft_thread::{JoinError, spawn};
///
/// let Err(JoinError::Panicked(panic)) = spawn(|| panic!("out of paper")).join() else { unreachable!() };
/// assert_eq!(panic.message(), "out of paper");
/// assert_eq!(panic.to_string(), "the thread panicked: out of paper");
/// ```
pub struct Panic {
    message: String,
    payload: Payload,
}

/// The value of a panic, which nobody can reach through a shared reference.
struct Payload(Box<dyn Any + Send>);

// SAFETY:
// - a shared reference to it gives no access to the value: nothing here reads it but by unique reference or by value.
unsafe impl Sync for Payload {}

impl Panic {
    /// Keeps what `catch_unwind` gave.
    pub(crate) fn new(payload: Box<dyn Any + Send>) -> Self {
        let message = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
            (Some(text), _) => (*text).to_owned(),
            (None, Some(text)) => text.clone(),
            (None, None) => "a value that is not text".to_owned(),
        };
        Self { message, payload: Payload(payload) }
    }

    /// The message: what was given to `panic!`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The value that the panic carried: what [`std::panic::catch_unwind`] gives.
    #[must_use]
    pub fn into_payload(self) -> Box<dyn Any + Send> {
        self.payload.0
    }

    /// Lets the panic go on in this thread.
    pub fn resume(self) -> ! {
        resume_unwind(self.payload.0)
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the thread panicked: {}", self.message)
    }
}

impl fmt::Debug for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panic").field("message", &self.message).finish_non_exhaustive()
    }
}
