//! The orderings of atomics, as data.

use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

/// How an access to an atomic orders what stands around it, as in `std`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "they are those of `std::sync::atomic::Ordering`")]
pub enum MemoryOrder {
    Relaxed,
    Acquire,
    Release,
    AcqRel,
    SeqCst,
}

impl From<Ordering> for MemoryOrder {
    fn from(order: Ordering) -> Self {
        match order {
            Ordering::Acquire => Self::Acquire,
            Ordering::Release => Self::Release,
            Ordering::AcqRel => Self::AcqRel,
            Ordering::SeqCst => Self::SeqCst,
            // `Relaxed`, and what `std` may add.
            _ => Self::Relaxed,
        }
    }
}
