//! Wrong: a lock keeps the fourth out, and the second and the third as well.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Bath {
    door: Lock<()>,
}

impl Bath {
    pub fn new(_cabins: u32) -> Self {
        Self { door: Lock::new(()).named("door") }
    }

    /// One visit, once a cabin is free.
    pub fn visit(&self, bathe: impl FnOnce()) {
        let _door = self.door.lock();
        bathe();
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
