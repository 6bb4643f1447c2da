//! Two threads write on one list, which is shared by a pointer that is not made for threads.

// TODO: the compiler says which type must not cross to another thread.
use std::rc::Rc;

use threadcraft::prelude::*;

pub fn main() {
    let list = Rc::new(Lock::new(Vec::new()).named("list"));

    let ada = spawn({
        let list = Rc::clone(&list);
        move || list.lock().push("tea")
    });
    let ben = spawn({
        let list = Rc::clone(&list);
        move || list.lock().push("milk")
    });
    ada.join().expect("Ada wrote");
    ben.join().expect("Ben wrote");

    let mut entries = list.lock().clone();
    entries.sort_unstable();
    println!("on the list: {}", entries.join(", "));
}
