//! Wrong: the guests are woken before the flag is written; they look, sleep again, and nobody wakes them.

use std::sync::Arc;

use threadcraft::prelude::*;

struct House {
    open: Shared<bool>,
    turn: Lock<()>,
    opened: Condition,
}

pub fn main() {
    let house = Arc::new(House {
        open: Shared::new(false).named("open"),
        turn: Lock::new(()).named("turn"),
        opened: Condition::new().named("opened"),
    });
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
    {
        let mut turn = house.turn.lock();
        house.opened.notify_all(&mut turn);
    }
    house.open.set(true);
}

fn enter(house: &House) {
    let mut turn = house.turn.lock();
    while !house.open.get() {
        house.opened.wait(&mut turn);
    }
    drop(turn);
    println!("a guest comes in");
}
