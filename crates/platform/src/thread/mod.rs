//! Threads of the machine, or of the explored program.

mod hook;
mod life;
pub mod local;
mod roster;

use std::cell::Cell;
use std::io;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub use self::hook::{Hook, hook, set_hook};
pub(crate) use self::life::blocked;
pub use self::life::{Life, Stage};
pub use self::roster::at_exit;
use crate::Instant;
use crate::backend::thread as machine;

/// How to start a thread.
#[derive(Debug, Default, Clone)]
pub struct Builder {
    /// Its name, which must not contain a NUL.
    pub name: Option<String>,
    /// The size of its stack in bytes, if not the default.
    pub stack_size: Option<usize>,
    /// The program does not wait for its end.
    pub daemon: bool,
    /// The program waits for it after all others, when what was given to [`at_exit`] has been called.
    pub last: bool,
}

/// A started thread, to be joined or let go.
#[derive(Debug)]
pub struct Handle {
    life: Arc<Life>,
    /// None if it is explored.
    machine: Option<machine::JoinHandle<()>>,
}

impl Builder {
    /// Starts a thread that runs `body`, which must not unwind. It is listed ([`living`]) from now until it ends, and the
    /// program does not end before it, unless it is a daemon.
    ///
    /// # Errors
    ///
    /// If the system refuses a thread of this kind; `body` is dropped then.
    ///
    /// # Panics
    ///
    /// If the name contains a NUL, as `std`'s does.
    #[track_caller]
    pub fn spawn(self, body: impl FnOnce() + Send + 'static) -> io::Result<Handle> {
        #[cfg(feature = "explore")]
        if crate::is_explored() {
            let index = crate::explored::spawn(self.name.clone(), self.stack_size, self.daemon, Box::new(body));
            return Ok(Handle { life: Arc::new(Life::explored(index, self.name, self.daemon)), machine: None });
        }
        let mut builder = machine::Builder::new();
        if let Some(name) = self.name.clone() {
            builder = builder.name(name);
        }
        if let Some(size) = self.stack_size {
            builder = builder.stack_size(size);
        }
        let life = Arc::new(Life::new(self.name, new_id(), self.daemon).waited_for_last(self.last));
        roster::add(&life);
        let running = Running(Arc::clone(&life));
        let started = builder.spawn(move || {
            running.begin();
            body();
        });
        // A thread that was not started has been taken off the list: what it was to run is dropped.
        Ok(Handle { life, machine: Some(started?) })
    }
}

/// The life of a thread of the machine, in its own hands. However it ends, it is told.
struct Running(Arc<Life>);

impl Running {
    fn begin(&self) {
        ID.with(|own| own.set(self.0.id()));
        roster::enter(Arc::clone(&self.0));
        self.0.begin();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A model that failed unwinds its threads when loom's thread-locals are gone, and nobody waits for them any more.
        if cfg!(loom) && panicking() {
            return;
        }
        // Not where it could not be started: then this is dropped by whoever tried.
        if self.0.is_current()
            && let Err(payload) = catch_unwind(local::clear)
        {
            // It was reported where it happened. Its own destructor might panic, too.
            std::mem::forget(payload);
        }
        roster::remove(&self.0);
        self.0.finish();
    }
}

impl Handle {
    /// Waits for the thread to end. All that it did is visible afterwards.
    #[track_caller]
    pub fn join(self) {
        match self.machine {
            Some(handle) => {
                let _blocked = blocked();
                // The body does not unwind; if it does all the same, the panic was reported where it happened.
                let _ = handle.join();
            }
            None => {
                self.life.wait(None);
            }
        }
    }

    /// Waits for it until `deadline` at the latest (`None`: for ever).
    ///
    /// # Errors
    ///
    /// If the deadline passes first: the handle itself.
    #[track_caller]
    pub fn join_until(self, deadline: Option<Instant>) -> Result<(), Self> {
        if !self.life.wait(deadline) {
            return Err(self);
        }
        // What is left of a thread that has ended takes no time.
        let _ = self.machine.map(machine::JoinHandle::join);
        Ok(())
    }

    /// Who it is, and where it stands.
    #[must_use]
    pub fn life(&self) -> &Arc<Life> {
        &self.life
    }

