//! A plain memory cell whose races loom finds.

use loom::cell::UnsafeCell;

/// An `UnsafeCell` whose accesses loom checks: two of them, one writing, with nothing that orders them by
/// happens-before, end the model with a panic.
#[derive(Debug)]
pub struct RaceCell<T: ?Sized>(UnsafeCell<T>);

// SAFETY:
// - `with` and `with_mut` only hand out raw pointers; whoever reads or writes through them promises, in their own
//   `unsafe` block, that no other access overlaps;
// - `T: Send`, as such an access may move the value to another thread.
unsafe impl<T: ?Sized + Send> Sync for RaceCell<T> {}

impl<T> RaceCell<T> {
    /// A cell with this value.
    #[must_use]
    #[track_caller]
    pub fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// The same: loom has no timeline to name it in.
    #[must_use]
    pub fn named(self, _name: &'static str) -> Self {
        self
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

impl<T: ?Sized> RaceCell<T> {
    /// A read: `body` may read through the pointer, and nothing else.
    #[track_caller]
    pub fn with<R>(&self, body: impl FnOnce(*const T) -> R) -> R {
        self.0.with(body)
    }

    /// A write: `body` may read and write through the pointer.
    #[track_caller]
    pub fn with_mut<R>(&self, body: impl FnOnce(*mut T) -> R) -> R {
        self.0.with_mut(body)
    }

    /// The value of a cell that nobody else can see.
    #[track_caller]
    pub fn get_mut(&mut self) -> &mut T {
        // SAFETY:
        // - the pointer is valid, and the unique reference excludes every other access for as long as the result lives.
        self.0.with_mut(|value| unsafe { &mut *value })
    }
}
