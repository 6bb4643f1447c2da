//! The queues of those who wait at a futex, and by what they are found.

/// Who waits at one futex.
#[derive(Debug)]
pub(crate) struct Queue {
    /// The word; none as long as nothing but its address is known.
    pub(crate) word: Option<usize>,
    pub(crate) at: QueueAt,
    /// The object that stands for it.
    pub(crate) object: usize,
    /// In the order of arrival.
    pub(crate) waiters: Vec<usize>,
}

/// By what a word's queue is asked for by who wakes: the word may be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueAt {
    /// Where the word's tag is, or was.
    pub tag: usize,
    /// The second of the word's two queues.
    pub second: bool,
}
