//! Two want to write, and one looks; a page published is a page; and a page claimed is none.

use std::sync::Arc;

use threadcraft::{RaceCell, Thread, spawn};
use threadcraft_harness::{Check, Program};

use crate::learner::Page;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("one writes, one reads", || {
            let paper = Paper::new();
            let writer = paper.correspondent();
            let read = paper.read();
            (writer.join().expect("the correspondent went home"), read)
        })
        .fine_grain()
        .comes_to(
            "a page alone is claimed, and read as it was written, or not at all",
            &["(true, Some(7))", "(true, None)"],
        ),
    );
    check.explore(
        Program::new("two want to write", || {
            let paper = Paper::new();
            let writers = [paper.correspondent(), paper.correspondent()];
            let wrote = writers.map(|writer| writer.join().expect("the correspondent went home"));
            (wrote.into_iter().filter(|&wrote| wrote).count(), paper.read())
        })
        .fine_grain()
        .comes_to("one of them does, and it is published in the end", &["(1, Some(7))"]),
    );
}

/// A page, and what stands on it: a plain cell, so that whatever the page does not order is a data race.
struct Paper {
    page: Page,
    report: RaceCell<u32>,
}

impl Paper {
    fn new() -> Arc<Self> {
        Arc::new(Self { page: Page::new(), report: RaceCell::new(0).named("report") })
    }

    /// A thread that writes, if it may. Comes to whether it did.
    fn correspondent(self: &Arc<Self>) -> Thread<bool> {
        let paper = Arc::clone(self);
        spawn(move || {
            let mine = paper.page.claim();
            if mine {
                // SAFETY:
                // - one explored thread runs at a time, and an access that is not ordered is reported, not made.
                paper.report.with_mut(|report| unsafe { *report = 7 });
                paper.page.publish();
            }
            mine
        })
    }

    /// What is read, if anything may be.
    fn read(&self) -> Option<u32> {
        // SAFETY:
        // - as in `correspondent`.
        self.page.is_published().then(|| self.report.with(|report| unsafe { *report }))
    }
}
