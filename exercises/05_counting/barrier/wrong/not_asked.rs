//! Wrong: the barrier is broken, and nobody asks what `wait` says.

use std::mem;
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
        let leaving = Leaving(&self.coat_is_done);
        for number in 1..=3 {
            coat(number);
            let _ = self.coat_is_done.wait();
        }
        mem::forget(leaving);
        true
    }
}

/// Whoever leaves before the last coat is done, and be it in a panic, breaks the barrier.
struct Leaving<'a>(&'a Barrier);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.abort();
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
