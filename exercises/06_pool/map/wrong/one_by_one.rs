//! Wrong: each result is waited for before the next job is submitted.

use threadcraft::prelude::*;

const NUMBERS: [u32; 2] = [3, 2];

pub fn main() {
    let pool = ThreadPool::new(2);
    let squares = NUMBERS.map(|n| pool.submit(move || square(n)).result().expect("no job panics"));
    println!("the squares of {NUMBERS:?} are {squares:?}");
}

fn square(n: u32) -> u32 {
    n * n
}
