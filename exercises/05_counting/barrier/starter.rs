//! Painters who do not wait for each other.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Crew {
    // TODO: where do the painters wait?
}

impl Crew {
    pub fn new(_painters: usize) -> Self {
        Self {}
    }

    /// One painter's work: three coats. False if it was called off.
    pub fn paint(&self, coat: impl Fn(u32)) -> bool {
        for number in 1..=3 {
            coat(number);
            // TODO: wait until all have painted this coat; and if somebody falls?
        }
        true
    }
}

pub fn main() {
    let crew = Arc::new(Crew::new(3));
    let painters = ["Ada", "Ben", "Cem"].map(|painter| {
        let crew = Arc::clone(&crew);
        spawn(move || crew.paint(|coat| println!("{painter} paints coat {coat}")))
    });
    for painter in painters {
        let finished = painter.join().expect("nobody fell off the ladder");
        println!("all coats painted: {finished}");
    }
}
