//! Threads of the machine, or of the explored program.

use std::cell::Cell;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::Instant;
use crate::backend::thread as machine;

/// How to start a thread.
#[derive(Debug, Default, Clone)]
pub struct Builder {
    /// Its name, which must not contain a NUL.
    pub name: Option<String>,
    /// The size of its stack in bytes, if not the default.
    pub stack_size: Option<usize>,
}

/// A started thread, to be joined or let go.
#[derive(Debug)]
pub struct Handle {
    inner: Inner,
}

#[derive(Debug)]
enum Inner {
    Machine(machine::JoinHandle<()>),
    #[cfg(feature = "explore")]
    Explored(usize),
}

impl Builder {
    /// Starts a thread that runs `body`, which must not unwind.
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
            let index = crate::explored::spawn(self.name, self.stack_size, Box::new(body));
            return Ok(Handle { inner: Inner::Explored(index) });
        }
        let mut builder = machine::Builder::new();
        if let Some(name) = self.name {
            builder = builder.name(name);
        }
        if let Some(size) = self.stack_size {
            builder = builder.stack_size(size);
        }
        Ok(Handle { inner: Inner::Machine(builder.spawn(body)?) })
    }
}

impl Handle {
    /// Waits for the thread to end. All that it did is visible afterwards.
    #[track_caller]
    pub fn join(self) {
        match self.inner {
            Inner::Machine(handle) => {
                // The body does not unwind; if it does all the same, the panic was reported where it happened.
                let _ = handle.join();
            }
            #[cfg(feature = "explore")]
            Inner::Explored(index) => crate::explored::join(index),
        }
    }

    /// True for the thread that calls.
    #[must_use]
    pub fn is_current(&self) -> bool {
        match &self.inner {
            Inner::Machine(handle) => handle.thread().id() == machine::current().id(),
            #[cfg(feature = "explore")]
            Inner::Explored(index) => crate::explored::current_thread() == Some(*index),
        }
    }
}

/// Says that the running thread is about to end by a panic with this payload: it is a failure of the explored program
/// unless somebody takes note of it (see [`panic_noted`]).
pub fn note_panic(payload: &(dyn std::any::Any + Send)) {
    #[cfg(feature = "explore")]
    crate::explored::note_panic(payload);
    #[cfg(not(feature = "explore"))]
    let _ = payload;
}

/// Says that somebody took note of how the thread of this handle ended.
pub fn panic_noted(handle: &Handle) {
    match &handle.inner {
        Inner::Machine(_) => {}
        #[cfg(feature = "explore")]
        Inner::Explored(index) => crate::explored::panic_noted(*index),
    }
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
        return EXPLORED | index as u64;
    }
    thread_local! {
        static ID: Cell<u64> = const { Cell::new(0) };
    }
    match ID.get() {
        0 => {
            // Relaxed: that each number is given out once is all that is asked for. 64 bits do not run out.
            static LAST: AtomicU64 = AtomicU64::new(0);
            let id = LAST.fetch_add(1, Ordering::Relaxed) + 1;
            ID.set(id);
            id
        }
        id => id,
    }
}

/// Sets the numbers of explored threads apart.
#[cfg(feature = "explore")]
const EXPLORED: u64 = 1 << 63;

/// The name of the running thread, if it has one.
#[must_use]
pub fn current_name() -> Option<String> {
    #[cfg(feature = "explore")]
    if let Some(name) = crate::explored::thread_name() {
        return name;
    }
    machine::current().name().map(str::to_owned)
}

/// Does nothing for so long.
#[track_caller]
pub fn sleep(duration: Duration) {
    #[cfg(feature = "explore")]
    if crate::explored::sleep(duration) {
        return;
    }
    machine::sleep(duration);
}

/// Does nothing until then.
#[track_caller]
pub fn sleep_until(deadline: Instant) {
    sleep(deadline.saturating_duration_since(Instant::now()));
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
