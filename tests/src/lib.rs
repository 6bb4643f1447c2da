//! What the tests of this package share.

pub mod eventually;
pub mod model;
pub mod mutants;
pub mod programs;
pub mod toy;
