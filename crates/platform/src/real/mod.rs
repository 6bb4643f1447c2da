//! What the seam is on the machine: one file a system.

#[cfg(all(target_os = "linux", not(feature = "portable")))]
#[path = "futex_linux.rs"]
pub(crate) mod futex;
#[cfg(not(all(target_os = "linux", not(feature = "portable"))))]
#[path = "futex_portable.rs"]
pub(crate) mod futex;

#[cfg(test)]
mod tests;
