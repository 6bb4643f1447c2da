//! Wrong: nobody can come between, because the second window opens when the first has closed.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let sold = Arc::new(Lock::new(0).named("sold"));

    for _ in 0..2 {
        let sold = Arc::clone(&sold);
        let window = spawn(move || sell(3, &sold));
        window.join().expect("the window closed");
    }
    println!("sold = {}", sold.lock());
}

fn sell(tickets: u32, sold: &Lock<u32>) {
    for _ in 0..tickets {
        *sold.lock() += 1;
    }
}
