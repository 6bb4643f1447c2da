//! Wrong: the compiler is told to trust the pointer, and the two threads would race for its count.

use std::rc::Rc;

use threadcraft::prelude::*;

struct Promised(Rc<Lock<Vec<&'static str>>>);

unsafe impl Send for Promised {}

impl Promised {
    fn push(&self, entry: &'static str) {
        self.0.lock().push(entry);
    }
}

pub fn main() {
    let list = Rc::new(Lock::new(Vec::new()).named("list"));

    let ada = spawn({
        let list = Promised(Rc::clone(&list));
        move || list.push("tea")
    });
    let ben = spawn({
        let list = Promised(Rc::clone(&list));
        move || list.push("milk")
    });
    ada.join().expect("Ada wrote");
    ben.join().expect("Ben wrote");

    let mut entries = list.lock().clone();
    entries.sort_unstable();
    println!("on the list: {}", entries.join(", "));
}
