//! Scoped threads: they may borrow, as the scope outlives them.

extern crate alloc;

use alloc::sync::Arc;
use core::fmt;
use core::marker::PhantomData;
use core::mem::transmute;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use threadcraft_platform::Quiet;
use threadcraft_platform::thread::{Builder, Life, panic_noted};

use crate::error::{JoinError, StartError};
use crate::info::ThreadInfo;
use crate::packet::Packet;

/// Runs `body`, which may start threads that borrow from outside, and returns when all of them have ended.
///
/// ```
/// use threadcraft_thread::scope;
///
/// let words = ["one", "two", "three"];
/// let total: usize = scope(|scope| {
///     let lengths = words.map(|word| scope.spawn(move || word.len()));
///     lengths.map(|thread| thread.join().unwrap()).into_iter().sum()
/// });
/// assert_eq!(total, 11);
/// ```
///
/// Nothing outlives what it borrows:
///
/// ```compile_fail,E0373
/// threadcraft_thread::scope(|scope| {
///     let inside = String::from("inside");
///     scope.spawn(|| println!("{inside}"));
/// });
/// ```
///
/// # Panics
///
/// If `body` panics, with its panic; and if a thread panicked that nobody joined. All threads have ended by then, too.
#[track_caller]
pub fn scope<'env, R>(body: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> R) -> R {
    let scope = Scope { started: Arc::default(), scope: PhantomData, env: PhantomData };
    // Unwind safe: what the panic left half done is seen by nobody but those that hear of it.
    let returned = catch_unwind(AssertUnwindSafe(|| body(&scope)));
    let waited = catch_unwind(AssertUnwindSafe(|| scope.each(|life| _ = life.wait(None))));
    // Where an explored execution is over, nothing waits any more; but nobody leaves before those that borrow.
    scope.each(Life::see_out);
    let value = returned.and_then(|value| waited.map(|()| value)).unwrap_or_else(|payload| resume_unwind(payload));
    let lost = scope.started.with(|started| started.iter().any(|thread| thread.panicked && !thread.joined));
    assert!(!lost, "a scoped thread panicked, and nobody joined it");
    value
}

/// Where threads are started that may borrow: see [`scope`].
pub struct Scope<'scope, 'env: 'scope> {
    started: Arc<Threads>,
    /// Invariant: with a shorter `'scope`, a thread could borrow from `body` itself.
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

/// The threads of a scope, in the order of starting.
type Threads = Quiet<Vec<Started>>;

/// What is known of one of them.
struct Started {
    life: Arc<Life>,
    panicked: bool,
    joined: bool,
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread.
    ///
    /// # Panics
    ///
    /// If the system refuses another thread; [`try_spawn`](Self::try_spawn) gives an error instead.
    #[track_caller]
    pub fn spawn<T: Send + 'scope>(&'scope self, body: impl FnOnce() -> T + Send + 'scope) -> ScopedThread<'scope, T> {
        self.try_spawn(None, body).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Starts a thread, with a name if one is given.
    ///
    /// # Errors
    ///
    /// If the name contains a NUL, or the system refuses another thread. `body` is dropped then.
    #[track_caller]
    pub fn try_spawn<T: Send + 'scope>(
        &'scope self,
        name: Option<&str>,
        body: impl FnOnce() -> T + Send + 'scope,
    ) -> Result<ScopedThread<'scope, T>, StartError> {
        if let Some(name) = name.filter(|name| name.contains('\0')) {
            return Err(StartError::InvalidName(name.to_owned()));
        }
        let packet = Arc::new(Packet::new(body));
        let builder = Builder { name: name.map(str::to_owned), ..Builder::default() };
        let run: Box<dyn FnOnce() + Send + 'scope> = Box::new({
            let (packet, started) = (Arc::clone(&packet), Arc::clone(&self.started));
            move || {
                if !packet.run() {
                    mark(&started, |thread| thread.life.is_current(), |thread| thread.panicked = true);
                }
            }
        });
        // SAFETY:
        // - the two types differ in a lifetime only;
        // - what `run` borrows lives for `'scope`, and `scope` does not return, nor unwind, before the thread has ended:
        //   it is on the list below before `spawn` returns, or never started;
        // - the thread drops `run` before it tells its end.
        let run: Box<dyn FnOnce() + Send + 'static> = unsafe { transmute(run) };
        // On the list before anything of it can run, as it looks itself up.
        let life = self.started.with(|started| -> Result<_, StartError> {
            let handle = builder.spawn(run).map_err(StartError::Refused)?;
            let life = Arc::clone(handle.life());
            started.push(Started { life: Arc::clone(&life), panicked: false, joined: false });
            Ok(life)
        })?;
        Ok(ScopedThread { info: ThreadInfo::of(Arc::clone(&life)), life, packet, started: Arc::clone(&self.started) })
    }
}

/// Changes what is known of the thread that `which` finds.
fn mark(started: &Threads, which: impl Fn(&Started) -> bool, change: impl FnOnce(&mut Started)) {
    started.with(|started| started.iter_mut().find(|thread| which(thread)).map(change));
}

impl Scope<'_, '_> {
    /// Does this with each thread, also with those that are started meanwhile.
    #[track_caller]
    fn each(&self, action: impl Fn(&Life)) {
        let mut index = 0;
        while let Some(life) = self.started.with(|started| started.get(index).map(|thread| Arc::clone(&thread.life))) {
            action(&life);
            index += 1;
        }
    }
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("started", &self.started.with(|started| started.len())).finish()
    }
}

/// A thread of a [`Scope`].
pub struct ScopedThread<'scope, T> {
    info: ThreadInfo,
    life: Arc<Life>,
    packet: Arc<Packet<'scope, T>>,
    started: Arc<Threads>,
}

impl<'scope, T: Send + 'scope> ScopedThread<'scope, T> {
    /// Waits for the thread to end and gives what it returned.
    ///
    /// # Errors
    ///
    /// If the thread panicked, or is the one that calls.
    #[track_caller]
    pub fn join(self) -> Result<T, JoinError> {
        if self.life.is_current() {
            return Err(JoinError::WouldDeadlock);
        }
        panic_noted(&self.life);
        mark(&self.started, |thread| Arc::ptr_eq(&thread.life, &self.life), |thread| thread.joined = true);
        self.life.wait(None);
        self.packet.take_result().map_err(JoinError::Panicked)
    }
}

impl<T> ScopedThread<'_, T> {
    /// Who it is, and how far it has come.
    #[must_use]
    pub fn info(&self) -> &ThreadInfo {
        &self.info
    }
}

impl<T> fmt::Debug for ScopedThread<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedThread").field("info", &self.info).finish_non_exhaustive()
    }
}
