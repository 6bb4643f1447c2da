//! What the explorer cannot control.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use threadcraft::prelude::*;

use super::{join, start};

/// A thread that the explorer does not know.
pub fn thread_of_std() {
    let counter = Arc::new(Shared::new(0).named("counter"));
    counter.set(1);
    let other = Arc::clone(&counter);
    std::thread::spawn(move || other.set(2)).join().expect("it ends well");
}

/// A lock of `std`, held across a step.
pub fn lock_of_std() {
    let shared = Arc::new((Shared::new(false).named("ready"), std::sync::Mutex::new(())));
    let other = Arc::clone(&shared);
    let holder = start("holder", move || {
        let _guard = other.1.lock();
        other.0.set(true);
        other.0.get();
    });
    while !shared.0.get() {}
    drop(shared.1.lock());
    join([holder]);
}

/// Each run takes another way.
pub fn remembers() {
    // A counter of `std` is not the explorer's: it is not put back between runs.
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let runs = RUNS.fetch_add(1, Ordering::Relaxed);
    threadcraft::println!("run {runs}");
}

/// Nothing that the explorer could see.
pub fn nothing() {}
