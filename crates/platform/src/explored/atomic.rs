//! Atomics whose operations are steps under the explorer, and plain atomics elsewhere.
//!
//! Each keeps its initial value, so that a `static` starts each execution afresh, and a [`Tag`], its identity.
//! The value itself is always read and written with `SeqCst`: one explored thread runs at a time, and what the
//! program's own orderings promise is the business of the explorer's clocks.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{self as machine, Ordering};

use threadcraft_explore::runtime::{AccessKind, Begun, Bits, Context, Tag, Wanted, used_by_other_thread, with_current};

/// What all explored atomics share: the operations on a value of type `T` in a machine atomic.
macro_rules! explored_atomic {
    ($name:ident $(<$generic:ident>)?, $machine:ty, $value:ty, $kind:literal, $to_bits:expr, $shown:expr) => {
        #[doc = concat!("`std::sync::atomic::", stringify!($name), "`, explorable.")]
        // Laid out as declared: the futex finds the machine's word at the address of the whole.
        #[repr(C)]
        pub struct $name $(<$generic>)? {
            value: $machine,
            initial: $value,
            tag: Tag,
        }

        impl $(<$generic>)? $name $(<$generic>)? {
            /// An atomic with this value.
            #[must_use]
            pub const fn new(value: $value) -> Self {
                Self { value: <$machine>::new(value), initial: value, tag: Tag::new($kind) }
            }

            /// The same with a name for timelines.
            #[must_use]
            pub const fn named(mut self, name: &'static str) -> Self {
                self.tag = self.tag.named(name);
                self
            }

            /// The value, of an atomic that nobody else can see.
            pub fn get_mut(&mut self) -> &mut $value {
                self.value.get_mut()
            }

            /// The value.
            #[must_use]
            pub fn into_inner(self) -> $value {
                self.value.into_inner()
            }

            /// As in `std`.
            #[inline]
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                self.access(
                    "load",
                    None,
                    false,
                    || self.value.load(order),
                    |_| {
                        let seen = self.value.load(Ordering::SeqCst);
                        (seen, seen, AccessKind::Load(order))
                    },
                )
            }

            /// As in `std`.
            #[inline]
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                self.access(
                    "store",
                    Some(value),
                    false,
                    || self.value.store(value, order),
                    |_| {
                        self.value.store(value, Ordering::SeqCst);
                        ((), value, AccessKind::Store(order))
                    },
                );
            }

            /// As in `std`.
            #[inline]
            #[track_caller]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                self.update("swap", value, order, |order| self.value.swap(value, order))
            }

            /// As in `std`.
            ///
            /// # Errors
            ///
            /// The value, if it is not `current`.
            #[inline]
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.exchange("compare_exchange", false, current, new, success, failure)
            }

            /// As in `std`: may fail although the value is `current`; under the explorer, in fine grain, it does.
            ///
            /// # Errors
            ///
            /// The value, if it was not exchanged.
            #[inline]
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.exchange("compare_exchange_weak", true, current, new, success, failure)
            }

            /// As in `std`.
            ///
            /// # Errors
            ///
            /// The value, if `update` says `None` to it.
            #[inline]
            #[track_caller]
            pub fn fetch_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut update: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut previous = self.load(fetch_order);
                while let Some(next) = update(previous) {
                    match self.compare_exchange_weak(previous, next, set_order, fetch_order) {
                        Ok(exchanged) => return Ok(exchanged),
                        Err(changed) => previous = changed,
                    }
                }
                Err(previous)
            }

            #[inline]
            #[track_caller]
            fn exchange(
                &self,
                verb: &'static str,
                weak: bool,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.access(
                    verb,
                    Some(new),
                    weak,
                    || match verb {
                        "compare_exchange_weak" => self.value.compare_exchange_weak(current, new, success, failure),
                        _ => self.value.compare_exchange(current, new, success, failure),
                    },
                    |rare| {
                        if rare {
                            let seen = self.value.load(Ordering::SeqCst);
                            return (Err(seen), seen, AccessKind::Load(failure));
                        }
                        match self.value.compare_exchange(current, new, Ordering::SeqCst, Ordering::SeqCst) {
                            Ok(seen) => (Ok(seen), seen, AccessKind::Update(success)),
                            Err(seen) => (Err(seen), seen, AccessKind::Load(failure)),
                        }
                    },
                )
            }

            /// A read-modify-write whose machine form is `operation`.
            #[inline]
            #[track_caller]
            fn update(
                &self,
                verb: &'static str,
                argument: $value,
                order: Ordering,
                operation: impl Fn(Ordering) -> $value,
            ) -> $value {
                self.access(
                    verb,
                    Some(argument),
                    false,
                    || operation(order),
                    |_| {
                        let seen = operation(Ordering::SeqCst);
                        (seen, seen, AccessKind::Update(order))
                    },
                )
            }

            /// One operation: on the machine, or as a step.
            #[inline]
            #[track_caller]
            fn access<R>(
                &self,
                verb: &'static str,
                argument: Option<$value>,
                rare: bool,
                natively: impl FnOnce() -> R,
                explored: impl FnOnce(bool) -> (R, $value, AccessKind),
            ) -> R {
                let place = Location::caller();
                if !crate::is_explored() {
                    used_by_other_thread(&self.tag, place);
                    return natively();
                }
                let result = with_current(|context: &Context| {
                    let shown = argument.map($shown);
                    let shown = shown.as_ref().map(|shown| shown as &dyn fmt::Display);
                    let reset = || self.value.store(self.initial, Ordering::SeqCst);
                    let begun: Begun = context.begin_access(&self.tag, verb, shown, place, rare, reset);
                    let before = self.value.load(Ordering::SeqCst);
                    let (result, seen, kind) = explored(begun.rare);
                    let after = self.value.load(Ordering::SeqCst);
                    let bits = Bits { before: $to_bits(before), after: $to_bits(after) };
                    context.end_access(begun, kind, bits, &$shown(seen), &$shown(after));
                    result
                });
                result.expect("asked above")
            }
        }

        impl $(<$generic>)? fmt::Debug for $name $(<$generic>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.value.fmt(f)
            }
        }

        impl $(<$generic>)? From<$value> for $name $(<$generic>)? {
            fn from(value: $value) -> Self {
                Self::new(value)
            }
        }
    };
}

