//! Right: the lock stands beside what it protects, and both windows take it.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let sold = Arc::new(Shared::new(0).named("sold"));
    let board = Arc::new(Lock::new(()).named("board"));

    let windows = [(); 2].map(|()| {
        let sold = Arc::clone(&sold);
        let board = Arc::clone(&board);
        spawn(move || sell(3, &sold, &board))
    });
    for window in windows {
        window.join().expect("the window closed");
    }
    println!("sold = {}", sold.get());
}

fn sell(tickets: u32, sold: &Shared<u32>, board: &Lock<()>) {
    for _ in 0..tickets {
        let _guard = board.lock();
        sold.set(sold.get() + 1);
    }
}
