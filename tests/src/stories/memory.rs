//! Plain memory that two threads use, and nothing that orders them.

use std::sync::Arc;

use threadcraft::atomic::{AtomicBool, Ordering};
use threadcraft::prelude::*;

use super::{join, start};

/// A page that is written and then published through a flag, by these two orderings.
pub fn published(store: Ordering, load: Ordering) {
    let book = Arc::new((RaceCell::new(0).named("page"), AtomicBool::new(false).named("printed")));
    let writer = Arc::clone(&book);
    let writer = start("writer", move || {
        // SAFETY:
        // - no other access overlaps, unless the explorer finds the one that does.
        writer.0.with_mut(|page| unsafe { *page = 42 });
        writer.1.store(true, store);
    });
    if book.1.load(load) {
        // SAFETY:
        // - as above.
        let page = book.0.with(|page| unsafe { *page });
        assert_eq!(page, 42);
    }
    join([writer]);
}

/// The flag is Relaxed on one side.
pub fn relaxed_store() {
    published(Ordering::Relaxed, Ordering::Acquire);
}

/// The flag is Relaxed on the other side.
pub fn relaxed_load() {
    published(Ordering::Release, Ordering::Relaxed);
}

/// The flag is Relaxed on both sides.
pub fn relaxed_both() {
    published(Ordering::Relaxed, Ordering::Relaxed);
}

/// One of two takes the lock.
pub fn one_sided_lock() {
    let till = Arc::new((Lock::new(()).named("till"), RaceCell::new(0).named("coins")));
    let (careful, hasty) = (Arc::clone(&till), Arc::clone(&till));
    join([
        start("careful", move || {
            let _guard = careful.0.lock();
            // SAFETY:
            // - no other access overlaps, unless the explorer finds the one that does.
            careful.1.with_mut(|coins| unsafe { *coins += 1 });
        }),
        // SAFETY:
        // - as above.
        start("hasty", move || hasty.1.with_mut(|coins| unsafe { *coins += 1 })),
    ]);
}

/// No tool at all.
pub fn unguarded() {
    let coins = Arc::new(RaceCell::new(0).named("coins"));
    let other = Arc::clone(&coins);
    // SAFETY:
    // - no other access overlaps, unless the explorer finds the one that does.
    let thread = start("thief", move || other.with_mut(|coins| unsafe { *coins = 0 }));
    // SAFETY:
    // - as above.
    let seen = coins.with(|coins| unsafe { *coins });
    threadcraft::println!("{seen} coins");
    join([thread]);
}
