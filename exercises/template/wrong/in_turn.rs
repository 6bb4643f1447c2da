//! Wrong: the total is right, but only because the second clerk begins when the first has ended.

use std::sync::Arc;

use threadcraft::prelude::*;

{schedule}pub fn main() {
    let total = Arc::new(Shared::new(0).named("total"));

    for _ in 0..2 {
        let total = Arc::clone(&total);
        let clerk = spawn(move || {
            total.set(total.get() + 1);
            println!("clerk: added");
        });
        clerk.join().expect("the clerk added one");
    }
    println!("total = {}", total.get());
}
