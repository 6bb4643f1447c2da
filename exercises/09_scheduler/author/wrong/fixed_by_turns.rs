//! Wrong: nothing can go wrong any more, as there is only one thread at a time.

use std::sync::Arc;

use threadcraft::prelude::*;

/// Goes wrong on few schedules.
pub fn buggy() -> u32 {
    let total = Arc::new(Shared::new(0).named("total"));
    let packed = Arc::new(Lock::new(0).named("packed"));
    let slow = spawn({
        let (total, packed) = (Arc::clone(&total), Arc::clone(&packed));
        move || {
            for _ in 0..4 {
                *packed.lock() += 1;
            }
            total.set(total.get() + 1);
        }
    });
    let quick = spawn({
        let total = Arc::clone(&total);
        move || total.set(total.get() + 1)
    });
    slow.join().expect("the slow one has counted");
    quick.join().expect("the quick one has counted");
    total.get()
}

/// The same, right on every schedule.
pub fn fixed() -> u32 {
    let total = Arc::new(Shared::new(0).named("total"));
    for _ in 0..2 {
        let total = Arc::clone(&total);
        let clerk = spawn(move || total.set(total.get() + 1));
        clerk.join().expect("the clerk has counted");
    }
    total.get()
}

pub fn main() {
    println!("buggy: {}, fixed: {}", buggy(), fixed());
}
