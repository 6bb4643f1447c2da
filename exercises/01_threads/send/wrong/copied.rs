//! Wrong: each thread is given a copy of the list as it was, and writes on that.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let list: Arc<Lock<Vec<&str>>> = Arc::new(Lock::new(Vec::new()).named("list"));

    let ada = spawn({
        let mut copy = list.lock().clone();
        move || copy.push("tea")
    });
    let ben = spawn({
        let mut copy = list.lock().clone();
        move || copy.push("milk")
    });
    ada.join().expect("Ada wrote");
    ben.join().expect("Ben wrote");

    let mut entries = list.lock().clone();
    entries.sort_unstable();
    println!("on the list: {}", entries.join(", "));
}
