//! What a program has once.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// One value for the whole program, made at first use: for a static. An explored execution is a program of its own, so
/// each has another value, which is as new as the execution.
///
/// ```
/// use threadcraft_platform::PerProgram;
/// use threadcraft_platform::atomic::{AtomicU32, Ordering};
///
/// static VISITORS: PerProgram<AtomicU32> = PerProgram::new(|| AtomicU32::new(100));
/// VISITORS.get().fetch_add(1, Ordering::Relaxed);
/// assert_eq!(VISITORS.get().load(Ordering::Relaxed), 101);
/// ```
pub struct PerProgram<T: 'static> {
    value: OnceLock<Arc<T>>,
    make: fn() -> T,
}

impl<T: Send + Sync> PerProgram<T> {
    /// A value that `make` makes. It must not ask for the value itself.
    #[must_use]
    pub const fn new(make: fn() -> T) -> Self {
        Self { value: OnceLock::new(), make }
    }

    /// The value.
    #[must_use]
    pub fn get(&'static self) -> Arc<T> {
        #[cfg(feature = "explore")]
        {
            let make = || -> Arc<dyn std::any::Any + Send + Sync> { Arc::new((self.make)()) };
            if let Some(value) = crate::explored::global(std::ptr::from_ref(self).addr(), make) {
                return value.downcast().expect("a static has one type");
            }
        }
        Arc::clone(self.value.get_or_init(|| Arc::new((self.make)())))
    }
}

impl<T> fmt::Debug for PerProgram<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerProgram").finish_non_exhaustive()
    }
}
