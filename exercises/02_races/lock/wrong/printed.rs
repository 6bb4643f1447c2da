//! Wrong: what should come out is printed, whatever the board says.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let sold = Arc::new(Shared::new(0).named("sold"));

    let windows = [(); 2].map(|()| {
        let sold = Arc::clone(&sold);
        spawn(move || sell(3, &sold))
    });
    for window in windows {
        window.join().expect("the window closed");
    }
    println!("sold = 6");
}

fn sell(tickets: u32, sold: &Shared<u32>) {
    for _ in 0..tickets {
        sold.set(sold.get() + 1);
    }
}