    /// True for the thread that calls.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.life.is_current()
    }
}

/// The running thread. One that was not started here is listed ([`living`]) from its first call until it ends.
#[must_use]
pub fn current() -> Arc<Life> {
    #[cfg(feature = "explore")]
    if let Some(index) = crate::explored::current_thread() {
        return explored_life(index);
    }
    roster::current()
}

/// True if a thread that is started here is a daemon unless somebody says otherwise: the running one is a daemon that
/// was started through this crate.
#[must_use]
pub fn inherits_daemon() -> bool {
    #[cfg(feature = "explore")]
    if let Some(index) = crate::explored::current_thread() {
        return crate::explored::known_as(index).is_some_and(|(_, daemon)| daemon);
    }
    roster::inherits_daemon()
}

/// The main thread: the one that the program began with, or that of the explored program.
#[must_use]
pub fn main() -> Arc<Life> {
    #[cfg(feature = "explore")]
    if crate::is_explored() {
        return explored_life(0);
    }
    roster::main()
}

/// All threads that were started and have not ended, in the order of starting, main first; explored, a step of this name.
#[must_use]
#[track_caller]
pub fn living(verb: &'static str) -> Vec<Arc<Life>> {
    #[cfg(feature = "explore")]
    if let Some(living) = crate::explored::living(verb) {
        let life = |(index, name, daemon)| Arc::new(Life::explored(index, name, daemon));
        return living.into_iter().map(life).collect();
    }
    let _ = verb;
    roster::living()
}

#[cfg(feature = "explore")]
fn explored_life(index: usize) -> Arc<Life> {
    let (name, daemon) = crate::explored::known_as(index).unwrap_or_default();
    Arc::new(Life::explored(index, name, daemon))
}

/// Says that the running thread is about to end by a panic with this payload: it is a failure of the explored program
/// unless somebody takes note of it (see [`panic_noted`]).
pub fn note_panic(payload: &(dyn std::any::Any + Send)) {
    #[cfg(feature = "explore")]
    crate::explored::note_panic(payload);
    #[cfg(not(feature = "explore"))]
    let _ = payload;
}

/// Says that somebody took note of how this thread ended.
pub fn panic_noted(life: &Life) {
    #[cfg(feature = "explore")]
    if let Some(index) = life.index() {
        crate::explored::panic_noted(index);
    }
    #[cfg(not(feature = "explore"))]
    let _ = life;
}

/// A number for the running thread that no other thread of the process has, ever had or will have; never 0.
///
/// One read of a thread-local. An address in the place of the number would come back with another thread, and
/// `std::thread::current().id()` counts references.
#[inline]
#[must_use]
pub fn current_id() -> u64 {
    #[cfg(feature = "explore")]
    if let Some(index) = crate::explored::current_thread() {
        // Explored threads may share a thread of the system, and with it the thread-local.
        return explored_id(index);
    }
    match ID.with(Cell::get) {
        0 => {
            let id = if is_main() { MAIN_ID } else { new_id() };
            ID.with(|own| own.set(id));
            id
        }
        id => id,
    }
}

#[cfg(not(loom))]
thread_local! {
    /// The number of the thread that runs here; 0 before it has one.
    static ID: Cell<u64> = const { Cell::new(0) };
}

// The threads of a model share one of the system.
#[cfg(loom)]
loom::thread_local! {
    static ID: Cell<u64> = Cell::new(0);
}

/// The number of the main thread.
const MAIN_ID: u64 = 1;

