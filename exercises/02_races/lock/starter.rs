//! Two windows sell three tickets each, and chalk them up on one board.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    // TODO: put the number inside a lock …
    let sold = Arc::new(Shared::new(0).named("sold"));

    let windows = [(); 2].map(|()| {
        let sold = Arc::clone(&sold);
        spawn(move || sell(3, &sold))
    });
    for window in windows {
        window.join().expect("the window closed");
    }
    println!("sold = {}", sold.get());
}

fn sell(tickets: u32, sold: &Shared<u32>) {
    for _ in 0..tickets {
        // TODO: … and hold it while a ticket is chalked up.
        sold.set(sold.get() + 1);
    }
}
