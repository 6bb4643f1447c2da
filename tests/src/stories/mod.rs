//! Small programs that go wrong, each in one way: what their timelines say of it is compared with snapshots
//! (`tests/timelines.rs`). A snapshot shows the program's own lines, so each theme has a file of its own.

pub mod deadlock;
pub mod endless;
pub mod foreign;
pub mod memory;
pub mod names;
pub mod resources;
pub mod stale;
pub mod waking;

use threadcraft::Thread;

/// Starts a thread of this name.
///
/// # Panics
///
/// If the system refuses another thread.
#[track_caller]
pub fn start(name: &str, body: impl FnOnce() + Send + 'static) -> Thread<()> {
    let mut thread = Thread::new(body).name(name);
    thread.start().expect("a thread can be started");
    thread
}

/// Waits for all of them to end.
///
/// # Panics
///
/// If one of them did.
#[track_caller]
pub fn join(threads: impl IntoIterator<Item = Thread<()>>) {
    for thread in threads {
        thread.join().expect("it ends well");
    }
}
