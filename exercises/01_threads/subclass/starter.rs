//! Two ovens, each a type with a `run`.

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
    let bread = Oven { what: "bread", pieces: 2 };
    let rolls = Oven { what: "rolls", pieces: 3 };

    // TODO: make both of them threads; press start on one of them twice, and say what comes of it.
    let pieces = bread.run() + rolls.run();

    println!("out of the ovens: {pieces}");
}
