//! Wrong: the fix makes the bug rarer still, which is no fix.

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
    let packed = Arc::new(Lock::new(0).named("packed"));
    let slow = spawn({
        let (total, packed) = (Arc::clone(&total), Arc::clone(&packed));
        move || {
            for _ in 0..6 {
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

pub fn main() {
    println!("buggy: {}, fixed: {}", buggy(), fixed());
}
