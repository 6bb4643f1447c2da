//! A counter that several threads raise, each many times: the lock makes one step of reading and writing.

use std::sync::Arc;

use threadcraft::prelude::*;
use threadcraft::println;

fn main() {
    println!("{}", run(10, 10_000));
}

/// What the counter ends at.
pub(crate) fn run(threads: u32, times: u32) -> u32 {
    let counter = Arc::new(Lock::new(0));
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let counter = Arc::clone(&counter);
            spawn(move || (0..times).for_each(|_| *counter.lock() += 1))
        })
        .collect();
    for thread in threads {
        thread.join().expect("they only count");
    }
    *counter.lock()
}
