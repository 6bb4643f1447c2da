//! What the full screens of `watch` and `play` share.

pub(crate) mod ansi;
pub(crate) mod links;
pub(crate) mod screen;
