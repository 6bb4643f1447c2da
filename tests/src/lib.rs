//! What the tests of this package share.

pub mod corpus;
pub mod eventually;
pub mod model;
pub mod mutants;
#[cfg(not(loom))]
pub mod programs;
#[cfg(not(loom))]
pub mod stories;
#[cfg(not(loom))]
pub mod toy;
