//! The backend under `--cfg loom`: loom's model of the machine.
//!
//! What it checks is orderings: a load may return what was overwritten already, unless happens-before forbids it. README.md
//! in the folder says what each part of the seam is here, what that can find, and what it cannot.

pub(crate) mod atomic;
pub mod cell;
mod clock;
pub(crate) mod futex;

pub(crate) use loom::hint::spin_loop;

pub(crate) use self::clock::{now, ticks};

/// What `std::thread` is on the machine.
pub(crate) mod thread {
    pub(crate) use loom::thread::{Builder, JoinHandle, current, yield_now};
    pub(crate) use std::thread::panicking;

    pub(crate) use super::clock::sleep;
}
