//! Right: a closure that calls `run` makes as good a thread; `spawn` has started it already.

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
    let mut ovens: Vec<Thread<u32>> = [("bread", 2), ("rolls", 3)]
        .into_iter()
        .map(|(what, pieces)| spawn(move || Oven { what, pieces }.run()))
        .collect();

    let again = ovens[1].start();
    let pieces: u32 = ovens.into_iter().map(|oven| oven.join().expect("it is out")).sum();
    println!("refused: {}", again.expect_err("it bakes already"));

    println!("out of the ovens: {pieces}");
}
