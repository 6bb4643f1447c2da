//! Two clerks count, and on many schedules one of two is lost.

use std::sync::Arc;

use threadcraft::prelude::*;

// TODO: a bug that hides: so far it shows far too often.
/// Goes wrong on few schedules.
pub fn buggy() -> u32 {
    let total = Arc::new(Shared::new(0).named("total"));
    let clerks = [(); 2].map(|()| {
        let total = Arc::clone(&total);
        spawn(move || total.set(total.get() + 1))
    });
    for clerk in clerks {
        clerk.join().expect("the clerk has counted");
    }
    total.get()
}

// TODO: and its fix, with as many threads at work at once.
/// The same, right on every schedule.
pub fn fixed() -> u32 {
    let total = Arc::new(Shared::new(0).named("total"));
    let clerks = [(); 2].map(|()| {
        let total = Arc::clone(&total);
        spawn(move || total.set(total.get() + 1))
    });
    for clerk in clerks {
        clerk.join().expect("the clerk has counted");
    }
    total.get()
}

pub fn main() {
    println!("buggy: {}, fixed: {}", buggy(), fixed());
}
