//! Two readers are served by two threads; who is being served stands in one place.

use threadcraft::prelude::*;

// TODO: one place for all threads?
static READER: Shared<&str> = Shared::new("nobody").named("reader");

pub fn main() {
    let ada = spawn(|| serve("Ada"));
    let ben = spawn(|| serve("Ben"));
    let ada = ada.join().expect("Ada was served");
    let ben = ben.join().expect("Ben was served");
    println!("Ada got {ada}, Ben got {ben}");
}

fn serve(reader: &'static str) -> String {
    READER.set(reader);
    slip()
}

/// Called from many places, so it is not told for whom.
fn slip() -> String {
    let reader = READER.get();
    format!("{reader}'s slip")
}
