//! `Barrier`: what a program calls.

extern crate alloc;

use alloc::boxed::Box;
use core::cell::UnsafeCell;
use core::fmt;
use core::time::Duration;

use threadcraft_platform::object::Done;
use threadcraft_platform::{Instant, call, const_unless_loom};

use crate::error::{BrokenBarrier, Cause};
use crate::raw::{Arrival, RawBarrier};

/// No default timeout, in nanoseconds. A timeout of so many is one of 584 years, which may as well be none.
const FOR_EVER: u64 = u64::MAX;

/// What the last one to come runs before any goes on.
type Action = dyn FnMut() + Send;

/// A place where a number of threads wait for each other, again and again (Python's `threading.Barrier`).
///
/// ```
/// use threadcraft_barrier::Barrier;
///
/// let (day, results) = (Barrier::new(3), threadcraft_lock::Lock::new(Vec::new()));
/// std::thread::scope(|scope| {
///     for worker in 0..3 {
///         let (day, results) = (&day, &results);
///         scope.spawn(move || {
///             results.lock().push(worker);
///             let place = day.wait().unwrap();
///             // Here all three have pushed.
///             if place.is_leader() {
///                 assert_eq!(results.lock().len(), 3);
///             }
///         });
///     }
/// });
/// ```
///
/// Each time that all have come is a *phase*; the next begins at once, and a thread may come back before the others of
/// the phase have gone on. All that a thread did before it came is visible to all after it.
///
/// A thread whose time is over breaks the barrier for all, and so does [`abort`](Self::abort): those that wait, and all
/// that come later, get an error. [`reset`](Self::reset) sends those that wait away with an error, and leaves a barrier
/// that can be used.
///
/// # Cost
///
/// | | atomics | system calls |
/// |---|---|---|
/// | wait, not the last | 1 load, 1 compare-and-swap, 1 load a round | 1 futex wait a round |
/// | wait, the last | 1 load, 1 compare-and-swap | 1 futex wake for all |
/// | the same with an action | 2 loads, 2 compare-and-swaps | 1 futex wake for all |
/// | a phase of n | n compare-and-swaps | n − 1 waits and 1 wake |
///
/// 24 bytes, and 16 for the action, which is in a box of its own (without the feature `explore`).
#[doc(alias("threading.Barrier", "rendezvous"))]
pub struct Barrier {
    raw: RawBarrier,
    /// The timeout of `wait`, in nanoseconds.
    timeout: u64,
    action: Option<Box<UnsafeCell<Action>>>,
}

// SAFETY:
// - the action is called by the one thread that has set the state to running, until it changes it back: by one at a
//   time, each of which sees what the one before did; and it may be sent;
// - everything else is atomic or never changes.
unsafe impl Sync for Barrier {}

impl Barrier {
    const_unless_loom! {
        /// A barrier for so many threads.
        ///
        /// # Panics
        ///
        /// If `parties` is 0, as nobody could ever come last, or more than `u32::MAX`.
        #[must_use]
        pub const fn new(parties: usize) -> Self {
            assert!(parties != 0, "a barrier of 0 parties: it takes at least 1 to wait");
            assert!(parties <= u32::MAX as usize, "a barrier of more than 4294967295 parties");
            Self { raw: RawBarrier::new(parties as u32), timeout: FOR_EVER, action: None }
        }
    }

    /// The same with an action, which the last one to come runs, once a phase, before any goes on.
    ///
    /// ```
    /// use threadcraft_barrier::Barrier;
    ///
    /// let (send, receive) = std::sync::mpsc::channel();
    /// let lap = Barrier::with_action(2, move || send.send("a lap").unwrap());
    /// std::thread::scope(|scope| {
    ///     for _ in 0..2 {
    ///         scope.spawn(|| (0..3).for_each(|_| drop(lap.wait())));
    ///     }
    /// });
    /// assert_eq!(receive.try_iter().count(), 3);
    /// ```
    ///
    /// If it panics, the barrier breaks, and the panic goes on in the thread that ran it. It must not wait at the barrier
    /// itself: it would wait for its own end. It may abort or reset it.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    #[doc(alias = "Barrier(parties, action)")]
    #[must_use]
    pub fn with_action(parties: usize, action: impl FnMut() + Send + 'static) -> Self {
        Self { action: Some(Box::new(UnsafeCell::new(action))), ..Self::new(parties) }
    }

