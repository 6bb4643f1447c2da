//! Numbers that look random and are the same on every machine.

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Numbers(u64);

impl Numbers {
    /// A sequence of its own for each execution of a search with this seed.
    pub(crate) fn of_execution(seed: u64, execution: u64) -> Self {
        Self(seed ^ execution.wrapping_mul(0xd134_2543_de82_ef95))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// One of `0..count`; the bias is below one in 2^50 for any count that occurs.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}

/// Spreads the bits: neighbouring numbers become unlike.
pub(crate) fn mix(number: u64) -> u64 {
    let mut mixed = number;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
