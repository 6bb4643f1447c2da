//! The except hook: who is told when a thread ends by a panic.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use threadcraft_platform::{is_explored, thread as platform};

use crate::error::Panic;
use crate::info::{ThreadInfo, current};

/// Which thread ended, by what panic: what an except hook is told.
#[derive(Debug)]
pub struct ExceptArgs<'end> {
    thread: ThreadInfo,
    panic: &'end Panic,
}

impl ExceptArgs<'_> {
    /// The thread, in which the hook runs.
    #[must_use]
    pub fn thread(&self) -> &ThreadInfo {
        &self.thread
    }

    /// Its panic.
    #[must_use]
    pub fn panic(&self) -> &Panic {
        self.panic
    }
}

impl fmt::Display for ExceptArgs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.thread.name() {
            Some(name) => write!(f, "the thread `{name}` ended by a panic: {}", self.panic.message()),
            None => write!(f, "a thread without a name ended by a panic: {}", self.panic.message()),
        }
    }
}

type Hook = Box<dyn Fn(&ExceptArgs<'_>) + Send + Sync>;

/// An except hook that was replaced, to be put back. Dropped, it is gone.
pub struct ExceptHook(Option<platform::Hook>);

impl ExceptHook {
    /// Puts it back.
    #[track_caller]
    pub fn restore(self) {
        platform::set_hook(self.0);
    }
}

impl fmt::Debug for ExceptHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExceptHook").field("custom", &self.0.is_some()).finish()
    }
}

/// Has `hook` told whenever a thread of this crate ends by a panic (Python's `threading.excepthook`); gives back what
/// was told before.
///
/// ```
/// use threadcraft_thread::{set_except_hook, spawn};
///
/// let before = set_except_hook(|end| eprintln!("to the log: {end}"));
/// assert!(spawn(|| panic!("out of paper")).join().is_err());
/// before.restore();
/// ```
///
/// It runs in the thread that ends, before a join returns, and besides the panic hook of `std`, which has printed where
/// the panic happened. The default writes a line to standard error. If the hook itself panics, the default is used.
///
/// Explored, it is a step, and the hook lasts for the execution. The default does nothing there: a panic that nobody
/// joins is a failure. A hook of the program's own takes note of it, as a join does.
#[doc(alias("threading.excepthook", "excepthook"))]
#[track_caller]
pub fn set_except_hook(hook: impl Fn(&ExceptArgs<'_>) + Send + Sync + 'static) -> ExceptHook {
    let hook: Hook = Box::new(hook);
    ExceptHook(platform::set_hook(Some(Arc::new(hook))))
}

/// Has the default told again (Python's `threading.excepthook = threading.__excepthook__`); gives back what was told
/// before.
#[track_caller]
pub fn reset_except_hook() -> ExceptHook {
    ExceptHook(platform::set_hook(None))
}

/// Calls `body` in a thread that goes on whatever happens: a panic is told to the except hook, as if the thread ended by
/// it. `None` if it panicked. For those who run what others gave them, such as a timer its callbacks.
///
/// ```
/// use threadcraft_thread::{set_except_hook, tell_panics};
///
/// let before = set_except_hook(|end| eprintln!("to the log: {}", end.panic().message()));
/// assert_eq!(tell_panics(|| 7), Some(7));
/// assert_eq!(tell_panics(|| -> u32 { panic!("out of paper") }), None);
/// before.restore();
/// ```
pub fn tell_panics<R>(body: impl FnOnce() -> R) -> Option<R> {
    caught(body).ok()
}

/// Runs `body`; a panic is told to the hook, and returned. The explorer's own goes on.
pub(crate) fn caught<R>(body: impl FnOnce() -> R) -> Result<R, Panic> {
    // Unwind safe: whoever sees what the panic left half done is told of the panic.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => Ok(value),
        Err(payload) if platform::is_teardown(&*payload) => resume_unwind(payload),
        Err(payload) => Err(told(payload)),
    }
}

/// The same for all that a thread does. `None` if the explorer unwound it: nothing is left to be unwound, so it ends as it
/// would by itself, which costs less. Loom wants its panics back.
pub(crate) fn caught_at_last<R>(body: impl FnOnce() -> R) -> Option<Result<R, Panic>> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => Some(Ok(value)),
        Err(payload) if platform::is_teardown(&*payload) => {
            if cfg!(loom) {
                resume_unwind(payload);
            }
            None
        }
        Err(payload) => Some(Err(told(payload))),
    }
}

/// A panic of the program, which the hook has been told of.
fn told(payload: Box<dyn Any + Send>) -> Panic {
    platform::note_panic(&*payload);
    let panic = Panic::new(payload);
    tell(&panic);
    panic
}

/// Tells that the running thread ends by this panic.
fn tell(panic: &Panic) {
    let end = ExceptArgs { thread: current(), panic };
    let custom = platform::hook();
    let Some(hook) = custom.as_ref().and_then(|hook| hook.downcast_ref::<Hook>()) else {
        return default(&end);
    };
    match catch_unwind(AssertUnwindSafe(|| hook(&end))) {
        Ok(()) => {
            if let Some(life) = end.thread.life() {
                platform::panic_noted(life);
            }
        }
        Err(payload) if platform::is_teardown(&*payload) => resume_unwind(payload),
        Err(payload) => {
            if !is_explored() {
                eprintln!("the except hook panicked: {}", Panic::new(payload).message());
            }
            default(&end);
        }
    }
}

/// The default.
fn default(end: &ExceptArgs<'_>) {
    // Explored, a panic that nobody hears of is a failure, which says more.
    if !is_explored() {
        eprintln!("{end}");
    }
}
