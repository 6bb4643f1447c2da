//! Broken timers.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Condition, Instant, Lock, LockGuard, Thread, spawn};
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::futex::{self, Wait};

use crate::model::timer::{Fires, Joins, Service};

const PENDING: u32 = 0;
const RUNNING: u32 = 1;
const OVER: u32 = 2;
const CANCELLED: u32 = 3;
const STAGE: u32 = 3;
const WAITED: u32 = 4;

/// The decisions of a timer service; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// The ordering of a timer's end.
    const ENDING: Ordering = Ordering::Release;
    /// The ordering of a look at it.
    const LOOKING: Ordering = Ordering::Acquire;
    /// To call and to cancel begin with one exchange each, not with a look and then a write.
    const CLAIMS_AT_ONCE: bool = true;
    /// One that waits for a timer says so before it sleeps.
    const ANNOUNCES_SLEEP: bool = true;
    /// The thread that watches the clock is woken for a timer that is due before all others.
    const TELLS_OF_EARLIER: bool = true;
    /// A timer is due when its time has come, not when it is near.
    const WAITS_TO_THE_END: bool = true;
    /// Somebody else watches the clock while a function is called.
    const HANDS_OVER: bool = true;
    /// A shutdown wakes the thread that watches the clock.
    const SHUTDOWN_WAKES: bool = true;
    /// A cancel drops the function.
    const CANCEL_DROPS: bool = true;
    /// A shutdown ends those that wait.
    const SHUTDOWN_CANCELS: bool = true;
}

struct Task<C> {
    state: AtomicU32,
    function: Lock<Option<Box<dyn FnOnce() + Send>>>,
    choices: PhantomData<C>,
}

struct Shared<C> {
    plan: Lock<Plan<C>>,
    earlier: Condition,
}

struct Plan<C> {
    list: Vec<(Instant, Arc<Task<C>>)>,
    /// Somebody watches the clock, or is about to.
    watched: bool,
    closed: bool,
    threads: Vec<Thread<()>>,
}

/// A timer service with these decisions.
pub struct MutantService<C>(Arc<Shared<C>>);

/// A timer of such a service.
pub struct MutantTimer<C>(Arc<Task<C>>);

impl<C: Choices> Task<C> {
    fn leave_pending(&self, to: u32) -> bool {
        // Relaxed, all of them: being the only one is all that is asked for.
        let mut now = self.state.load(Ordering::Relaxed);
        while now & STAGE == PENDING {
            if !C::CLAIMS_AT_ONCE {
                self.state.store(now | to, Ordering::Relaxed);
                return true;
            }
            match self.state.compare_exchange(now, now | to, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(changed) => now = changed,
            }
        }
        false
    }

    fn end(&self, stage: u32) {
        if self.state.swap(stage, C::ENDING) & WAITED != 0 {
            futex::wake(&raw const self.state, u32::MAX);
        }
    }

    fn cancel(&self) -> bool {
        let cancelled = self.leave_pending(CANCELLED);
        if cancelled {
            if C::CANCEL_DROPS {
                let function = self.function.lock().take();
                drop(function);
            }
            self.end(CANCELLED);
        }
        cancelled
    }
}

impl<C: Choices> Shared<C> {
    fn watch(self: &Arc<Self>, plan: &mut LockGuard<'_, Plan<C>>) {
        let shared = Arc::clone(self);
        plan.watched = true;
        plan.threads.push(spawn(move || shared.serve()));
    }

    fn serve(self: Arc<Self>) {
        let mut plan = self.plan.lock();
        loop {
            let first =
                plan.list.iter().enumerate().min_by_key(|(_, entry)| entry.0).map(|(place, entry)| (place, entry.0));
            let Some((place, due)) = first.filter(|_| !plan.closed) else {
                plan.watched = false;
                return;
            };
            let now = Instant::now();
            let is_due = if C::WAITS_TO_THE_END { due <= now } else { due <= now + Duration::from_millis(1500) };
            if !is_due {
                self.earlier.wait_until(&mut plan, due);
                continue;
            }
            let (_, task) = plan.list.swap_remove(place);
            if !task.leave_pending(RUNNING) {
                continue;
            }
            if C::HANDS_OVER && !plan.list.is_empty() {
                self.watch(&mut plan);
            } else {
                plan.watched = !C::HANDS_OVER;
            }
            drop(plan);
            let function = task.function.lock().take();
            if let Some(function) = function {
                function();
            }
            task.end(OVER);
            plan = self.plan.lock();
            if C::HANDS_OVER && plan.watched {
                return;
            }
            plan.watched = true;
        }
    }
}

