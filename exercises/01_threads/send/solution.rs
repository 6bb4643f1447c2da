//! Two threads write on one list, shared by a pointer whose count is atomic.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let list = Arc::new(Lock::new(Vec::new()).named("list"));

    let ada = spawn({
        let list = Arc::clone(&list);
        move || list.lock().push("tea")
    });
    let ben = spawn({
        let list = Arc::clone(&list);
        move || list.lock().push("milk")
    });
    ada.join().expect("Ada wrote");
    ben.join().expect("Ben wrote");

    let mut entries = list.lock().clone();
    entries.sort_unstable();
    println!("on the list: {}", entries.join(", "));
}
