//! A pool that maps a function over a list: the results come in the order of the items, whoever is done first.

use threadcraft::prelude::*;
use threadcraft::println;

fn main() {
    println!("{:?}", run(3, 5));
}

/// The squares of 1 to `last`, worked out by so many threads.
pub(crate) fn run(workers: usize, last: u64) -> Vec<u64> {
    let pool = ThreadPool::new(workers);
    pool.map(1..=last, |number| number * number).collect::<Result<_, _>>().expect("no square is too large")
}
