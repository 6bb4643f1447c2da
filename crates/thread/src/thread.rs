//! `Thread`: made, started, joined.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

use threadcraft_platform::Instant;
use threadcraft_platform::thread::{Builder, Handle, inherits_daemon, panic_noted};

use crate::error::{JoinError, StartError};
use crate::info::{ThreadInfo, ThreadState};
use crate::packet::Packet;
use crate::run::Run;

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
/// Dropping a `Thread` lets it go on by itself; its panic is then told to the
/// [except hook](crate::set_except_hook), and that is all that remains of it.
///
/// The program does not end before its threads have, unless they are [daemons](Self::daemon): see
/// [the front page](crate#the-end-of-the-program).
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
    /// The program waits for it after all others.
    last: bool,
    packet: Arc<Packet<'static, T>>,
    handle: Option<Handle>,
}

impl<T: Send + 'static> Thread<T> {
    /// A thread that will run `body`, once it is started.
    #[must_use = "a thread does nothing before it is started"]
    pub fn new(body: impl FnOnce() -> T + Send + 'static) -> Self {
        let info = ThreadInfo::new(None, inherits_daemon());
        Self { info, stack_size: None, last: false, packet: Arc::new(Packet::new(body)), handle: None }
    }

    /// A thread that will run `value`, whose type says what that means: see [`Run`].
    #[must_use = "a thread does nothing before it is started"]
    pub fn from_run(value: impl Run<Output = T> + Send + 'static) -> Self {
        Self::new(move || value.run())
    }

    /// Gives the thread a name, for [`current`](crate::current), panic messages and timelines.
    ///
    /// # Panics
    ///
    /// If the thread was started before.
    #[must_use]
    #[track_caller]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self = self.still_new("name");
        self.info = ThreadInfo::new(Some(name.into()), self.info.is_daemon());
        self
    }

    /// Gives the thread a stack of so many bytes, rounded up as the system needs it.
    ///
    /// # Panics
    ///
    /// If the thread was started before.
    #[must_use]
    #[track_caller]
    pub fn stack_size(mut self, bytes: usize) -> Self {
        self = self.still_new("stack size");
        self.stack_size = Some(bytes);
        self
    }

    /// Says whether the program may end while the thread runs. If nobody says so, it may if the thread is made in a
    /// daemon.
    ///
    /// # Panics
    ///
    /// If the thread was started before.
    #[must_use]
    #[track_caller]
    pub fn daemon(mut self, daemon: bool) -> Self {
        self = self.still_new("daemon status");
        self.info = ThreadInfo::new(self.info.name().map(str::to_owned), daemon);
        self
    }

    /// Has the program wait for it after all other threads: for those who keep threads that wait for work, and end them
    /// when nobody is left to bring any, with `threadcraft_platform::thread::at_exit`.
    ///
    /// # Panics
    ///
    /// If the thread was started before.
    #[must_use]
    #[track_caller]
    pub fn waited_for_last(mut self) -> Self {
        self = self.still_new("place at the end of the program");
        self.last = true;
        self
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
        let builder = Builder { name, stack_size: self.stack_size, daemon: self.info.is_daemon(), last: self.last };
        let body = move || {
            packet.run();
        };
        let handle = builder.spawn(body).map_err(StartError::Refused)?;
        self.info = ThreadInfo::of(Arc::clone(handle.life()));
        self.handle = Some(handle);
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
        panic_noted(handle.life());
        handle.join();
        self.packet.take_result().map_err(JoinError::Panicked)
    }

    /// The same for at most `timeout` (Python's `join(timeout)`, then `is_alive`). Zero means one look; a timeout beyond
    /// what the clock can count means for ever.
    ///
    /// ```
    /// use std::sync::mpsc;
    /// use std::time::Duration;
    /// use threadcraft_thread::{JoinError, spawn};
    ///
    /// let (go, start) = mpsc::channel();
    /// let thread = spawn(move || start.recv());
    /// let Err(JoinError::TimedOut(thread)) = thread.join_for(Duration::from_millis(5)) else { panic!("it waits") };
    /// go.send("go")?;
    /// assert_eq!(thread.join().unwrap(), Ok("go"));
    /// # Ok::<(), mpsc::SendError<&str>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join); and if the thread has not ended by then, the thread itself.
    #[doc(alias = "join(timeout)")]
    #[track_caller]
    pub fn join_for(self, timeout: Duration) -> Result<T, JoinError<Self>> {
        self.join_deadline(Instant::after(timeout))
    }

    /// The same until `deadline`. In the past, it means one look.
    ///
    /// # Errors
    ///
    /// As [`join_for`](Self::join_for).
    #[track_caller]
    pub fn join_until(self, deadline: impl Into<Instant>) -> Result<T, JoinError<Self>> {
        self.join_deadline(Some(deadline.into()))
    }

    #[track_caller]
    fn join_deadline(mut self, deadline: Option<Instant>) -> Result<T, JoinError<Self>> {
        let Some(handle) = self.handle.take() else { return Err(JoinError::NotStarted) };
        if handle.is_current() {
            return Err(JoinError::WouldDeadlock);
        }
        let life = Arc::clone(handle.life());
        if let Err(handle) = handle.join_until(deadline) {
            self.handle = Some(handle);
            return Err(JoinError::TimedOut(self));
        }
        panic_noted(&life);
        self.packet.take_result().map_err(JoinError::Panicked)
    }
}

