//! `Local`: a value for each thread.

extern crate alloc;

use alloc::rc::Rc;
use core::fmt;
use core::marker::PhantomData;

use threadcraft_platform::thread::local::Key;

/// A variable of which each thread has a value of its own (Python's `threading.local`): one a thread and `Local`.
///
/// ```
/// use threadcraft_thread::{Local, scope};
///
/// static USER: Local<String> = Local::new();
///
/// USER.set("main".to_owned());
/// scope(|scope| {
///     scope.spawn(|| {
///         assert_eq!(USER.get(), None, "each thread begins without");
///         USER.set("worker".to_owned());
///     });
/// });
/// assert_eq!(USER.get().as_deref(), Some("main"));
/// ```
///
/// With [`with_init`](Self::with_init) each thread has a value from its first use on:
///
/// ```
/// use std::cell::Cell;
/// use threadcraft_thread::Local;
///
/// static CALLS: Local<Cell<u32>> = Local::with_init(|| Cell::new(0));
///
/// CALLS.with(|calls| calls.set(calls.get() + 1));
/// assert_eq!(CALLS.with(Cell::get), 1);
/// ```
///
/// A thread's value is dropped when the thread ends, before a join of it returns; the main thread's when the program
/// ends in the usual way. A `Local` that is dropped drops the value of the thread that drops it; the others keep theirs
/// until they end.
///
/// It works explored as natively, and is no step there: no other thread can see it.
///
/// # Cost
///
/// A thread-local read, a look-up among the values of the thread, and an allocation for each value.
#[doc(alias("threading.local", "thread_local", "LocalKey"))]
pub struct Local<T: 'static> {
    key: Key,
    init: Option<fn() -> T>,
    /// The values stay in their threads, so it can be shared whatever they are.
    value: PhantomData<fn() -> T>,
}

impl<T: 'static> Local<T> {
    /// A variable that has no value in any thread.
    #[must_use]
    pub const fn new() -> Self {
        Self { key: Key::new(), init: None, value: PhantomData }
    }

    /// One whose value each thread makes at its first use.
    #[must_use]
    pub const fn with_init(init: fn() -> T) -> Self {
        Self { key: Key::new(), init: Some(init), value: PhantomData }
    }

    /// Makes this the running thread's value.
    pub fn set(&self, value: T) {
        drop(self.replace(value));
    }

    /// The same, giving back what it replaces; none if it is borrowed at this moment, by [`with`](Self::with).
    pub fn replace(&self, value: T) -> Option<T> {
        owned(self.key.set(Rc::new(value))?)
    }

    /// Takes the running thread's value; none if it has none, or if it is borrowed at this moment.
    pub fn take(&self) -> Option<T> {
        owned(self.key.take()?)
    }

    /// A copy of the running thread's value.
    #[must_use]
    pub fn get(&self) -> Option<T>
    where
        T: Clone,
    {
        self.try_with(T::clone)
    }

    /// True if the running thread has a value.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.key.get().is_some()
    }

    /// Hands the running thread's value to `body`.
    ///
    /// # Panics
    ///
    /// If the thread has no value, and nothing was said that makes one.
    #[track_caller]
    pub fn with<R>(&self, body: impl FnOnce(&T) -> R) -> R {
        match self.try_with(body) {
            Some(result) => result,
            None => panic!("this thread has no value in the `Local`: `set` one, or make it by `Local::with_init`"),
        }
    }

    /// The same; none if the thread has no value.
    pub fn try_with<R>(&self, body: impl FnOnce(&T) -> R) -> Option<R> {
        let value = match (self.key.get(), self.init) {
            (Some(value), _) => value.downcast::<T>().ok()?,
            (None, Some(init)) => {
                let made = Rc::new(init());
                self.key.set(Rc::<T>::clone(&made));
                made
            }
            (None, None) => return None,
        };
        Some(body(&value))
    }
}

/// The value itself, if nobody borrows it.
fn owned<T: 'static>(value: Rc<dyn core::any::Any>) -> Option<T> {
    Rc::into_inner(value.downcast::<T>().ok()?)
}

impl<T: 'static> Drop for Local<T> {
    fn drop(&mut self) {
        drop(self.key.take());
    }
}

impl<T: 'static> Default for Local<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug + 'static> fmt::Debug for Local<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Local");
        match self.key.get().and_then(|value| value.downcast::<T>().ok()) {
            Some(value) => shown.field("here", &value),
            None => shown.field("here", &format_args!("<none>")),
        };
        shown.finish()
    }
}
