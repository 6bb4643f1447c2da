//! Wrong: with one worker the list is in order, and nothing is done at once.

use threadcraft::prelude::*;

const NUMBERS: [u32; 2] = [3, 2];

pub fn main() {
    let list = std::sync::Arc::new(Lock::new(Vec::new()).named("list"));
    let pool = ThreadPool::new(1);
    for n in NUMBERS {
        let list = std::sync::Arc::clone(&list);
        pool.submit(move || list.lock().push(square(n)));
    }
    pool.shutdown(Shutdown::Wait);
    let squares = list.lock();
    println!("the squares of {NUMBERS:?} are {squares:?}");
}

fn square(n: u32) -> u32 {
    n * n
}
