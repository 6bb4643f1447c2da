//! What is held for ever, what is kept from somebody for ever, what is used as it must not be, and a count that is wrong.

use std::sync::Arc;

use threadcraft::RawLock;
use threadcraft::prelude::*;

use super::{join, start};
use crate::model::lock::RawLocking;

/// The only guest takes the key along.
pub fn leaked() {
    let room = Arc::new(Lock::new(()).named("room"));
    let key = Arc::clone(&room);
    join([start("guest", move || std::mem::forget(key.lock()))]);
}

/// A lock is released once more than it was taken.
pub fn released_twice() {
    let gate = RawLock::new();
    gate.lock();
    gate.unlock();
    gate.unlock();
}

/// Two of three come to the barrier.
pub fn one_too_few() {
    let start_line = Arc::new(Barrier::new(3).named("start line"));
    let runner = |name| {
        let start_line = Arc::clone(&start_line);
        start(name, move || assert!(start_line.wait().is_ok()))
    };
    join([runner("alice"), runner("bob")]);
}

/// Each of two readers leaves only while the other is inside.
pub fn starved() {
    let readers = Arc::new(Lock::new(0).named("readers"));
    let room = Arc::new(Semaphore::new(1).named("room"));
    let turns = Arc::new([Semaphore::new(1).named("turn of one"), Semaphore::new(0).named("turn of two")]);
    let open = Arc::new(Event::new().named("open"));
    for (me, name) in ["one", "two"].into_iter().enumerate() {
        let (readers, room, turns, open) =
            (Arc::clone(&readers), Arc::clone(&room), Arc::clone(&turns), Arc::clone(&open));
        let _reader = start(name, move || {
            loop {
                turns[me].acquire().forget();
                let mut inside = readers.lock();
                *inside += 1;
                if *inside == 1 {
                    room.acquire().forget();
                    open.set();
                }
                drop(inside);
                turns[1 - me].release(1);
                turns[me].acquire().forget();
                let mut inside = readers.lock();
                *inside -= 1;
                if *inside == 0 {
                    room.release(1);
                }
                drop(inside);
                turns[me].release(1);
            }
        });
    }
    let _writer = start("writer", move || {
        open.wait();
        drop(room.acquire());
    });
}
