//! Wrong: it is main that looks while the clerk should be at work, and cannot know that it is.

use threadcraft::prelude::*;

pub fn main() {
    let mut clerk = Thread::new(|| sleep(Duration::from_millis(10)));
    look("made", clerk.state(), clerk.is_alive());
    clerk.start().expect("it was not started before");

    look("at work", clerk.state(), clerk.is_alive());
    sleep(Duration::from_millis(5));
    look("asleep", clerk.state(), clerk.is_alive());
    clerk.wait();
    look("ended", clerk.state(), clerk.is_alive());
}

/// Writes down how a thread was found.
fn look(when: &str, state: ThreadState, alive: bool) {
    println!("{when}: {state:?}, alive: {alive}");
}
