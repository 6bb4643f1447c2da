//! Wrong: it compiles because nothing crosses to another thread any more.

use std::rc::Rc;

use threadcraft::prelude::*;

pub fn main() {
    let list = Rc::new(Lock::new(Vec::new()).named("list"));

    list.lock().push("tea");
    list.lock().push("milk");

    let mut entries = list.lock().clone();
    entries.sort_unstable();
    println!("on the list: {}", entries.join(", "));
}
