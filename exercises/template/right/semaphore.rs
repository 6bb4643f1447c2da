//! Right: a semaphore with one permit keeps the other clerk out as well as a lock does.

use std::sync::Arc;

use threadcraft::prelude::*;

{schedule}pub fn main() {
    let total = Arc::new(Shared::new(0).named("total"));
    let desk = Arc::new(Semaphore::new(1).named("desk"));

    let clerks = [(); 2].map(|()| {
        let (total, desk) = (Arc::clone(&total), Arc::clone(&desk));
        spawn(move || {
            let permit = desk.acquire();
            total.set(total.get() + 1);
            drop(permit);
            println!("clerk: added");
        })
    });
    for clerk in clerks {
        clerk.join().expect("the clerk added one");
    }
    println!("total = {}", total.get());
}
