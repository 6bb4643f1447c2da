//! One search on several machines: each takes its share of the tree of choices.
//!
//! A search that goes through all choices is divided at its first branches: what follows a given prefix belongs to one
//! shard, chosen by a hash of the prefix. Every shard walks all the prefixes, which are few, and turns back where it
//! comes into the share of another; so all shards agree on what is whose, without a word between them.

use serde::{Deserialize, Serialize};

use super::numbers::mix;

/// Which share of a search this is: the `index`th of `count`, from 1. As text `2/5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    index: u32,
    count: u32,
}

/// Why a text is no [`Shard`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardError(String);

impl std::fmt::Display for ShardError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is no share of a search: write `2/5` for the second of five", self.0.escape_debug())
    }
}

impl std::error::Error for ShardError {}

/// The choices at the first branches of an execution.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Prefix {
    branches: u32,
    hash: u64,
}

impl Shard {
    /// The `index`th of `count` shares, from 1; `None` if there is no such share.
    #[must_use]
    pub fn new(index: u32, count: u32) -> Option<Self> {
        (1..=count).contains(&index).then_some(Self { index, count })
    }

    /// Everything: a search that is not divided.
    pub(crate) const WHOLE: Self = Self { index: 1, count: 1 };

    /// Which share it is, from 1.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many shares there are.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// The first of them also does what cannot be divided.
    pub(crate) fn is_first(self) -> bool {
        self.index == 1
    }

    /// Random choices differ from share to share.
    pub(crate) fn seed(self, seed: u64) -> u64 {
        if self.is_first() { seed } else { seed ^ mix(u64::from(self.index)) }
    }

    /// After so many branches a prefix belongs to somebody: there are some sixteen prefixes for each shard at least.
    fn depth(self) -> u32 {
        if self.count == 1 { 0 } else { self.count.next_power_of_two().ilog2() + 4 }
    }

    /// True if the prefix still belongs to all: all its branches are to be walked.
    pub(crate) fn is_common(self, prefix: Prefix) -> bool {
        prefix.branches < self.depth()
    }

    /// True if what follows this prefix belongs to this shard.
    pub(crate) fn owns(self, prefix: Prefix) -> bool {
        self.is_common(prefix) || prefix.hash % u64::from(self.count) == u64::from(self.index - 1)
    }

    /// The prefix after a point with so many options, of which this one was taken.
    pub(crate) fn then(self, prefix: Prefix, options: usize, taken: usize) -> Prefix {
        if options < 2 || !self.is_common(prefix) {
            return prefix;
        }
        Prefix { branches: prefix.branches + 1, hash: mix(prefix.hash ^ (taken as u64 + 1)) }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = ShardError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl std::str::FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text
            .trim()
            .split_once('/')
            .and_then(|(index, count)| Self::new(index.trim().parse().ok()?, count.trim().parse().ok()?));
        parsed.ok_or_else(|| ShardError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_as_it_is_written() {
        assert_eq!("2/5".parse::<Shard>().map(|shard| shard.to_string()), Ok("2/5".to_owned()));
        for wrong in ["", "2", "0/5", "6/5", "a/b", "1/0", "-1/2"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

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
