//! What the tests of this package share.

#[cfg(not(loom))]
pub mod corpus;
pub mod eventually;
#[cfg(not(loom))]
pub mod gate;
#[cfg(not(loom))]
pub mod guide;
pub mod mutants;
#[cfg(not(loom))]
pub mod programs;
#[cfg(not(loom))]
pub mod races;
#[cfg(not(loom))]
pub mod stories;
#[cfg(not(loom))]
pub mod toy;
#[cfg(not(loom))]
pub mod traces;

pub use threadcraft_suites as model;
