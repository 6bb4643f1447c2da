//! Wrong: the gate opens when all are there, and is never closed again: the second coat waits for nobody.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Crew {
    to_come: Lock<usize>,
    all_there: Event,
}

impl Crew {
    pub fn new(painters: usize) -> Self {
        Self { to_come: Lock::new(painters).named("to come"), all_there: Event::new().named("all there") }
    }

    pub fn paint(&self, coat: impl Fn(u32)) -> bool {
        for number in 1..=3 {
            coat(number);
            let mut to_come = self.to_come.lock();
            *to_come = to_come.saturating_sub(1);
            if *to_come == 0 {
                self.all_there.set();
            }
            drop(to_come);
            self.all_there.wait();
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
