//! Books that a primitive keeps beside what it does.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Data behind a lock that the explorer does not see: for books whose order shows nowhere, such as the list of a scope's
/// threads. Nothing that can be explored may happen inside.
#[derive(Default)]
pub struct Quiet<T>(Mutex<T>);

impl<T> Quiet<T> {
    /// These books.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Looks into them, or changes them.
    pub fn with<R>(&self, body: impl FnOnce(&mut T) -> R) -> R {
        body(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T> fmt::Debug for Quiet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quiet").finish_non_exhaustive()
    }
}
