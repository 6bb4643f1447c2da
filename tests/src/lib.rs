//! What the tests of this package share.

pub mod eventually;
pub mod toy;