/// Read-modify-writes of the same shape.
macro_rules! explored_updates {
    ($name:ident, $value:ty, $($operation:ident)+) => {
        impl $name {
            $(
                /// As in `std`.
                #[inline]
                #[track_caller]
                pub fn $operation(&self, value: $value, order: Ordering) -> $value {
                    self.update(stringify!($operation), value, order, |order| self.value.$operation(value, order))
                }
            )+
        }
    };
}

/// The arithmetic of the integer atomics.
macro_rules! explored_integer {
    ($name:ident, $machine:ty, $value:ty, $kind:literal) => {
        explored_atomic!($name, $machine, $value, $kind, |value: $value| value as u64, |value: $value| value);

        impl Default for $name {
            fn default() -> Self {
                Self::new(0)
            }
        }

        explored_updates!($name, $value, fetch_add fetch_sub fetch_and fetch_or fetch_xor fetch_max fetch_min);
    };
}

explored_integer!(AtomicU8, machine::AtomicU8, u8, "atomic");
explored_integer!(AtomicU32, machine::AtomicU32, u32, "atomic");
explored_integer!(AtomicI32, machine::AtomicI32, i32, "atomic");
explored_integer!(AtomicU64, machine::AtomicU64, u64, "atomic");
explored_integer!(AtomicI64, machine::AtomicI64, i64, "atomic");
explored_integer!(AtomicUsize, machine::AtomicUsize, usize, "atomic");
explored_integer!(AtomicIsize, machine::AtomicIsize, isize, "atomic");
explored_atomic!(AtomicBool, machine::AtomicBool, bool, "atomic", u64::from, |value: bool| value);
explored_updates!(AtomicBool, bool, fetch_and fetch_or fetch_xor fetch_nand);
explored_atomic!(
    AtomicPtr<T>,
    machine::AtomicPtr<T>,
    *mut T,
    "atomic",
    |value: *mut T| value.addr() as u64,
    // Never the address: it differs from run to run.
    |value: *mut T| if value.is_null() { "null" } else { "a pointer" }
);

impl Default for AtomicBool {
    fn default() -> Self {
        Self::new(false)
    }
}

impl<T> Default for AtomicPtr<T> {
    fn default() -> Self {
        Self::new(std::ptr::null_mut())
    }
}

/// What a word is for the futex.
macro_rules! explored_futex_word {
    ($name:ident, $machine:ty, $value:ty) => {
        impl $name {
            /// Where the identity is, from the address of the whole.
            pub(crate) const TAG: usize = std::mem::offset_of!(Self, tag);

            /// The word as the machine's futex needs it.
            pub(crate) fn machine_word(&self) -> &$machine {
                &self.value
            }

            /// The identity of the word.
            pub(crate) fn tag(&self) -> &Tag {
                &self.tag
            }

            /// The value, without a step. Relaxed: the reader has the turn.
            pub(crate) fn peek(&self) -> $value {
                self.value.load(Ordering::Relaxed)
            }
        }
    };
}

explored_futex_word!(AtomicU32, machine::AtomicU32, u32);
explored_futex_word!(AtomicU64, machine::AtomicU64, u64);

impl AtomicU32 {
    /// What is said of a call that waits for the word.
    pub(crate) fn wanted(&self, admits: fn(u32) -> bool) -> Wanted<'_> {
        Wanted { word: &self.tag, value: self.peek(), initial: self.initial, admits }
    }
}

/// As in `std`.
#[inline]
#[track_caller]
pub fn fence(order: Ordering) {
    let place = Location::caller();
    if with_current(|context| context.fence(order, place)).is_none() {
        machine::fence(order);
    }
}
