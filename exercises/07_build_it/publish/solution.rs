//! A page that one of many writes, once, and all may read from then on.

use std::sync::Arc;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::prelude::*;

const EMPTY: u32 = 0;
const CLAIMED: u32 = 1;
const PUBLISHED: u32 = 2;

pub struct Page {
    state: AtomicU32,
}

impl Page {
    pub fn new() -> Self {
        Self { state: AtomicU32::new(EMPTY) }
    }

    /// True for one caller: it is to write, and then to call `publish`.
    pub fn claim(&self) -> bool {
        // Relaxed, twice: a claim publishes nothing, and reads nothing that somebody has written.
        self.state.compare_exchange(EMPTY, CLAIMED, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// What was claimed is written.
    pub fn publish(&self) {
        // Release: partner of the Acquire in `is_published`.
        self.state.store(PUBLISHED, Ordering::Release);
    }

    /// True if the page may be read.
    pub fn is_published(&self) -> bool {
        // Acquire: partner of the Release in `publish`.
        self.state.load(Ordering::Acquire) == PUBLISHED
    }
}

pub fn main() {
    let page = Arc::new((Page::new(), Shared::new("").named("report")));
    let writers = ["one to nil", "nil to one"].map(|report| {
        let page = Arc::clone(&page);
        spawn(move || {
            if page.0.claim() {
                page.1.set(report);
                page.0.publish();
            }
        })
    });
    for writer in writers {
        writer.join().expect("the correspondent went home");
    }
    println!("{}: {}", page.0.is_published(), page.1.get());
}
