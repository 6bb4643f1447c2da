//! Vector clocks: which steps of which threads happened before a point (Mattern 1989; Fidge 1988).

/// How many threads lie in place: programs rarely have more, and to go through all of them costs less than to ask.
const IN_PLACE: usize = 8;

/// For each thread, how many of its steps are ordered before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct VectorClock {
    first: [u32; IN_PLACE],
    /// Of the threads after these; as many as there was reason for.
    others: Vec<u32>,
}

impl VectorClock {
    /// How many steps of `thread` are ordered before.
    #[inline]
    pub(crate) fn of(&self, thread: usize) -> u32 {
        match self.first.get(thread) {
            Some(&count) => count,
            None => self.others.get(thread - IN_PLACE).copied().unwrap_or(0),
        }
    }

    /// One more step of `thread`.
    #[inline]
    pub(crate) fn tick(&mut self, thread: usize) {
        match self.first.get_mut(thread) {
            Some(count) => *count += 1,
            None => self.tick_other(thread - IN_PLACE),
        }
    }

    #[cold]
    fn tick_other(&mut self, other: usize) {
        if self.others.len() <= other {
            self.others.resize(other + 1, 0);
        }
        self.others[other] += 1;
    }

    /// Everything ordered before `other` is now ordered before this, too.
    #[inline]
    pub(crate) fn join(&mut self, other: &Self) {
        for (mine, theirs) in self.first.iter_mut().zip(&other.first) {
            *mine = (*mine).max(*theirs);
        }
        if !other.others.is_empty() {
            self.join_others(&other.others);
        }
    }

    #[cold]
    fn join_others(&mut self, others: &[u32]) {
        if self.others.len() < others.len() {
            self.others.resize(others.len(), 0);
        }
        for (mine, theirs) in self.others.iter_mut().zip(others) {
            *mine = (*mine).max(*theirs);
        }
    }

    /// Forgets everything.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.first = [0; IN_PLACE];
        self.others.clear();
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
        right.tick(11);
        left.join(&right);
        assert_eq!([0, 1, 2, 9, 11, 12].map(|thread| left.of(thread)), [2, 0, 1, 0, 1, 0]);
        right.join(&left);
        assert_eq!(left, right);
        left.tick(8);
        assert_eq!([8, 11].map(|thread| left.of(thread)), [1, 1]);
        left.clear();
        assert_eq!([0, 2, 8, 11].map(|thread| left.of(thread)), [0; 4]);
    }
}
