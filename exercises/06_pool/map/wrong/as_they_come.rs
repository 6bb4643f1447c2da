//! Wrong: a pool of two, and the results still come in the order of completion.

use std::sync::Arc;

use threadcraft::prelude::*;

const NUMBERS: [u32; 2] = [3, 2];

pub fn main() {
    let list = Arc::new(Lock::new(Vec::new()).named("list"));
    let pool = ThreadPool::new(2);
    for n in NUMBERS {
        let list = Arc::clone(&list);
        pool.submit(move || list.lock().push(square(n)));
    }
    pool.shutdown(Shutdown::Wait);
    let squares = list.lock();
    println!("the squares of {NUMBERS:?} are {squares:?}");
}

fn square(n: u32) -> u32 {
    n * n
}
