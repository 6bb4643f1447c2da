//! Right: a monitor is a lock and its condition in one.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let house = Arc::new(Monitor::new(false).named("open"));
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

fn open(house: &Monitor<bool>) {
    println!("the doors open");
    let mut open = house.lock();
    *open = true;
    open.notify_all();
}

fn enter(house: &Monitor<bool>) {
    house.lock().wait_while(|open| !*open);
    println!("a guest comes in");
}
