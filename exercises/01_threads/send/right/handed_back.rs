//! Right: nothing is shared; each thread hands its entry back through `join`.

use threadcraft::prelude::*;

pub fn main() {
    let ada = spawn(|| "tea");
    let ben = spawn(|| "milk");
    let mut entries = [ada.join().expect("Ada wrote"), ben.join().expect("Ben wrote")];

    entries.sort_unstable();
    println!("on the list: {}", entries.join(", "));
}
