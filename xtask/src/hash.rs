//! A stable 64-bit hash (FNV-1a) of contents, to see whether something has changed.
//!
//! Written to files, so it must not depend on the version of Rust as `DefaultHasher` does. Nothing here guards
//! against somebody who wants two files to look alike.

use std::fmt;

/// The hash of everything that was fed to it, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash(u64);

impl Hash {
    /// Of nothing yet.
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Of one piece of contents.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self::new().with(bytes)
    }

    /// Adds a piece. Its length counts, so that pieces cannot run into each other.
    #[must_use]
    pub(crate) fn with(self, bytes: &[u8]) -> Self {
        let length = (bytes.len() as u64).to_le_bytes();
        let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(length.iter().chain(bytes).fold(self.0, step))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_do_not_run_into_each_other() {
        assert_ne!(Hash::new().with(b"ab").with(b"c"), Hash::new().with(b"a").with(b"bc"));
        assert_ne!(Hash::of(b""), Hash::new());
    }

    #[test]
    fn the_hash_is_the_same_in_every_version() {
        assert_eq!(Hash::of(b"threadcraft").to_string(), "53819755567e3ef4");
    }
}
