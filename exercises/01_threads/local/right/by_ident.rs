//! Right: one place with an entry for each thread, which is how a thread-local can be built.

use std::collections::BTreeMap;
use std::sync::Arc;

use threadcraft::prelude::*;

type Readers = Lock<BTreeMap<u64, &'static str>>;

pub fn main() {
    let readers = Arc::new(Lock::new(BTreeMap::new()).named("readers"));
    let [ada, ben] = ["Ada", "Ben"].map(|reader| {
        let readers = Arc::clone(&readers);
        spawn(move || serve(reader, &readers))
    });
    let ada = ada.join().expect("Ada was served");
    let ben = ben.join().expect("Ben was served");
    println!("Ada got {ada}, Ben got {ben}");
}

fn serve(reader: &'static str, readers: &Readers) -> String {
    readers.lock().insert(get_ident(), reader);
    slip(readers)
}

fn slip(readers: &Readers) -> String {
    let reader = readers.lock()[&get_ident()];
    format!("{reader}'s slip")
}
