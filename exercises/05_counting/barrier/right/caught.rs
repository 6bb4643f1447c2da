//! Right: the panic is caught, the barrier broken, and the panic goes on.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Crew {
    coat_is_done: Barrier,
}

impl Crew {
    pub fn new(painters: usize) -> Self {
        Self { coat_is_done: Barrier::new(painters).named("end of coat") }
    }

    /// One painter's work: three coats. False if it was called off.
    pub fn paint(&self, coat: impl Fn(u32)) -> bool {
        for number in 1..=3 {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| coat(number))) {
                self.coat_is_done.abort();
                resume_unwind(panic);
            }
            if self.coat_is_done.wait().is_err() {
                return false;
            }
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
