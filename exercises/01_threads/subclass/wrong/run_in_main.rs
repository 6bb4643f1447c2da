//! Wrong: the threads are made and joined, and it is still main that calls `run`, and bakes.

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
    let mut bread = Thread::new(|| ());
    let mut rolls = Thread::new(|| ());

    bread.start().expect("the first start");
    rolls.start().expect("the first start");
    if let Err(error) = bread.start() {
        println!("refused: {error}");
    }
    let pieces = Oven { what: "bread", pieces: 2 }.run() + Oven { what: "rolls", pieces: 3 }.run();
    bread.join().expect("the bread is out");
    rolls.join().expect("the rolls are out");

    println!("out of the ovens: {pieces}");
}
