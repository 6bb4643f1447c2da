//! Right: another kind of bug, two locks in opposite orders, far apart; and its fix, one order.

use std::sync::Arc;

use threadcraft::prelude::*;

/// Goes wrong on few schedules.
pub fn buggy() -> u32 {
    with_locks(|one, other| {
        let other = other.lock();
        *one.lock() + *other
    })
}

/// The same, right on every schedule.
pub fn fixed() -> u32 {
    with_locks(|one, other| {
        let one = one.lock();
        *one + *other.lock()
    })
}

fn with_locks(sum: fn(&Lock<u32>, &Lock<u32>) -> u32) -> u32 {
    let locks = Arc::new((Lock::new(1).named("one"), Lock::new(2).named("other"), Lock::new(0).named("log")));
    let straight = spawn({
        let locks = Arc::clone(&locks);
        move || {
            for _ in 0..4 {
                *locks.2.lock() += 1;
            }
            let one = locks.0.lock();
            *one + *locks.1.lock()
        }
    });
    let summed = spawn(move || sum(&locks.0, &locks.1));
    straight.join().expect("both locks were free") + summed.join().expect("both locks were free")
}

pub fn main() {
    println!("buggy: {}, fixed: {}", buggy(), fixed());
}
