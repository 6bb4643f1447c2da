//! Wrong: each window has a lock of its own, so neither keeps the other out.

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
    println!("sold = {}", sold.get());
}

fn sell(tickets: u32, sold: &Shared<u32>) {
    let lock = Lock::new(()).named("window");
    for _ in 0..tickets {
        let _guard = lock.lock();
        sold.set(sold.get() + 1);
    }
}