    const_unless_loom! {
        /// The same with a timeout for [`wait`](Self::wait).
        ///
        /// # Panics
        ///
        /// As [`new`](Self::new).
        #[doc(alias = "Barrier(parties, timeout=)")]
        #[must_use]
        pub const fn with_timeout(parties: usize, timeout: Duration) -> Self {
            Self::new(parties).default_timeout(timeout)
        }
    }

    /// The same barrier with this timeout for [`wait`](Self::wait): for one that has an action, too.
    #[must_use]
    pub const fn default_timeout(mut self, timeout: Duration) -> Self {
        let nanoseconds = timeout.as_nanos();
        self.timeout = if nanoseconds < FOR_EVER as u128 { nanoseconds as u64 } else { FOR_EVER };
        self
    }

    /// The same barrier, called `name` in timelines and in `Debug`. Free without the feature `explore`.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.raw.object = self.raw.object.named(name);
        self
    }

    /// Waits until all have come, for at most the default timeout, if there is one.
    ///
    /// # Errors
    ///
    /// If the barrier is broken, or breaks, or is reset while this thread waits.
    ///
    /// # Panics
    ///
    /// If this thread comes last and the action panics.
    #[inline]
    #[track_caller]
    pub fn wait(&self) -> Result<BarrierWait, BrokenBarrier> {
        let deadline = || if self.timeout == FOR_EVER { None } else { self.default_deadline() };
        self.cross("wait", None, deadline)
    }

    /// Waits until all have come, for at most `timeout`. Zero means: pass if all others have come; a timeout beyond what
    /// the clock can count means for ever.
    ///
    /// When the time is over the barrier breaks, for all. It is not over while the action runs: all have come by then.
    /// Nor does it begin before this thread could enter: while the action of the phase before runs, or those that a
    /// reset sends away have not left, it waits for that.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait), and if the time is over.
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait).
    #[doc(alias = "wait(timeout=)")]
    #[track_caller]
    pub fn wait_for(&self, timeout: Duration) -> Result<BarrierWait, BrokenBarrier> {
        self.cross("wait_for", Some(&format_args!("{timeout:?}")), || Instant::after(timeout))
    }

    /// The same until `deadline` at the latest.
    ///
    /// # Errors
    ///
    /// As [`wait_for`](Self::wait_for).
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait).
    #[track_caller]
    pub fn wait_until(&self, deadline: impl Into<Instant>) -> Result<BarrierWait, BrokenBarrier> {
        let deadline = deadline.into();
        self.cross("wait_until", None, || Some(deadline))
    }

    /// Breaks the barrier: those that wait, and all that come until a [`reset`](Self::reset), get an error.
    #[track_caller]
    pub fn abort(&self) {
        call(&self.raw.object, "abort", None, || self.raw.abort(), |(), done| done.wrote());
    }

    /// Sends those that wait away with an error, and leaves a barrier that is not broken and that nobody has come to.
    ///
    /// Who comes while they have not all left waits for that: nobody of an old phase is counted in a new one.
    #[track_caller]
    pub fn reset(&self) {
        call(&self.raw.object, "reset", None, || self.raw.reset(), |(), done| done.wrote());
    }

    /// How many threads it takes.
    #[must_use]
    pub const fn parties(&self) -> usize {
        self.raw.parties as usize
    }

    /// How many wait at this moment.
    #[doc(alias = "n_waiting")]
    #[must_use]
    #[track_caller]
    pub fn waiting(&self) -> usize {
        call(&self.raw.object, "waiting", None, || self.count(), looked)
    }

    /// Whether the barrier is broken at this moment.
    #[doc(alias = "broken")]
    #[must_use]
    #[track_caller]
    pub fn is_broken(&self) -> bool {
        call(&self.raw.object, "is_broken", None, || self.raw.look().is_broken(), looked)
    }

    fn count(&self) -> usize {
        let state = self.raw.look();
        // Who is in a phase that was given up is on the way out.
        if state.is_given_up() { 0 } else { state.count() as usize }
    }

    /// The one way to wait.
    ///
    /// A processor forgets where calls return to while another thread has it: each call between the user's line and the
    /// sleep is a branch that it takes wrongly, and a hundredth of a phase. Hence all that is inlined here.
    #[inline(always)]
    #[track_caller]
    fn cross(
        &self,
        verb: &'static str,
        argument: Option<&dyn fmt::Display>,
        deadline: impl FnOnce() -> Option<Instant>,
    ) -> Result<BarrierWait, BrokenBarrier> {
        let arrive = || self.raw.arrive(self.action.is_some(), deadline);
        match call(&self.raw.object, verb, argument, arrive, arrived) {
            Arrival::Passed { index } => Ok(self.passed(index)),
            Arrival::Failed(cause) => Err(self.failed(cause)),
            Arrival::RunsAction { phase } => self.run_action(verb, argument, phase),
        }
    }

    /// The end of the wait of a thread that came last, where there is an action.
    #[cold]
    #[track_caller]
    fn run_action(
        &self,
        verb: &'static str,
        argument: Option<&dyn fmt::Display>,
        phase: u64,
    ) -> Result<BarrierWait, BrokenBarrier> {
        let action = self.action.as_ref().expect("only a barrier with an action is told to run it");
        let running = Running(&self.raw);
        // SAFETY:
        // - this thread has set the state to running, and leaves it below: no other calls the action meanwhile.
        unsafe { (*action.get())() };
        core::mem::forget(running);
        match call(&self.raw.object, verb, argument, || self.raw.finish(phase), arrived) {
            Arrival::Passed { index } => Ok(self.passed(index)),
            Arrival::Failed(cause) => Err(self.failed(cause)),
            Arrival::RunsAction { .. } => unreachable!("the action has run"),
        }
    }

    #[cold]
    fn default_deadline(&self) -> Option<Instant> {
        Instant::after(Duration::from_nanos(self.timeout))
    }

    fn passed(&self, index: u32) -> BarrierWait {
        BarrierWait { index, is_leader: index + 1 == self.raw.parties }
    }

    fn failed(&self, cause: Cause) -> BrokenBarrier {
        BrokenBarrier { parties: self.parties(), cause }
    }
}

