//! Wrong: the guard that reads lives to the end of the statement, and the one that writes waits for it.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let sold = Arc::new(Lock::new(0).named("sold"));

    let windows = [(); 2].map(|()| {
        let sold = Arc::clone(&sold);
        spawn(move || sell(3, &sold))
    });
    for window in windows {
        window.join().expect("the window closed");
    }
    println!("sold = {}", sold.lock());
}

fn sell(tickets: u32, sold: &Lock<u32>) {
    for _ in 0..tickets {
        *sold.lock() = *sold.lock() + 1;
    }
}
