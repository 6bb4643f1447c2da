//! Two readers are served by two threads; who is being served stands in a place of each thread.

use threadcraft::prelude::*;

static READER: Local<&str> = Local::new();

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
    let reader = READER.get().expect("somebody is being served");
    format!("{reader}'s slip")
}
