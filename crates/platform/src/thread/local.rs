//! Values that each thread has for itself, by keys: dropped when the thread ends.
//!
//! Explored threads may share a thread of the system, so `std`'s thread-locals alone do not do.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What each thread has at most one value for. The number is given out at first use, as a constant cannot.
#[derive(Debug)]
pub struct Key {
    number: AtomicU64,
}

/// The values of one thread.
#[derive(Default)]
struct Values(RefCell<BTreeMap<u64, Rc<dyn Any>>>);

/// How often values are dropped, if destructors bring values back.
const DROP_ROUNDS: usize = 4;

thread_local! {
    static VALUES: Values = Values::default();
}

impl Key {
    /// A key of its own.
    #[must_use]
    pub const fn new() -> Self {
        Self { number: AtomicU64::new(0) }
    }

    fn number(&self) -> u64 {
        static LAST: AtomicU64 = AtomicU64::new(0);
        // Relaxed, all three: numbers only have to differ, and whoever reads one reads the one that was kept.
        let number = self.number.load(Ordering::Relaxed);
        if number != 0 {
            return number;
        }
        let new = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        self.number.compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed).err().unwrap_or(new)
    }

    /// The running thread's value. None also while a thread of the machine drops its thread-locals.
    #[must_use]
    pub fn get(&self) -> Option<Rc<dyn Any>> {
        with(|values| values.0.borrow().get(&self.number()).cloned()).flatten()
    }

    /// Makes this the running thread's value and gives back what it replaces. Nothing is kept while a thread of the
    /// machine drops its thread-locals.
    pub fn set(&self, value: Rc<dyn Any>) -> Option<Rc<dyn Any>> {
        with(|values| values.0.borrow_mut().insert(self.number(), value)).flatten()
    }

    /// Takes the running thread's value.
    pub fn take(&self) -> Option<Rc<dyn Any>> {
        with(|values| values.0.borrow_mut().remove(&self.number())).flatten()
    }
}

impl Default for Key {
    fn default() -> Self {
        Self::new()
    }
}

fn with<R>(body: impl FnOnce(&Values) -> R) -> Option<R> {
    #[cfg(feature = "explore")]
    if let Some(kept) = crate::explored::kept(|| Rc::new(Values::default())) {
        return kept.downcast_ref::<Values>().map(body);
    }
    VALUES.try_with(body).ok()
}

/// Drops the values of the running thread of the machine, before its end is told.
pub(super) fn clear() {
    for _ in 0..DROP_ROUNDS {
        let dropped = VALUES.try_with(|values| values.0.take()).unwrap_or_default();
        if dropped.is_empty() {
            return;
        }
    }
}
