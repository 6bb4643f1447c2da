//! A bath that lets everybody in.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Bath {
    // TODO: the bath has to know how many cabins are free.
}

impl Bath {
    pub fn new(_cabins: u32) -> Self {
        Self {}
    }

    /// One visit, once a cabin is free.
    pub fn visit(&self, bathe: impl FnOnce()) {
        // TODO: wait for a cabin, and give it back afterwards.
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
