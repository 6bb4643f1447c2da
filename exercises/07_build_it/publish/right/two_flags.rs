//! Right: a flag for each of the two questions.

use std::sync::Arc;

use threadcraft::atomic::{AtomicBool, Ordering};
use threadcraft::prelude::*;

pub struct Page {
    claimed: AtomicBool,
    published: AtomicBool,
}

impl Page {
    pub fn new() -> Self {
        Self { claimed: AtomicBool::new(false), published: AtomicBool::new(false) }
    }

    /// True for one caller: it is to write, and then to call `publish`.
    pub fn claim(&self) -> bool {
        // Relaxed: of two, one finds it unclaimed, and more is not said by it.
        !self.claimed.swap(true, Ordering::Relaxed)
    }

    /// What was claimed is written.
    pub fn publish(&self) {
        // Release: partner of the Acquire in `is_published`.
        self.published.store(true, Ordering::Release);
    }

    /// True if the page may be read.
    pub fn is_published(&self) -> bool {
        // Acquire: partner of the Release in `publish`.
        self.published.load(Ordering::Acquire)
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