/// A number that was never given out.
fn new_id() -> u64 {
    // Relaxed: that each number is given out once is all that is asked for. 64 bits do not run out.
    static LAST: AtomicU64 = AtomicU64::new(MAIN_ID);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

/// The number of an explored thread, apart from those of the machine.
#[cfg(feature = "explore")]
fn explored_id(index: usize) -> u64 {
    1 << 63 | index as u64
}

/// True for the thread that the program began with.
#[cfg(target_os = "linux")]
fn is_main() -> bool {
    native_id() == u64::from(std::process::id())
}

#[cfg(not(target_os = "linux"))]
fn is_main() -> bool {
    std::thread::current().name() == Some("main")
}

/// The number that the system has for the running thread (explored: its place in the order of starting, from 1); where
/// the system has none, the one of [`current_id`].
#[must_use]
pub fn current_native_id() -> u64 {
    #[cfg(feature = "explore")]
    if let Some(index) = crate::explored::current_thread() {
        return index as u64 + 1;
    }
    native_id()
}

#[cfg(target_os = "linux")]
fn native_id() -> u64 {
    // SAFETY:
    // - it takes nothing and cannot fail.
    let id = unsafe { libc::gettid() };
    u64::from(id.unsigned_abs())
}

#[cfg(not(target_os = "linux"))]
fn native_id() -> u64 {
    current_id()
}

/// The name that the system's thread has.
fn machine_name() -> Option<String> {
    machine::current().name().map(str::to_owned)
}

/// The name of the running thread, if it has one.
#[must_use]
pub fn current_name() -> Option<String> {
    #[cfg(feature = "explore")]
    if let Some(name) = crate::explored::thread_name() {
        return name;
    }
    machine_name()
}

/// Does nothing for so long.
#[track_caller]
pub fn sleep(duration: Duration) {
    #[cfg(feature = "explore")]
    if crate::explored::sleep(duration) {
        return;
    }
    let _blocked = blocked();
    machine::sleep(duration);
}

/// Does nothing until then.
#[track_caller]
pub fn sleep_until(deadline: Instant) {
    sleep(deadline.saturating_duration_since(Instant::now()));
}

/// Has the system wake the running thread as soon as a deadline of its has passed. It may otherwise let some time go by,
/// so as to wake several threads together: 50 microseconds on Linux, which is where this does something.
pub fn wake_promptly() {
    #[cfg(all(target_os = "linux", not(loom)))]
    {
        let nanoseconds: libc::c_ulong = 1;
        // SAFETY:
        // - it changes how the running thread's own deadlines are rounded, and nothing else; that it may be refused
        //   makes wake-ups later and nothing wrong.
        unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, nanoseconds) };
    }
}

/// Computes for so long: keeps a processor busy.
///
/// Explored, virtual time passes, on one of as many processors as the explorer was told of
/// (`ExplorerBuilder::cores`): whoever comes when all are in use waits for one, in the order of coming. Natively it is
/// a loop that runs until so much time has passed.
#[track_caller]
pub fn work(duration: Duration) {
    #[cfg(feature = "explore")]
    if crate::explored::work(duration) {
        return;
    }
    let start = std::time::Instant::now();
    while start.elapsed() < duration {
        std::hint::spin_loop();
    }
}

/// Lets other threads go first.
#[track_caller]
pub fn yield_now() {
    #[cfg(feature = "explore")]
    if crate::explored::yield_now() {
        return;
    }
    machine::yield_now();
}

/// How many threads the machine runs at a time, as far as this process may use it; at least 1. Explored, it is 2
/// everywhere, so that one schedule means the same on every machine.
#[must_use]
pub fn available_parallelism() -> usize {
    #[cfg(feature = "explore")]
    if crate::is_explored() {
        return 2;
    }
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// True while the running thread unwinds, be it from a panic or because an explored execution is over.
#[inline]
#[must_use]
pub fn panicking() -> bool {
    machine::panicking()
}

/// True for a panic payload that belongs to the explorer, which unwinds the threads of an execution that is over:
/// whoever catches it passes it on with `std::panic::resume_unwind`. Under loom true for every one.
#[must_use]
pub fn is_teardown(payload: &(dyn std::any::Any + Send)) -> bool {
    #[cfg(feature = "explore")]
    return threadcraft_explore::runtime::is_teardown(payload);
    #[cfg(not(feature = "explore"))]
    {
        let _ = payload;
        // Loom says by a panic what it found, and the execution is over: nobody who joins may go on.
        cfg!(loom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_threads_have_one_number_also_one_after_the_other() {
        let own = current_id();
        let mut ids: BTreeSet<u64> =
            (0..50).map(|_| std::thread::spawn(current_id).join().expect("it only looks")).collect();
        assert_eq!(ids.len(), 50);
        assert!(ids.insert(own) && !ids.contains(&0));
        assert_eq!(current_id(), own);
    }
}
