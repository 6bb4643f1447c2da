//! Wrong: each call makes a `Local` of its own, and what the other call has set is not in it.

use threadcraft::prelude::*;

pub fn main() {
    let ada = spawn(|| serve("Ada"));
    let ben = spawn(|| serve("Ben"));
    let ada = ada.join().expect("Ada was served");
    let ben = ben.join().expect("Ben was served");
    println!("Ada got {ada}, Ben got {ben}");
}

fn serve(reader: &'static str) -> String {
    let here: Local<&str> = Local::new();
    here.set(reader);
    slip()
}

/// Called from many places, so it is not told for whom.
fn slip() -> String {
    let here: Local<&str> = Local::new();
    let reader = here.get().expect("somebody is being served");
    format!("{reader}'s slip")
}
