//! Who a thread is: the running one, the main one, all that live.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;

use threadcraft_platform::thread::{self as platform, Life, Stage};

/// What is known of a thread, also of one that this crate did not start.
///
/// Two of them are equal if they are of the same thread.
#[derive(Clone)]
pub struct ThreadInfo {
    name: Option<Arc<str>>,
    daemon: bool,
    /// None before the thread is started.
    life: Option<Arc<Life>>,
}

/// How far a thread has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ThreadState {
    /// Made and not started.
    New,
    /// Started; it has not begun to run.
    Ready,
    /// It runs, or could.
    Running,
    /// It waits: for a primitive of these crates, for another thread, or for the clock.
    Blocked,
    /// It has ended.
    Terminated,
}

impl ThreadInfo {
    /// A thread that is not started.
    pub(crate) fn new(name: Option<String>, daemon: bool) -> Self {
        Self { name: name.map(Into::into), daemon, life: None }
    }

    /// One that is.
    pub(crate) fn of(life: Arc<Life>) -> Self {
        Self { name: life.name().map(Into::into), daemon: life.is_daemon(), life: Some(life) }
    }

    pub(crate) fn life(&self) -> Option<&Arc<Life>> {
        self.life.as_ref()
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// True if the program does not wait for its end. So it is for threads that were not started here, too.
    #[doc(alias("daemon", "isDaemon"))]
    #[must_use]
    pub fn is_daemon(&self) -> bool {
        self.daemon
    }

    /// Its number: never 0, never used again in this process. None before it is started.
    #[must_use]
    pub fn ident(&self) -> Option<u64> {
        self.life().map(|life| life.id())
    }

    /// The number that the system has for it, where the system has one; else [`ident`](Self::ident). None before it runs:
    /// on the machine a thread that was just started may not have one yet.
    #[must_use]
    pub fn native_id(&self) -> Option<u64> {
        self.life()?.native_id()
    }

    /// True if it was started and has not ended. If it has ended, all that it did is visible.
    #[must_use]
    #[track_caller]
    pub fn is_alive(&self) -> bool {
        let alive = |stage| stage != Stage::Ended;
        // No closure around the look: it would be the place that timelines show.
        let Some(life) = self.life() else { return false };
        alive(life.stage("is_alive", |stage| alive(stage).to_string()))
    }

    /// How far it has come, at this moment.
    #[must_use]
    #[track_caller]
    pub fn state(&self) -> ThreadState {
        let state = |stage| match stage {
            Stage::Ready => ThreadState::Ready,
            Stage::Running => ThreadState::Running,
            Stage::Blocked => ThreadState::Blocked,
            Stage::Ended => ThreadState::Terminated,
        };
        // No closure around the look, as above.
        let Some(life) = self.life() else { return ThreadState::New };
        state(life.stage("state", |stage| format!("{:?}", state(stage))))
    }
}

impl PartialEq for ThreadInfo {
    fn eq(&self, other: &Self) -> bool {
        self.ident() == other.ident() && self.name == other.name
    }
}

impl Eq for ThreadInfo {}

/// Shows who it is, and asks nothing that changes.
impl fmt::Debug for ThreadInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ThreadInfo");
        shown.field("name", &self.name()).field("ident", &self.ident()).field("daemon", &self.daemon).finish()
    }
}

/// The thread that calls (Python's `threading.current_thread`).
///
/// ```
/// use threadcraft_thread::{Thread, current};
///
/// let mut thread = Thread::new(|| current().name().map(str::to_owned)).name("P0");
/// thread.start()?;
/// assert_eq!(thread.join().unwrap().as_deref(), Some("P0"));
/// # Ok::<(), threadcraft_thread::StartError>(())
/// ```
///
/// A thread that was started elsewhere, by `std::thread` for example, is known from its first call of this function
/// until it ends.
#[doc(alias("current_thread", "threading.current_thread"))]
#[must_use]
pub fn current() -> ThreadInfo {
    ThreadInfo::of(platform::current())
}

/// The thread that the program began with (Python's `threading.main_thread`).
///
/// ```
/// let worker = threadcraft_thread::spawn(threadcraft_thread::main_thread);
/// assert_eq!(worker.join().unwrap(), threadcraft_thread::main_thread());
/// ```
#[doc(alias = "threading.main_thread")]
#[must_use]
pub fn main_thread() -> ThreadInfo {
    ThreadInfo::of(platform::main())
}

/// All threads that live, main first (Python's `threading.enumerate`): those that were started here and have not ended,
/// and those started elsewhere that called [`current`].
///
/// ```
/// use threadcraft_thread::{current, enumerate};
///
/// assert!(enumerate().contains(&current()));
/// ```
#[doc(alias = "threading.enumerate")]
#[must_use]
#[track_caller]
pub fn enumerate() -> Vec<ThreadInfo> {
    platform::living("enumerate").into_iter().map(ThreadInfo::of).collect()
}

/// How many threads live (Python's `threading.active_count`): as many as [`enumerate`] lists.
#[doc(alias("threading.active_count", "activeCount"))]
#[must_use]
#[track_caller]
pub fn active_count() -> usize {
    platform::living("active_count").len()
}

/// The number of the thread that calls (Python's `threading.get_ident`): never 0, never used again in this process.
#[doc(alias = "threading.get_ident")]
#[must_use]
pub fn get_ident() -> u64 {
    platform::current_id()
}

/// The number that the system has for the thread that calls (Python's `threading.get_native_id`); [`get_ident`] where the
/// system has none.
#[doc(alias = "threading.get_native_id")]
#[must_use]
pub fn get_native_id() -> u64 {
    platform::current_native_id()
}
