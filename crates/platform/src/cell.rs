//! A plain memory cell, for those who build primitives: its races are found under the explorer.

use core::cell::UnsafeCell;
#[cfg(feature = "explore")]
use threadcraft_explore::runtime::Tag;

/// An `UnsafeCell` whose accesses the explorer checks: two of them, one writing, with nothing that orders them by
/// happens-before, are a data race and a verdict. On the machine it is an `UnsafeCell` and nothing else.
#[derive(Debug)]
pub struct RaceCell<T: ?Sized> {
    #[cfg(feature = "explore")]
    tag: Tag,
    value: UnsafeCell<T>,
}

// SAFETY:
// - `with` and `with_mut` only hand out raw pointers; whoever reads or writes through them promises, in their own
//   `unsafe` block, that no other access overlaps;
// - `T: Send`, as such an access may move the value to another thread.
unsafe impl<T: ?Sized + Send> Sync for RaceCell<T> {}

impl<T> RaceCell<T> {
    /// A cell with this value.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self {
            #[cfg(feature = "explore")]
            tag: Tag::new("cell"),
            value: UnsafeCell::new(value),
        }
    }

    /// The same with a name for timelines.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self
    where
        T: Copy,
    {
        #[cfg(feature = "explore")]
        return Self { tag: self.tag.named(name), value: self.value };
        #[cfg(not(feature = "explore"))]
        {
            let _ = name;
            self
        }
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> RaceCell<T> {
    /// A read: `body` may read through the pointer, and nothing else.
    #[inline]
    #[track_caller]
    pub fn with<R>(&self, body: impl FnOnce(*const T) -> R) -> R {
        #[cfg(feature = "explore")]
        crate::explored::cell_access(&self.tag, false);
        body(self.value.get())
    }

    /// A write: `body` may read and write through the pointer.
    #[inline]
    #[track_caller]
    pub fn with_mut<R>(&self, body: impl FnOnce(*mut T) -> R) -> R {
        #[cfg(feature = "explore")]
        crate::explored::cell_access(&self.tag, true);
        body(self.value.get())
    }

    /// The value of a cell that nobody else can see.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}
