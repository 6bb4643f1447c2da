//! What every group of benchmarks shares: contenders that are measured in turns, and tables of what came of it.
//!
//! A figure of a noisy machine says little, the same figure of two contenders measured in turns says much: so a
//! [`Figures`] compares by the median of the ratios of single rounds. A group is a program under `bin`, which prints
//! its part of RESULTS.md; `cargo xtask bench` builds and runs each on its own.

pub mod judged;
mod python;
mod rounds;
mod table;

pub use python::Python;
pub use rounds::{Contender, Figures, Interval, geometric_mean, interleaved, median};
pub use table::{Column, Row, Table, Target, met};
