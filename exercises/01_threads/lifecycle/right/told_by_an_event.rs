//! Right: an event holds the clerk asleep until it was seen so; what is kept of it outlives the join.

use threadcraft::prelude::*;

use std::sync::Arc;

pub fn main() {
    let seen = Arc::new(Event::new().named("seen"));
    let mut clerk = Thread::new({
        let seen = Arc::clone(&seen);
        move || {
            let me = current();
            look("at work", me.state(), me.is_alive());
            seen.wait();
        }
    });
    look("made", clerk.state(), clerk.is_alive());
    clerk.start().expect("it was not started before");

    let clerk_as_seen = clerk.info().clone();
    while clerk_as_seen.state() != ThreadState::Blocked {
        yield_now();
    }
    look("asleep", clerk_as_seen.state(), clerk_as_seen.is_alive());
    seen.set();
    clerk.join().expect("the clerk has gone home");
    look("ended", clerk_as_seen.state(), clerk_as_seen.is_alive());
}

/// Writes down how a thread was found.
fn look(when: &str, state: ThreadState, alive: bool) {
    println!("{when}: {state:?}, alive: {alive}");
}
