//! Wrong: each step has the lock to itself, but between the two steps it is free.

use std::sync::Arc;

use threadcraft::prelude::*;

{schedule}pub fn main() {
    let total = Arc::new(Lock::new(0).named("total"));

    let clerks = [(); 2].map(|()| {
        let total = Arc::clone(&total);
        spawn(move || {
            let seen = *total.lock();
            *total.lock() = seen + 1;
            println!("clerk: added");
        })
    });
    for clerk in clerks {
        clerk.join().expect("the clerk added one");
    }
    println!("total = {}", total.lock());
}
