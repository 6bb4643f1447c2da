//! Atomics, as in `std::sync::atomic`: that very module, or types of the same shape whose operations are steps.

#[cfg(not(any(feature = "explore", loom)))]
pub use core::sync::atomic::{
    AtomicBool, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, fence,
};

pub use core::sync::atomic::Ordering;

#[cfg(feature = "explore")]
pub use crate::explored::atomic::{
    AtomicBool, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, fence,
};

#[cfg(loom)]
pub use crate::under_loom::atomic::{
    AtomicBool, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, fence,
};

/// How often a primitive may look again before it sleeps: `count` on the machine, never under the explorer or
/// loom, where looking again without giving up the turn shows nothing new.
#[inline]
#[must_use]
pub fn spins(count: u32) -> u32 {
    if cfg!(loom) || crate::is_explored() { 0 } else { count }
}

/// Says that the caller is in a loop that waits for another thread's write.
#[inline]
#[track_caller]
pub fn spin_loop() {
    #[cfg(feature = "explore")]
    if crate::explored::yield_now() {
        return;
    }
    crate::backend::spin_loop();
}
