//! Wrong: main sets the value, in its own thread, and the others have none.

use threadcraft::prelude::*;

static READER: Local<&str> = Local::new();

pub fn main() {
    READER.set("Ada");
    let ada = spawn(slip);
    READER.set("Ben");
    let ben = spawn(slip);
    let ada = ada.join().expect("Ada was served");
    let ben = ben.join().expect("Ben was served");
    println!("Ada got {ada}, Ben got {ben}");
}

/// Called from many places, so it is not told for whom.
fn slip() -> String {
    let reader = READER.get().unwrap_or("nobody");
    format!("{reader}'s slip")
}
