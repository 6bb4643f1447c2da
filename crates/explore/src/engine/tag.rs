//! The identity of an object under exploration.
//!
//! A tag lives inside the object and moves with it, so an object keeps its identity when it is moved, and a new
//! object in old memory gets a new one. It holds the number of the execution that used it last; in another execution
//! it is unknown, gets a new index at its first use, and its owner restores its initial value: statics start afresh.

use std::sync::atomic::{AtomicU64, Ordering};

/// The identity of one object, embedded in it.
///
/// | bits | meaning |
/// |---|---|
/// | all zero | never used under exploration |
/// | high 32 | the number of the execution that used it last, from 1 |
/// | low 32 | its index among the objects of that execution |
#[derive(Debug)]
pub struct Tag {
    word: AtomicU64,
    kind: &'static str,
    name: Option<&'static str>,
}

impl Tag {
    /// An object of this kind, such as `lock`, without a name.
    #[must_use]
    pub const fn new(kind: &'static str) -> Self {
        Self { word: AtomicU64::new(0), kind, name: None }
    }

    /// The same with a name for timelines.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// The name that the program gave.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The index in this execution, if it was used in it.
    ///
    /// Relaxed is enough: whoever has the turn is the only reader and writer, and turns are handed over by a mutex.
    #[inline]
    pub(crate) fn index_in(&self, epoch: u32) -> Option<usize> {
        let word = self.word.load(Ordering::Relaxed);
        ((word >> 32) as u32 == epoch).then_some(word as u32 as usize)
    }

    /// The execution that used it last, if any.
    #[inline]
    pub(crate) fn epoch(&self) -> Option<u32> {
        let epoch = (self.word.load(Ordering::Relaxed) >> 32) as u32;
        (epoch != 0).then_some(epoch)
    }

    /// Notes the index in this execution.
    #[inline]
    pub(crate) fn assign(&self, epoch: u32, index: usize) {
        let index = u32::try_from(index).expect("an execution has fewer than 2^32 objects");
        self.word.store(u64::from(epoch) << 32 | u64::from(index), Ordering::Relaxed);
    }
}
