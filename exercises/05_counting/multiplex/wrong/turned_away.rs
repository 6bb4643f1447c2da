//! Wrong: who finds no cabin goes home without a bath.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Bath {
    cabins: Semaphore,
}

impl Bath {
    pub fn new(cabins: u32) -> Self {
        Self { cabins: Semaphore::new(cabins).named("cabins") }
    }

    /// One visit, once a cabin is free.
    pub fn visit(&self, bathe: impl FnOnce()) {
        if let Some(_cabin) = self.cabins.try_acquire() {
            bathe();
        }
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
