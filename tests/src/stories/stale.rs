//! Threads that act on what is no longer so.

use std::sync::Arc;

use threadcraft::prelude::*;

use super::{join, start};

/// Two counters of visitors; the assertion is main's.
pub fn lost_update() {
    let visitors = Arc::new(Shared::new(0).named("visitors"));
    let gate = |name| {
        let visitors = Arc::clone(&visitors);
        start(name, move || {
            let seen = visitors.get();
            visitors.set(seen + 1);
        })
    };
    join([gate("north"), gate("south")]);
    assert_eq!(visitors.get(), 2, "everybody is counted");
}

/// Enough is there when it is looked at, and not when it is taken.
pub fn overdrawn() {
    let balance = Arc::new(Shared::new(50).named("balance"));
    let withdraw = |name| {
        let balance = Arc::clone(&balance);
        start(name, move || {
            if balance.get() >= 50 {
                balance.set(balance.get() - 50);
            }
        })
    };
    join([withdraw("alice"), withdraw("bob")]);
    assert!(balance.get() >= 0, "the balance is never negative");
}

/// One seat, free when both look.
pub fn one_seat() {
    let seat = Arc::new((Shared::new(false).named("taken"), Shared::new(0).named("tickets")));
    let book = |name| {
        let seat = Arc::clone(&seat);
        start(name, move || {
            if !seat.0.get() {
                seat.0.set(true);
                seat.1.set(seat.1.get() + 1);
            }
        })
    };
    join([book("ann"), book("ben")]);
    assert!(seat.1.get() <= 1, "one ticket for one seat");
}

/// The one who checks is the one who panics.
pub fn emptied_meanwhile() {
    let stock = Arc::new(Shared::new(1).named("stock"));
    let other = Arc::clone(&stock);
    let thief = start("thief", move || other.set(0));
    if stock.get() > 0 {
        let left = stock.get() - 1;
        assert!(left >= 0, "{left} left of what was there");
    }
    join([thief]);
}

/// A value that is wrong from the start: nobody changed it behind anybody's back.
pub fn simply_wrong() {
    let stock = Arc::new(Shared::new(1).named("stock"));
    let other = Arc::clone(&stock);
    join([start("clerk", move || other.set(other.get() + 1))]);
    assert_eq!(stock.get(), 3, "three were ordered");
}

/// A worker's panic, that its starter takes no note of.
pub fn lost_panic() {
    let orders = Arc::new(Shared::new(3).named("orders"));
    let worker = Arc::clone(&orders);
    let thread = start("worker", move || {
        let left = worker.get();
        assert_eq!(left, 0, "out of paper");
    });
    drop(thread);
}

/// The loop looks until it sees the change: it acts on what is so, and what is so is wrong.
pub fn seen_in_time() {
    let stock = Arc::new(Shared::new(0).named("stock"));
    let other = Arc::clone(&stock);
    let clerk = start("clerk", move || other.set(1));
    while stock.get() == 0 {}
    assert_eq!(stock.get(), 2, "two were ordered");
    join([clerk]);
}