impl<T> Thread<T> {
    /// Waits for the thread to end, and leaves what it returned to a [`join`](Self::join). Any number of threads may wait,
    /// any number of times.
    ///
    /// # Panics
    ///
    /// If the thread was never started, or is the one that calls.
    #[track_caller]
    pub fn wait(&self) {
        self.wait_deadline(None);
    }

    /// Waits for the thread to end, for at most `timeout`: true if it has ended. Zero means one look; a timeout beyond
    /// what the clock can count means for ever.
    ///
    /// # Panics
    ///
    /// If the thread was never started, or is the one that calls.
    #[track_caller]
    pub fn wait_for(&self, timeout: Duration) -> bool {
        self.wait_deadline(Instant::after(timeout))
    }

    /// The same until `deadline`. In the past, it means one look.
    ///
    /// # Panics
    ///
    /// If the thread was never started, or is the one that calls.
    #[track_caller]
    pub fn wait_until(&self, deadline: impl Into<Instant>) -> bool {
        self.wait_deadline(Some(deadline.into()))
    }

    /// Returns when it has ended, whatever happens, for whoever has lent it what is about to go: an explored execution that
    /// is over unwinds its threads, and this one comes first. Elsewhere as [`wait`](Self::wait). Nothing if it was never
    /// started.
    pub fn see_out(&self) {
        if let Some(handle) = &self.handle {
            handle.life().see_out();
        }
    }

    #[track_caller]
    fn wait_deadline(&self, deadline: Option<Instant>) -> bool {
        let refusal: JoinError = match &self.handle {
            None => JoinError::NotStarted,
            Some(handle) if handle.is_current() => JoinError::WouldDeadlock,
            Some(handle) => return handle.life().wait(deadline),
        };
        panic!("{refusal}")
    }

    /// True if it was started and has not ended. If it has ended, all that it did is visible.
    #[doc(alias = "isAlive")]
    #[must_use]
    #[track_caller]
    pub fn is_alive(&self) -> bool {
        self.info.is_alive()
    }

    /// How far it has come, at this moment.
    #[must_use]
    #[track_caller]
    pub fn state(&self) -> ThreadState {
        self.info.state()
    }

    /// Its number: never 0, never used again in this process. None before it is started.
    #[must_use]
    pub fn ident(&self) -> Option<u64> {
        self.info.ident()
    }

    /// The number that the system has for it, see [`ThreadInfo::native_id`].
    #[must_use]
    pub fn native_id(&self) -> Option<u64> {
        self.info.native_id()
    }

    /// True if the program does not wait for its end.
    #[doc(alias = "isDaemon")]
    #[must_use]
    pub fn is_daemon(&self) -> bool {
        self.info.is_daemon()
    }

    /// Who it is: its name, its numbers.
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
