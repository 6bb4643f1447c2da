//! Right: each result goes to the place of its number, whenever it comes.

use std::sync::Arc;

use threadcraft::prelude::*;

const NUMBERS: [u32; 2] = [3, 2];

pub fn main() {
    let list = Arc::new(Lock::new([0; NUMBERS.len()]).named("list"));
    let pool = ThreadPool::new(2);
    for (place, n) in NUMBERS.into_iter().enumerate() {
        let list = Arc::clone(&list);
        pool.submit(move || {
            let squared = square(n);
            list.lock()[place] = squared;
        });
    }
    pool.shutdown(Shutdown::Wait);
    let squares = *list.lock();
    println!("the squares of {NUMBERS:?} are {squares:?}");
}

fn square(n: u32) -> u32 {
    n * n
}
