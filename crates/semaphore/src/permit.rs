//! Permits: what an acquire gives, and a release at the end of the scope takes back.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;

use crate::raw::RawSemaphore;
use crate::{BoundedSemaphore, Semaphore};

/// Permits of a semaphore, given back when this is dropped.
///
/// It can be sent to another thread and given back there.
///
/// ```
/// use threadcraft_semaphore::Semaphore;
///
/// let seats = Semaphore::new(3);
/// let table = seats.acquire_many(2);
/// assert_eq!((table.permits(), seats.available_permits()), (2, 1));
/// drop(table);
/// assert_eq!(seats.available_permits(), 3);
/// ```
///
/// # Panics
///
/// Dropping it panics if that would put the semaphore above its limit, which takes somebody who released permits that
/// were not acquired; nothing is released then. While the thread is panicking already, the surplus is dropped in
/// silence.
#[must_use = "the permits are given back at once if this is not kept; name it, as in `let permit = semaphore.acquire();`"]
pub struct Permit<'semaphore> {
    raw: &'semaphore RawSemaphore,
    limit: u32,
    permits: u32,
    /// The counter's word as the acquire left it.
    left: u32,
}

impl<'semaphore> Permit<'semaphore> {
    #[inline]
    pub(crate) fn new(raw: &'semaphore RawSemaphore, limit: u32, permits: u32, left: u32) -> Self {
        Self { raw, limit, permits, left }
    }

    /// How many permits these are.
    #[must_use]
    pub fn permits(&self) -> u32 {
        self.permits
    }

    /// Keeps the permits for good: the semaphore has so many fewer, unless somebody calls `release`.
    ///
    /// ```
    /// use threadcraft_semaphore::Semaphore;
    ///
    /// let tickets = Semaphore::new(2);
    /// tickets.acquire().forget();
    /// assert_eq!(tickets.available_permits(), 1);
    /// tickets.release(1);
    /// assert_eq!(tickets.available_permits(), 2);
    /// ```
    pub fn forget(mut self) {
        self.permits = 0;
    }
}

impl Drop for Permit<'_> {
    #[inline]
    #[track_caller]
    fn drop(&mut self) {
        self.raw.give_back(self.left, self.permits, self.limit);
    }
}

impl fmt::Debug for Permit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("permits", &self.permits).finish()
    }
}

/// Permits that keep their semaphore alive, so that they can go where a borrow cannot. Given back when dropped, with
/// the same panic as [`Permit`]'s.
#[must_use = "the permits are given back at once if this is not kept; name it, as in `let permit = semaphore.acquire_owned();`"]
pub struct OwnedPermit {
    owner: Owner,
    permits: u32,
    /// The counter's word as the acquire left it.
    left: u32,
}

/// Whose permits they are.
pub(crate) enum Owner {
    Unbounded(Arc<Semaphore>),
    Bounded(Arc<BoundedSemaphore>),
}

impl OwnedPermit {
    pub(crate) fn new(owner: Owner, permits: u32, left: u32) -> Self {
        Self { owner, permits, left }
    }

    /// How many permits these are.
    #[must_use]
    pub fn permits(&self) -> u32 {
        self.permits
    }

    /// Keeps the permits for good, as [`Permit::forget`] does.
    pub fn forget(mut self) {
        self.permits = 0;
    }
}

impl Drop for OwnedPermit {
    #[track_caller]
    fn drop(&mut self) {
        let (raw, limit) = match &self.owner {
            Owner::Unbounded(semaphore) => semaphore.parts(),
            Owner::Bounded(semaphore) => semaphore.parts(),
        };
        raw.give_back(self.left, self.permits, limit);
    }
}

impl fmt::Debug for OwnedPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedPermit").field("permits", &self.permits).finish()
    }
}
