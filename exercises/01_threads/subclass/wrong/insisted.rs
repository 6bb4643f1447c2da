//! Wrong: the second start is expected to work like the first.

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
    bread.start().expect("the second start");
    let pieces = bread.join().expect("the bread is out") + rolls.join().expect("the rolls are out");

    println!("out of the ovens: {pieces}");
}
