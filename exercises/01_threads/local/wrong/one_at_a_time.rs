//! Wrong: Ben is served when Ada has gone, and the library might as well have one thread.

use threadcraft::prelude::*;

static READER: Shared<&str> = Shared::new("nobody").named("reader");

pub fn main() {
    let ada = spawn(|| serve("Ada")).join().expect("Ada was served");
    let ben = spawn(|| serve("Ben")).join().expect("Ben was served");
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
