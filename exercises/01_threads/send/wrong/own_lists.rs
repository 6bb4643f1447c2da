//! Wrong: it compiles, since each thread makes an `Rc` of its own, but then there are three lists.

use std::rc::Rc;

use threadcraft::prelude::*;

pub fn main() {
    let list: Rc<Lock<Vec<&str>>> = Rc::new(Lock::new(Vec::new()).named("list"));

    let ada = spawn(|| {
        let list = Rc::new(Lock::new(Vec::new()));
        list.lock().push("tea");
    });
    let ben = spawn(|| {
        let list = Rc::new(Lock::new(Vec::new()));
        list.lock().push("milk");
    });
    ada.join().expect("Ada wrote");
    ben.join().expect("Ben wrote");

    let mut entries = list.lock().clone();
    entries.sort_unstable();
    println!("on the list: {}", entries.join(", "));
}
