//! Two threads square two numbers, and write the results on one list.

use std::sync::Arc;

use threadcraft::prelude::*;

const NUMBERS: [u32; 2] = [3, 2];

pub fn main() {
    // TODO: give the work to two workers, and keep the results in the order of the numbers.
    let list = Arc::new(Lock::new(Vec::new()).named("list"));
    let threads = NUMBERS.map(|n| {
        let list = Arc::clone(&list);
        spawn(move || list.lock().push(square(n)))
    });
    for thread in threads {
        thread.join().expect("it does not panic");
    }
    let squares = list.lock();
    println!("the squares of {NUMBERS:?} are {squares:?}");
}

fn square(n: u32) -> u32 {
    n * 3
}
