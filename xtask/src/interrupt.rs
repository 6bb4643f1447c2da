//! Ctrl-C: a flag that every wait looks at, so that one place (whoever waits) kills what it started and tidies up.

use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Only what is running now is to stop: something newer is to be done instead.
static CANCELLED: AtomicBool = AtomicBool::new(false);

extern "C" fn note(_signal: libc::c_int) {
    // Relaxed: the flag publishes no data, and a wait that misses it once sees it at its next tick.
    REQUESTED.store(true, Ordering::Relaxed);
}

/// Asks for an end, as a signal does.
pub(crate) fn request() {
    // Relaxed: see `note`.
    REQUESTED.store(true, Ordering::Relaxed);
}

/// From now on the signals that ask for an end only set a flag, and a reader that goes away (`… | head`) ends us
/// quietly instead of by a panic in `println!`. A terminal that goes away (SIGHUP) ends us at once: there is nothing to
/// give back, reading it again and again would never end, and what we started is ended by the kernel and the guardian.
pub(crate) fn listen() {
    // SAFETY:
    // * the call touches no memory, and the default action needs no handler.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    for signal in [libc::SIGINT, libc::SIGTERM] {
        // SAFETY:
        // * `sigaction` is a plain C struct for which all zeroes is a valid value (no flags, empty mask).
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        action.sa_sigaction = note as extern "C" fn(libc::c_int) as usize;
        // SAFETY:
        // * `action` is a valid `sigaction`, and the old one is not asked for.
        // * the handler stores to a lock-free atomic and does nothing else, which is async-signal-safe.
        unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) };
    }
}

/// From now on the end of the terminal is ours, also for who was told to outlive it (`nohup`): a full screen that nobody
/// sees, with keys that nobody presses, is no work to go on with.
pub(crate) fn end_with_the_terminal() {
    // SAFETY:
    // * the call touches no memory, and the default action needs no handler.
    unsafe { libc::signal(libc::SIGHUP, libc::SIG_DFL) };
}

/// True once an end was asked for.
pub(crate) fn signalled() -> bool {
    // Relaxed: see `note`.
    REQUESTED.load(Ordering::Relaxed)
}

/// True if whatever is running should stop: the end was asked for, or only an end of this piece of work.
pub(crate) fn requested() -> bool {
    // Relaxed: see `note`; that a piece of work is cancelled in time for the next is its owner's matter.
    signalled() || CANCELLED.load(Ordering::Relaxed)
}

/// Asks for the end of the piece of work that is running, or takes that back for the next one.
pub(crate) fn cancel(cancelled: bool) {
    // Relaxed: the flag publishes no data, see `requested`.
    CANCELLED.store(cancelled, Ordering::Relaxed);
}
