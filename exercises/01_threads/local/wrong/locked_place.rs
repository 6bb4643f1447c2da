//! Wrong: a lock around the one place makes each access whole, and it is still one place.

use threadcraft::prelude::*;

static READER: Shared<&str> = Shared::new("nobody").named("reader");
static DESK: Lock<()> = Lock::new(()).named("desk");

pub fn main() {
    let ada = spawn(|| serve("Ada"));
    let ben = spawn(|| serve("Ben"));
    let ada = ada.join().expect("Ada was served");
    let ben = ben.join().expect("Ben was served");
    println!("Ada got {ada}, Ben got {ben}");
}

fn serve(reader: &'static str) -> String {
    {
        let _desk = DESK.lock();
        READER.set(reader);
    }
    slip()
}

/// Called from many places, so it is not told for whom.
fn slip() -> String {
    let _desk = DESK.lock();
    let reader = READER.get();
    format!("{reader}'s slip")
}
