//! Wrong: sorted is an order, but not that of the numbers.

use threadcraft::prelude::*;

const NUMBERS: [u32; 2] = [3, 2];

pub fn main() {
    let pool = ThreadPool::new(2);
    let squares: Vec<u32> = pool.map(NUMBERS, square).map(|squared| squared.expect("no job panics")).collect();
    let mut squares = squares;
    squares.sort_unstable();
    println!("the squares of {NUMBERS:?} are {squares:?}");
}

fn square(n: u32) -> u32 {
    n * n
}
