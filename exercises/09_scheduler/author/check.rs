//! The bug shows on few schedules, and on some; its fix is right on every one.

use threadcraft_harness::{Check, Program};

/// On so many of a hundred schedules the bug may show, or more seldom.
const PERCENT: u32 = 5;

pub fn check(check: &mut Check) {
    check.goes_wrong_seldom("buggy, on random schedules", crate::learner::buggy, crate::learner::fixed, PERCENT);
    check.explore(
        Program::new("fixed, on every schedule", crate::learner::fixed).threads(2..).alive_at_once(2).one_outcome(),
    );
}
