//! The programs of the explorer's guide (`crates/explore/GUIDE.md`), which shows them and what is said of them word for
//! word: `tests/guide.rs` compares.

pub mod queue;
pub mod spin;
