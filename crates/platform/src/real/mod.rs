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

/// The processor's count of time, or 0.
#[inline]
pub(crate) fn ticks() -> u64 {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        // What was loaded before has come after it: else the count may be read while a load is still under way.
        // SAFETY:
        // - it is of SSE2, which every x86-64 processor has.
        unsafe { core::arch::x86_64::_mm_lfence() };
        // SAFETY:
        // - every x86-64 processor has the instruction.
        unsafe { core::arch::x86_64::_rdtsc() }
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    0
}

#[cfg(test)]
mod tests;