impl<C: Choices> Service for MutantService<C> {
    type Timer = MutantTimer<C>;

    fn new() -> Self {
        let plan = Plan { list: Vec::new(), watched: false, closed: false, threads: Vec::new() };
        Self(Arc::new(Shared { plan: Lock::new(plan), earlier: Condition::new() }))
    }

    fn after(&self, delay: Duration, function: impl FnOnce() + Send + 'static) -> MutantTimer<C> {
        let function: Box<dyn FnOnce() + Send> = Box::new(function);
        let task = Task { state: AtomicU32::new(PENDING), function: Lock::new(Some(function)), choices: PhantomData };
        let (task, due) = (Arc::new(task), Instant::now() + delay);
        let mut plan = self.0.plan.lock();
        let is_first = plan.list.iter().all(|entry| due < entry.0);
        plan.list.push((due, Arc::clone(&task)));
        if !plan.watched {
            self.0.watch(&mut plan);
        } else if is_first && C::TELLS_OF_EARLIER {
            self.0.earlier.notify_one(&mut plan);
        }
        drop(plan);
        MutantTimer(task)
    }

    fn shut_down(&self) {
        let mut plan = self.0.plan.lock();
        plan.closed = true;
        if C::SHUTDOWN_WAKES {
            self.0.earlier.notify_all(&mut plan);
        }
        let list = std::mem::take(&mut plan.list);
        let threads = std::mem::take(&mut plan.threads);
        drop(plan);
        for (_, task) in list {
            if C::SHUTDOWN_CANCELS {
                task.cancel();
            }
        }
        for thread in threads {
            thread.join().expect("the threads of a model do not panic");
        }
    }
}

impl<C: Choices> Fires for MutantTimer<C> {
    fn cancel(&self) -> bool {
        self.0.cancel()
    }
}

impl<C: Choices> Joins for MutantTimer<C> {
    fn join(&self) {
        let state = &self.0.state;
        loop {
            let now = state.load(C::LOOKING);
            if now & STAGE > RUNNING {
                return;
            }
            // Relaxed: the look above is what orders.
            if C::ANNOUNCES_SLEEP && state.fetch_or(WAITED, Ordering::Relaxed) & !WAITED != now & !WAITED {
                continue;
            }
            let expected = if C::ANNOUNCES_SLEEP { now | WAITED } else { now };
            if futex::wait(state, expected, None) == Wait::Abandoned {
                return;
            }
        }
    }
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// What the function did is not published by its end.
#[derive(Debug)]
pub struct RelaxedEnd;
impl Choices for RelaxedEnd {
    const ENDING: Ordering = Ordering::Relaxed;
}

/// What the function did is not received by who waited for it.
#[derive(Debug)]
pub struct RelaxedLook;
impl Choices for RelaxedLook {
    const LOOKING: Ordering = Ordering::Relaxed;
}

/// A timer is cancelled and called at once: both have seen that it was pending.
#[derive(Debug)]
pub struct LooksThenClaims;
impl Choices for LooksThenClaims {
    const CLAIMS_AT_ONCE: bool = false;
}

/// One that waits for a timer sleeps, and nobody knows.
#[derive(Debug)]
pub struct SleepsUnannounced;
impl Choices for SleepsUnannounced {
    const ANNOUNCES_SLEEP: bool = false;
}

/// The clock is watched for the timer that was first before.
#[derive(Debug)]
pub struct SleepsOverTheEarlier;
impl Choices for SleepsOverTheEarlier {
    const TELLS_OF_EARLIER: bool = false;
}

/// What is near counts as due.
#[derive(Debug)]
pub struct RoundsDown;
impl Choices for RoundsDown {
    const WAITS_TO_THE_END: bool = false;
}

/// The clock is not watched while a function is called.
#[derive(Debug)]
pub struct CallsByItself;
impl Choices for CallsByItself {
    const HANDS_OVER: bool = false;
}

/// A shutdown waits for the next timer.
#[derive(Debug)]
pub struct ShutsDownInSilence;
impl Choices for ShutsDownInSilence {
    const SHUTDOWN_WAKES: bool = false;
}

/// What a cancelled timer holds stays until it would have been called.
#[derive(Debug)]
pub struct KeepsTheFunction;
impl Choices for KeepsTheFunction {
    const CANCEL_DROPS: bool = false;
}

/// A shutdown lets go of what waits, and nobody tells those who wait for it.
#[derive(Debug)]
pub struct ForgetsThoseThatWait;
impl Choices for ForgetsThoseThatWait {
    const SHUTDOWN_CANCELS: bool = false;
}
