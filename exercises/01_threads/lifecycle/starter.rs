//! A supervisor looks at a clerk four times in its life.

use threadcraft::prelude::*;

pub fn main() {
    let mut clerk = Thread::new(|| {
        // This is where the clerk works, and then it sleeps.
        sleep(Duration::from_millis(10));
    });
    clerk.start().expect("it was not started before");

    // TODO: move each of these to the moment that it is about.
    look("made", clerk.state(), clerk.is_alive());
    look("at work", clerk.state(), clerk.is_alive());
    look("asleep", clerk.state(), clerk.is_alive());
    look("ended", clerk.state(), clerk.is_alive());
}

/// Writes down how a thread was found.
fn look(when: &str, state: ThreadState, alive: bool) {
    println!("{when}: {state:?}, alive: {alive}");
}
