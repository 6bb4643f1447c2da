//! Right: the doorman wakes one guest, and each guest who comes in wakes the next.

use std::sync::Arc;

use threadcraft::prelude::*;

struct House {
    open: Lock<bool>,
    opened: Condition,
}

pub fn main() {
    let house = Arc::new(House { open: Lock::new(false).named("open"), opened: Condition::new().named("opened") });
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
    let mut open = house.open.lock();
    *open = true;
    house.opened.notify_one(&mut open);
}

fn enter(house: &House) {
    let mut open = house.open.lock();
    while !*open {
        house.opened.wait(&mut open);
    }
    house.opened.notify_one(&mut open);
    drop(open);
    println!("a guest comes in");
}
