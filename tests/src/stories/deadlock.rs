//! Threads that wait for ever, while others have finished.

use std::sync::Arc;

use threadcraft::prelude::*;

use super::{join, start};

/// Two tellers take two accounts in opposite order; a third signs and goes home.
pub fn transfer() {
    let accounts = Arc::new((Lock::new(100).named("savings"), Lock::new(100).named("current")));
    let deposit = Arc::clone(&accounts);
    let withdrawal = Arc::clone(&accounts);
    join([
        start("auditor", || threadcraft::println!("all accounts are in order")),
        start("alice", move || {
            let mut savings = deposit.0.lock();
            *deposit.1.lock() -= 10;
            *savings += 10;
        }),
        start("bob", move || {
            let mut current = withdrawal.1.lock();
            *withdrawal.0.lock() -= 10;
            *current += 10;
        }),
    ]);
}

/// A lock is taken by who has it.
pub fn twice() {
    let door = Lock::new(()).named("door");
    let _first = door.lock();
    let _second = door.lock();
}

/// A guard is forgotten, and its thread ends.
pub fn forgotten() {
    let door = Arc::new(Lock::new(()).named("door"));
    let (one, other) = (Arc::clone(&door), Arc::clone(&door));
    join([start("guest", move || std::mem::forget(one.lock())), start("next", move || drop(other.lock()))]);
}

/// Each of three takes one of two permits and then another.
pub fn permits() {
    let tables = Arc::new(Semaphore::new(2).named("tables"));
    let party = |name| {
        let tables = Arc::clone(&tables);
        start(name, move || {
            let _first = tables.acquire();
            let _second = tables.acquire();
        })
    };
    join([party("smith"), party("jones")]);
}

/// A sign is read, and turned round before the door is tried: but what keeps the guest out is who has the door.
pub fn sign_and_door() {
    let shop = Arc::new((Lock::new(()).named("door"), Shared::new(true).named("open"), Event::new().named("bell")));
    let keeper = Arc::clone(&shop);
    let keeper = start("keeper", move || {
        keeper.1.set(false);
        let _door = keeper.0.lock();
        keeper.2.wait();
    });
    if shop.1.get() {
        drop(shop.0.lock());
        shop.2.set();
    }
    join([keeper]);
}

/// A guard is forgotten, and nobody needs the lock any more.
pub fn leaked() {
    let door = Lock::new(()).named("door");
    std::mem::forget(door.lock());
}
