//! TODO: what this program does, in one line.

use std::sync::Arc;

use threadcraft::prelude::*;

{schedule}pub fn main() {
    // TODO: mark the exact place where the learner is to work.
    let total = Arc::new(Shared::new(0).named("total"));

    let clerks = [(); 2].map(|()| {
        let total = Arc::clone(&total);
        spawn(move || {
            total.set(total.get() + 1);
            println!("clerk: added");
        })
    });
    for clerk in clerks {
        clerk.join().expect("the clerk added one");
    }
    println!("total = {}", total.get());
}
