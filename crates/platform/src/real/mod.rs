//! What the seam is on the machine: one file a system.

#[cfg(all(target_os = "linux", not(feature = "portable")))]
#[path = "futex_linux.rs"]
pub(crate) mod futex;
#[cfg(not(all(target_os = "linux", not(feature = "portable"))))]
#[path = "futex_portable.rs"]
pub(crate) mod futex;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod futex_call;

pub(crate) use core::hint::spin_loop;
pub(crate) use std::thread;

/// The present.
#[inline]
pub(crate) fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[cfg(test)]
mod tests;
