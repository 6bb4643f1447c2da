//! Wrong: there is no bug.

use std::sync::Arc;

use threadcraft::prelude::*;

/// Goes wrong on few schedules.
pub fn buggy() -> u32 {
    let total = Arc::new(Lock::new(0).named("total"));
    let packed = Arc::new(Lock::new(0).named("packed"));
    let slow = spawn({
        let (total, packed) = (Arc::clone(&total), Arc::clone(&packed));
        move || {
            for _ in 0..4 {
                *packed.lock() += 1;
            }
            *total.lock() += 1;
        }
    });
    let quick = spawn({
        let total = Arc::clone(&total);
        move || *total.lock() += 1
    });
    slow.join().expect("the slow one has counted");
    quick.join().expect("the quick one has counted");
    *total.lock()
}

/// The same, right on every schedule.
pub fn fixed() -> u32 {
    let total = Arc::new(Lock::new(0).named("total"));
    let packed = Arc::new(Lock::new(0).named("packed"));
    let slow = spawn({
        let (total, packed) = (Arc::clone(&total), Arc::clone(&packed));
        move || {
            for _ in 0..4 {
                *packed.lock() += 1;
            }
            *total.lock() += 1;
        }
    });
    let quick = spawn({
        let total = Arc::clone(&total);
        move || *total.lock() += 1
    });
    slow.join().expect("the slow one has counted");
    quick.join().expect("the quick one has counted");
    *total.lock()
}

pub fn main() {
    println!("buggy: {}, fixed: {}", buggy(), fixed());
}