/// The action runs; if it does not come to its end, the barrier breaks.
struct Running<'barrier>(&'barrier RawBarrier);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fail();
    }
}

/// What a thread knows that has passed a barrier.
///
/// ```
/// use std::thread;
/// use threadcraft_barrier::Barrier;
///
/// let gate = Barrier::new(3);
/// let mut passed: Vec<_> = thread::scope(|scope| {
///     let threads = [(); 3].map(|()| scope.spawn(|| gate.wait().expect("nobody breaks it")));
///     threads.map(|thread| thread.join().unwrap()).into()
/// });
/// passed.sort_by_key(|wait| wait.index());
/// assert_eq!(passed.iter().map(|wait| wait.index()).collect::<Vec<_>>(), [0, 1, 2]);
/// assert!(passed[2].is_leader() && !passed[0].is_leader());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BarrierWait {
    index: u32,
    is_leader: bool,
}

impl BarrierWait {
    /// As how manyeth it came, from 0: a different number for each thread of the phase.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// True for one thread of the phase: the one that came last.
    #[must_use]
    pub fn is_leader(self) -> bool {
        self.is_leader
    }
}

/// What a wait means for the timeline.
fn arrived(arrival: &Arrival, done: &mut Done<'_>) {
    match arrival {
        Arrival::Passed { index } => {
            done.read();
            done.result(index);
        }
        Arrival::RunsAction { .. } => done.wrote(),
        Arrival::Failed(_) => {
            done.refused();
            done.result(&"broken");
        }
    }
}

/// What a look means for the timeline.
fn looked(seen: &impl fmt::Display, done: &mut Done<'_>) {
    done.read();
    done.result(seen);
}

/// Shows the state. Never waits.
impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Barrier");
        if let Some(name) = self.raw.object.name() {
            shown.field("name", &name);
        }
        shown.field("parties", &self.parties()).field("waiting", &self.count());
        shown.field("broken", &self.raw.look().is_broken()).finish()
    }
}
