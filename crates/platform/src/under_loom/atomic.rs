//! Atomics: loom's own, but for the futex word.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::Ordering;

use loom::sync::atomic as machine;
pub use loom::sync::atomic::{
    AtomicBool, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, fence,
};

use super::futex;

/// Loom's atomic, for words that threads sleep on: all its writes are in one order.
///
/// Loom orders a plain store and somebody else's read-modify-write only if one of them saw the other. A comparison
/// before a sleep could then read a value that is overwritten already, after the wake-up that tells so: a deadlock that
/// no machine shows. A store is therefore made by an exchange. The price: a store does not end a release sequence.
pub struct AtomicU32(Option<machine::AtomicU32>);

impl AtomicU32 {
    /// What stands in a constant that a trait demands, as `lock_api::RawMutex::INIT`: every use of it panics.
    pub const OF_NO_MODEL: Self = Self(None);

    /// An atomic with this value.
    #[must_use]
    #[track_caller]
    pub fn new(value: u32) -> Self {
        futex::prepare();
        Self(Some(machine::AtomicU32::new(value)))
    }

    /// As in `std`.
    #[track_caller]
    pub fn store(&self, value: u32, order: Ordering) {
        self.swap(value, order);
    }

    /// The value that was written last. It orders nothing. `other` is any value but the one that is hoped for.
    #[track_caller]
    pub(crate) fn latest(&self, other: u32) -> u32 {
        // An exchange reads the end of the order of writes, where a load may read what comes before; and one that fails
        // writes nothing. Relaxed: a futex promises no order.
        match self.compare_exchange(other, other, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(value) | Err(value) => value,
        }
    }
}

/// All other operations are loom's.
impl Deref for AtomicU32 {
    type Target = machine::AtomicU32;

    fn deref(&self) -> &Self::Target {
        self.0.as_ref().expect("under loom, what has an atomic in it is made by its constructor, not from a constant")
    }
}

impl fmt::Debug for AtomicU32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl Default for AtomicU32 {
    fn default() -> Self {
        Self::new(0)
    }
}

impl From<u32> for AtomicU32 {
    fn from(value: u32) -> Self {
        Self::new(value)
    }
}
