//! Wrong: nobody sleeps for ever, because nobody sleeps.

use std::sync::Arc;

use threadcraft::prelude::*;

struct House {
    open: Shared<bool>,
}

pub fn main() {
    let house = Arc::new(House { open: Shared::new(false).named("open") });
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
    house.open.set(true);
}

fn enter(house: &House) {
    while !house.open.get() {
        yield_now();
    }
    println!("a guest comes in");
}
