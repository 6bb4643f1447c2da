//! Right: two futures, asked in the order of the numbers.

use threadcraft::prelude::*;

const NUMBERS: [u32; 2] = [3, 2];

pub fn main() {
    let pool = ThreadPool::new(2);
    let futures = NUMBERS.map(|n| pool.submit(move || square(n)));
    let squares = futures.map(|future| future.result().expect("no job panics"));
    println!("the squares of {NUMBERS:?} are {squares:?}");
}

fn square(n: u32) -> u32 {
    n * n
}
