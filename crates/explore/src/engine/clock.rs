//! Vector clocks: which steps of which threads happened before a point (Mattern 1989; Fidge 1988).

use smallvec::SmallVec;

/// For each thread, how many of its steps are ordered before. Programs rarely have more threads than fit in place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct VectorClock(SmallVec<[u32; 8]>);

impl VectorClock {
    /// How many steps of `thread` are ordered before.
    #[inline]
    pub(crate) fn of(&self, thread: usize) -> u32 {
        self.0.get(thread).copied().unwrap_or(0)
    }

    /// One more step of `thread`.
    #[inline]
    pub(crate) fn tick(&mut self, thread: usize) {
        if self.0.len() <= thread {
            self.0.resize(thread + 1, 0);
        }
        self.0[thread] += 1;
    }

    /// Everything ordered before `other` is now ordered before this, too.
    #[inline]
    pub(crate) fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = (*mine).max(*theirs);
        }
    }

    /// Forgets everything.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_join_takes_the_later_of_each_thread() {
        let (mut left, mut right) = (VectorClock::default(), VectorClock::default());
        left.tick(0);
        left.tick(0);
        right.tick(2);
        left.join(&right);
        assert_eq!((left.of(0), left.of(1), left.of(2), left.of(9)), (2, 0, 1, 0));
    }
}
