//! Two ovens, each a type with a `run`, and each a thread.

use threadcraft::prelude::*;

struct Oven {
    what: &'static str,
    pieces: u32,
}

impl Run for Oven {
    type Output = u32;

    /// Bakes, and says how many pieces there are.
    fn run(self) -> u32 {
        println!("{}: in", self.what);
        sleep(Duration::from_millis(20));
        println!("{}: out", self.what);
        self.pieces
    }
}

pub fn main() {
    let mut bread = Thread::from_run(Oven { what: "bread", pieces: 2 });
    let mut rolls = Thread::from_run(Oven { what: "rolls", pieces: 3 });

    bread.start().expect("the first start");
    rolls.start().expect("the first start");
    if let Err(error) = bread.start() {
        println!("refused: {error}");
    }
    let pieces = bread.join().expect("the bread is out") + rolls.join().expect("the rolls are out");

    println!("out of the ovens: {pieces}");
}
