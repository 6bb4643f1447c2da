//! `Thread`: made, started, joined.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;

use threadcraft_platform::thread::{Builder, Handle, panic_noted};

use crate::error::{JoinError, StartError};
use crate::info::ThreadInfo;
use crate::packet::Packet;

/// A thread: made with what it is to do, then started, then joined (Python's `threading.Thread`).
///
/// ```
/// use threadcraft_thread::Thread;
///
/// let mut adder = Thread::new(|| 20 + 22).name("adder");
/// adder.start()?;
/// assert_eq!(adder.join().unwrap(), 42);
/// # Ok::<(), threadcraft_thread::StartError>(())
/// ```
///
/// [`spawn`] makes and starts in one call. The end of the thread is reported by [`join`](Self::join), a panic included.
/// Dropping a `Thread` lets it go on by itself; its panic is then printed, and that is all that remains of it. When
/// `main` returns, the program ends, and with it the threads that still run, as with `std::thread`: join those whose
/// work counts.
///
/// The value has to be `Send`, as it comes from another thread, and what the closure captures, too:
///
/// ```compile_fail,E0277
/// let shared = std::rc::Rc::new(1);
/// threadcraft_thread::spawn(move || println!("{shared}"));
/// ```
///
/// It may not borrow from the caller, who could be gone before it:
///
/// ```compile_fail,E0597
/// let text = String::from("borrowed");
/// threadcraft_thread::spawn(|| println!("{text}"));
/// ```
#[doc(alias = "threading.Thread")]
pub struct Thread<T> {
    info: ThreadInfo,
    stack_size: Option<usize>,
    packet: Arc<Packet<T>>,
    handle: Option<Handle>,
}

impl<T: Send + 'static> Thread<T> {
    /// A thread that will run `body`, once it is started.
    #[must_use = "a thread does nothing before it is started"]
    pub fn new(body: impl FnOnce() -> T + Send + 'static) -> Self {
        Self { info: ThreadInfo::new(None), stack_size: None, packet: Arc::new(Packet::new(body)), handle: None }
    }

    /// Gives the thread a name, for [`current`](crate::current), panic messages and timelines.
    ///
    /// # Panics
    ///
    /// If the thread was started before.
    #[must_use]
    #[track_caller]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.info = ThreadInfo::new(Some(name.into()));
        self.still_new("name")
    }

    /// Gives the thread a stack of so many bytes, rounded up as the system needs it.
    ///
    /// # Panics
    ///
    /// If the thread was started before.
    #[must_use]
    #[track_caller]
    pub fn stack_size(mut self, bytes: usize) -> Self {
        self.stack_size = Some(bytes);
        self.still_new("stack size")
    }

    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// If it was started before, if its name contains a NUL, or if the system refuses another thread; in the last two
    /// cases nothing is lost, and it can be tried again.
    #[track_caller]
    pub fn start(&mut self) -> Result<(), StartError> {
        if self.handle.is_some() {
            return Err(StartError::AlreadyStarted);
        }
        let name = self.info.name().map(str::to_owned);
        if let Some(name) = name.as_ref().filter(|name| name.contains('\0')) {
            return Err(StartError::InvalidName(name.clone()));
        }
        let packet = Arc::clone(&self.packet);
        let builder = Builder { name, stack_size: self.stack_size };
        self.handle = Some(builder.spawn(move || packet.run()).map_err(StartError::Refused)?);
        Ok(())
    }

    /// Waits for the thread to end and gives what it returned. All that it did is visible afterwards.
    ///
    /// # Errors
    ///
    /// If the thread panicked, was never started, or is the one that calls.
    #[track_caller]
    pub fn join(self) -> Result<T, JoinError> {
        let Some(handle) = self.handle else { return Err(JoinError::NotStarted) };
        if handle.is_current() {
            return Err(JoinError::WouldDeadlock);
        }
        // However the thread ends, the caller is told: a panic is not lost. Said first, as joining uses up the handle.
        panic_noted(&handle);
        handle.join();
        self.packet.take_result().map_err(JoinError::Panicked)
    }

    /// What it is called.
    #[must_use]
    pub fn info(&self) -> &ThreadInfo {
        &self.info
    }

    /// The thread itself, if it can still be changed.
    #[track_caller]
    fn still_new(self, what: &str) -> Self {
        let new = self.handle.is_none();
        assert!(new, "a thread gets its {what} before it starts: `Thread::new(…)`, then that, then `start()`");
        self
    }
}

impl<T> fmt::Debug for Thread<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Thread");
        shown.field("name", &self.info.name()).field("started", &self.handle.is_some());
        shown.finish_non_exhaustive()
    }
}

/// Makes a thread that runs `body`, and starts it.
///
/// ```
/// let answer = threadcraft_thread::spawn(|| 6 * 7);
/// assert_eq!(answer.join().unwrap(), 42);
/// ```
///
/// # Panics
///
/// If the system refuses another thread; [`Thread::start`] gives an error instead.
#[track_caller]
pub fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> Thread<T> {
    let mut thread = Thread::new(body);
    if let Err(error) = thread.start() {
        panic!("{error}");
    }
    thread
}
