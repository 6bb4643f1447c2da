//! Wrong: nobody can come between, because the other window is closed.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let sold = Arc::new(Lock::new(0).named("sold"));

    let windows = [(); 1].map(|()| {
        let sold = Arc::clone(&sold);
        spawn(move || sell(6, &sold))
    });
    for window in windows {
        window.join().expect("the window closed");
    }
    println!("sold = {}", sold.lock());
}

fn sell(tickets: u32, sold: &Lock<u32>) {
    for _ in 0..tickets {
        *sold.lock() += 1;
    }
}
