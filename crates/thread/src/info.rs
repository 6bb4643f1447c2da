//! What a thread is called.

use threadcraft_platform::thread::current_name;

/// What is known of a thread, also of one that this crate did not start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadInfo {
    name: Option<String>,
}

impl ThreadInfo {
    pub(crate) fn new(name: Option<String>) -> Self {
        Self { name }
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
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
#[doc(alias("current_thread", "threading.current_thread"))]
#[must_use]
pub fn current() -> ThreadInfo {
    ThreadInfo::new(current_name())
}
