//! Right: an event is a flag and its wake-up in one.

use std::sync::Arc;

use threadcraft::prelude::*;

struct House {
    opened: Event,
}

pub fn main() {
    let house = Arc::new(House { opened: Event::new().named("opened") });
    let guests = [(); 2].map(|()| {
        let house = Arc::clone(&house);
        spawn(move || enter(&house))
    });
    let doorman = spawn({
        let house = Arc::clone(&house);
        move || open(&house)
    });
    for guest in guests {
        guest.join().expect("the guest is in");
    }
    doorman.join().expect("the doors are open");
}

fn open(house: &House) {
    println!("the doors open");
    house.opened.set();
}

fn enter(house: &House) {
    house.opened.wait();
    println!("a guest comes in");
}
