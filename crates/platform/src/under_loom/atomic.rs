//! Atomics: loom's own, but for the futex words.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::Ordering;

use loom::sync::atomic as machine;
pub use loom::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8, AtomicUsize, fence};

use super::futex;

/// Loom's atomic of this type, for words that threads sleep on: all its writes are in one order.
///
/// Loom orders a plain store and somebody else's read-modify-write only if one of them saw the other. A comparison
/// before a sleep could then read a value that is overwritten already, after the wake-up that tells so: a deadlock that
/// no machine shows. A store is therefore made by an exchange. The price: a store does not end a release sequence.
macro_rules! futex_word {
    ($name:ident, $value:ty) => {
        /// Loom's atomic, whose stores are exchanges.
        pub struct $name(Option<machine::$name>);

        impl $name {
            /// What stands in a constant that a trait demands, as `lock_api::RawMutex::INIT`: every use of it panics.
            pub const OF_NO_MODEL: Self = Self(None);

            /// An atomic with this value.
            #[must_use]
            #[track_caller]
            pub fn new(value: $value) -> Self {
                futex::prepare();
                Self(Some(machine::$name::new(value)))
            }

            /// As in `std`.
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                self.swap(value, order);
            }

            /// The value that was written last. It orders nothing. `other` is any value but the one that is hoped for.
            #[track_caller]
            pub(crate) fn latest(&self, other: $value) -> $value {
                // An exchange reads the end of the order of writes, where a load may read what comes before; and one
                // that fails writes nothing. Relaxed: a futex promises no order.
                match self.compare_exchange(other, other, Ordering::Relaxed, Ordering::Relaxed) {
                    Ok(value) | Err(value) => value,
                }
            }
        }

        /// All other operations are loom's.
        impl Deref for $name {
            type Target = machine::$name;

            fn deref(&self) -> &Self::Target {
                self.0
                    .as_ref()
                    .expect("under loom, what has an atomic in it is made by its constructor, not a constant")
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new(0)
            }
        }

        impl From<$value> for $name {
            fn from(value: $value) -> Self {
                Self::new(value)
            }
        }
    };
}

futex_word!(AtomicU32, u32);
futex_word!(AtomicU64, u64);
