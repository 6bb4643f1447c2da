//! Right: a number inside a lock, and a condition to wait for a free cabin.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Bath {
    free: Lock<u32>,
    left: Condition,
}

impl Bath {
    pub fn new(cabins: u32) -> Self {
        Self { free: Lock::new(cabins).named("free"), left: Condition::new().named("left") }
    }

    /// One visit, once a cabin is free.
    pub fn visit(&self, bathe: impl FnOnce()) {
        let mut free = self.free.lock();
        self.left.wait_while(&mut free, |free| *free == 0);
        *free -= 1;
        drop(free);
        bathe();
        let mut free = self.free.lock();
        *free += 1;
        self.left.notify_one(&mut free);
    }
}

pub fn main() {
    let bath = Arc::new(Bath::new(3));
    let visitors: Vec<_> = (1..=5)
        .map(|visitor| {
            let bath = Arc::clone(&bath);
            spawn(move || bath.visit(|| println!("visitor {visitor} is in")))
        })
        .collect();
    for visitor in visitors {
        visitor.join().expect("the visitor went home");
    }
}
