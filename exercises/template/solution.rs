//! Two clerks add to one total, which is inside a lock.

use std::sync::Arc;

use threadcraft::prelude::*;

{schedule}pub fn main() {
    let total = Arc::new(Lock::new(0).named("total"));

    let clerks = [(); 2].map(|()| {
        let total = Arc::clone(&total);
        spawn(move || {
            *total.lock() += 1;
            println!("clerk: added");
        })
    });
    for clerk in clerks {
        clerk.join().expect("the clerk added one");
    }
    println!("total = {}", total.lock());
}
