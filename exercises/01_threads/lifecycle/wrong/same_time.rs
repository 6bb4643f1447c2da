//! Wrong: main sleeps as long as the clerk does, and nobody says who wakes first.

use threadcraft::prelude::*;

pub fn main() {
    let mut clerk = Thread::new(|| {
        look("at work", current().state(), current().is_alive());
        sleep(Duration::from_millis(10));
    });
    look("made", clerk.state(), clerk.is_alive());
    clerk.start().expect("it was not started before");

    sleep(Duration::from_millis(5));
    look("asleep", clerk.state(), clerk.is_alive());
    sleep(Duration::from_millis(5));
    look("ended", clerk.state(), clerk.is_alive());
}

/// Writes down how a thread was found.
fn look(when: &str, state: ThreadState, alive: bool) {
    println!("{when}: {state:?}, alive: {alive}");
}
