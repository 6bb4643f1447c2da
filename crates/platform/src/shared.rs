//! A variable that threads may read and write at any time, each access a step of its own.

use std::fmt;

use crossbeam_utils::atomic::AtomicCell;

use crate::const_unless_loom;
use crate::object::{Object, call};

/// A shared variable whose `get` and `set` are two separate steps.
///
/// An access is never a data race: each is atomic in itself. What several of them do together is up to the schedule,
/// and that is what it is for: `x.set(x.get() + 1)` loses updates, and the explorer shows how.
///
/// ```
/// use threadcraft_platform::Shared;
///
/// static VISITORS: Shared<u32> = Shared::new(0).named("visitors");
/// VISITORS.set(VISITORS.get() + 1);
/// assert_eq!(VISITORS.get(), 1);
/// ```
///
/// Under the explorer a `Shared` starts each execution afresh, statics included, and counts as ordered
/// (acquire–release). Cost on the machine: one `crossbeam_utils::atomic::AtomicCell`.
pub struct Shared<T: Copy> {
    object: Object,
    value: AtomicCell<T>,
    #[cfg(feature = "explore")]
    initial: T,
    #[cfg(loom)]
    turn: crate::atomic::AtomicU8,
}

impl<T: Copy> Shared<T> {
    const_unless_loom! {
        /// A variable with this value.
        #[must_use]
        pub const fn new(value: T) -> Self {
            Self {
                object: Object::new("shared"),
                value: AtomicCell::new(value),
                #[cfg(feature = "explore")]
                initial: value,
                #[cfg(loom)]
                turn: crate::atomic::AtomicU8::new(0),
            }
        }
    }

    /// The same with a name for timelines.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.object = self.object.named(name);
        self
    }

    /// The value now.
    #[inline]
    #[track_caller]
    pub fn get(&self) -> T
    where
        T: fmt::Debug,
    {
        call(
            &self.object,
            "get",
            None,
            || {
                self.access(false);
                self.value.load()
            },
            |value, done| {
                done.read();
                done.result(&Shown(value));
                done.value(&Shown(value));
            },
        )
    }

    /// Makes this the value.
    #[inline]
    #[track_caller]
    pub fn set(&self, value: T)
    where
        T: fmt::Debug,
    {
        call(
            &self.object,
            "set",
            Some(&Shown(&value)),
            || {
                self.access(true);
                self.value.store(value);
            },
            |(), done| {
                done.wrote();
                done.value(&Shown(&value));
            },
        );
    }

    /// Tells the explorer what the step depends on, and starts afresh in a new execution; lets loom switch threads.
    #[inline(always)]
    fn access(&self, write: bool) {
        #[cfg(feature = "explore")]
        crate::explored::shared_access(&self.object.tag, write, || self.value.store(self.initial));
        #[cfg(not(feature = "explore"))]
        let _ = write;
        // AcqRel: an access comes after all earlier ones of the variable.
        #[cfg(loom)]
        self.turn.swap(0, core::sync::atomic::Ordering::AcqRel);
    }
}

/// `Display` through `Debug`: a `Shared<&str>` shows its quotes.
struct Shown<'value, T>(&'value T);

impl<T: fmt::Debug> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Copy + Default> Default for Shared<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Copy + fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shared").field(&self.value.load()).finish()
    }
}
