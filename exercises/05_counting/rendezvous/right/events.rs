//! Right: each has an event that stays set.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Square {
    ada_is_there: Event,
    ben_is_there: Event,
}

pub fn main() {
    let square = Arc::new(Square {
        ada_is_there: Event::new().named("signal of Ada"),
        ben_is_there: Event::new().named("signal of Ben"),
    });
    let ada = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ada comes");
            square.ada_is_there.set();
            square.ben_is_there.wait();
            println!("Ada eats");
        }
    });
    let ben = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ben comes");
            square.ben_is_there.set();
            square.ada_is_there.wait();
            println!("Ben eats");
        }
    });
    ada.join().expect("Ada went home");
    ben.join().expect("Ben went home");
}
