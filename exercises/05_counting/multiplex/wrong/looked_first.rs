//! Wrong: who sees a free cabin goes in, and so does whoever saw the same one.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Bath {
    free: Shared<u32>,
}

impl Bath {
    pub fn new(cabins: u32) -> Self {
        Self { free: Shared::new(cabins).named("free") }
    }

    /// One visit, once a cabin is free.
    pub fn visit(&self, bathe: impl FnOnce()) {
        let mut free = self.free.get();
        while free == 0 {
            sleep(Duration::from_millis(1));
            free = self.free.get();
        }
        self.free.set(free - 1);
        bathe();
        self.free.set(self.free.get() + 1);
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
