//! One search on several machines: each takes its share of the tree of choices.
//!
//! A search that goes through all choices is divided at its first branches: what follows a given prefix belongs to one
//! shard, chosen by a hash of the prefix. Every shard walks all the prefixes, which are few, and turns back where it
//! comes into the share of another; so all shards agree on what is whose, without a word between them.

use crate::Shard;

use super::numbers::mix;

/// The choices at the first branches of an execution.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Prefix {
    branches: u32,
    hash: u64,
}

/// How a search is divided.
pub(crate) trait Divide {
    /// The first of them also does what cannot be divided.
    fn is_first(&self) -> bool;

    /// Random choices differ from share to share.
    fn seed(self, seed: u64) -> u64;

    /// After so many branches a prefix belongs to somebody: there are some sixteen prefixes for each shard at least.
    fn depth(self) -> u32;

    /// True if the prefix still belongs to all: all its branches are to be walked.
    fn is_common(&self, prefix: Prefix) -> bool;

    /// True if what follows this prefix belongs to this shard.
    fn owns(self, prefix: Prefix) -> bool;

    /// The prefix after a point with so many options, of which this one was taken.
    fn then(self, prefix: Prefix, options: usize, taken: usize) -> Prefix;
}

impl Divide for Shard {
    fn is_first(&self) -> bool {
        self.index() == 1
    }

    fn seed(self, seed: u64) -> u64 {
        if self.is_first() { seed } else { seed ^ mix(u64::from(self.index())) }
    }

    fn depth(self) -> u32 {
        if self.count() == 1 { 0 } else { self.count().next_power_of_two().ilog2() + 4 }
    }

    fn is_common(&self, prefix: Prefix) -> bool {
        prefix.branches < self.depth()
    }

    fn owns(self, prefix: Prefix) -> bool {
        self.is_common(prefix) || prefix.hash % u64::from(self.count()) == u64::from(self.index() - 1)
    }

    fn then(self, prefix: Prefix, options: usize, taken: usize) -> Prefix {
        if options < 2 || !self.is_common(prefix) {
            return prefix;
        }
        Prefix { branches: prefix.branches + 1, hash: mix(prefix.hash ^ (taken as u64 + 1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prefix_belongs_to_exactly_one_share() {
        let shards: Vec<Shard> = (1..=3).filter_map(|index| Shard::new(index, 3)).collect();
        for number in 0..200 {
            let mut prefix = Prefix::default();
            for branch in 0..shards[0].depth() {
                prefix = shards[0].then(prefix, 2, (number >> branch) & 1);
            }
            assert_eq!(shards.iter().filter(|shard| shard.owns(prefix)).count(), 1);
        }
    }
}
