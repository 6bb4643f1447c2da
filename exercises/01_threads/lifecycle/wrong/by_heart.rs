//! Wrong: what should be found is written down without a look.

use threadcraft::prelude::*;

pub fn main() {
    let mut clerk = Thread::new(|| {
        look("at work", ThreadState::Running, true);
        sleep(Duration::from_millis(10));
    });
    look("made", ThreadState::New, false);
    clerk.start().expect("it was not started before");

    look("asleep", ThreadState::Blocked, true);
    look("ended", ThreadState::Terminated, false);
}

/// Writes down how a thread was found.
fn look(when: &str, state: ThreadState, alive: bool) {
    println!("{when}: {state:?}, alive: {alive}");
}
