//! The threads of a service, and how they share its list. The protocol is in the README beside this crate's manifest.

extern crate alloc;

use alloc::sync::Arc;
use core::mem;

use threadcraft_condition::Condition;
use threadcraft_lock::{Lock, LockGuard};
use threadcraft_platform::thread::{current_id, panicking, wake_promptly};
use threadcraft_platform::{Instant, Object, PerProgram, call};
use threadcraft_thread::{StartError, Thread};

use crate::due::Due;
use crate::list::{Entry, List};
use crate::plan::{Counts, Plan};
use crate::state::Stage;
use crate::task::{Cancel, Task, end_unused};

/// How many threads that have nothing to do are kept while there is something on the list.
const KEPT: usize = 2;

/// What a service and its threads share.
pub(crate) struct Service {
    pub(crate) object: Object,
    /// The program does not wait for what is on the list.
    daemon: bool,
    counts: Counts,
    plan: Lock<Plan>,
    /// The thread that watches the clock sleeps here, until the first entry is due or another is first.
    earlier: Condition,
    /// Threads with nothing to do sleep here.
    turn: Condition,
}

/// For timers and intervals that belong to no service in particular.
pub(crate) fn of_program(daemon: bool) -> Arc<Service> {
    static KEPT_FOR: PerProgram<Service> = PerProgram::new(|| Service::new(false));
    static DAEMONS: PerProgram<Service> = PerProgram::new(|| Service::new(true));
    if daemon { DAEMONS.get() } else { KEPT_FOR.get() }
}

/// Why something was not put on the list.
pub(crate) enum Refusal {
    /// The service was shut down.
    ShutDown,
    /// There is no thread, and the system starts none.
    NoThread(StartError),
}

impl Service {
    pub(crate) fn new(daemon: bool) -> Self {
        Self {
            object: Object::new("timers"),
            daemon,
            counts: Counts::new(),
            plan: Lock::new(Plan::new()),
            earlier: Condition::new(),
            turn: Condition::new(),
        }
    }

    /// Puts what has been started on the list.
    pub(crate) fn list(self: &Arc<Self>, due: Due, task: Arc<dyn Task>) -> Result<(), Refusal> {
        let mut plan = self.plan.lock();
        if plan.closed {
            return Err(Refusal::ShutDown);
        }
        plan.numbers += 1;
        let number = plan.numbers;
        // Before it is on the list, which is memory that no cache may have: an exchange would wait for that.
        let is_cluttered = self.counts.listed();
        plan.list.push(Entry { due, number, task });
        if is_cluttered {
            self.clear(&mut plan);
        }
        let Some(time) = due.0 else { return Ok(()) };
        if plan.watching.is_some_and(|until| time < until) {
            plan.watching = Some(time);
            self.earlier.notify_one(&mut plan);
        } else if !plan.is_watched()
            && let Err(error) = self.appoint(&mut plan)
            && plan.living == 0
        {
            plan.list.retain(|entry| entry.number != number);
            self.counts.taken(false);
            return Err(Refusal::NoThread(error));
        }
        Ok(())
    }

    /// Sees to it that somebody looks at the list: calls one, or starts one.
    fn appoint(self: &Arc<Self>, plan: &mut LockGuard<'_, Plan>) -> Result<(), StartError> {
        if plan.idle > 0 {
            plan.idle -= 1;
            self.turn.notify_one(plan);
        } else {
            let (service, number) = (Arc::clone(self), plan.started);
            let thread = Thread::new(move || service.serve(number));
            let mut thread = thread.name(format!("timer_{number}")).daemon(self.daemon);
            thread.start()?;
            plan.started += 1;
            plan.living += 1;
            plan.threads.push((number, thread));
        }
        plan.called += 1;
        Ok(())
    }

    /// The life of a thread.
    fn serve(self: Arc<Self>, number: usize) {
        let _clears = ClearsWhenTorn(&self);
        wake_promptly();
        let mut is_new = true;
        let mut next = || self.next(number, mem::take(&mut is_new));
        while let Some((due, task)) = call(&self.object, "next", None, &mut next, |_, _| ()) {
            if let Some(due) = task.fire(due)
                && self.list(due, Arc::clone(&task)).is_err()
                && let Cancel::Claimed { .. } = task.core().cancel()
            {
                // Shut down meanwhile. A thread that is there needs no other.
                end_unused(&*task);
            }
        }
    }

    /// What is to be called now, by the thread that asks; `None` if it is to leave, and has been struck off.
    fn next(self: &Arc<Self>, number: usize, is_new: bool) -> Option<(Due, Arc<dyn Task>)> {
        let mut plan = self.plan.lock();
        if is_new {
            plan.called -= 1;
            plan.members.push(current_id());
        }
        loop {
            self.drop_dead(&mut plan);
            let first = plan.list.first_due().filter(|_| !plan.closed);
            let Some(first) = first else { return self.leave(number, plan) };
            if first <= Instant::now() {
                if let Some(found) = self.take(&mut plan) {
                    return Some(found);
                }
            } else if !plan.is_watched() {
                plan.watching = Some(first);
                self.earlier.wait_until(&mut plan, first);
                plan.watching = None;
            } else if plan.idle < KEPT {
                plan.idle += 1;
                // Whoever calls takes it off the number of the idle.
                self.turn.wait(&mut plan);
                plan.called -= 1;
            } else {
                return self.leave(number, plan);
            }
        }
    }

    /// Takes the first entry, unless it is cancelled at this moment. Somebody else looks after the others.
    fn take(self: &Arc<Self>, plan: &mut LockGuard<'_, Plan>) -> Option<(Due, Arc<dyn Task>)> {
        let Entry { due, task, .. } = plan.list.pop()?;
        let claimed = task.core().claim();
        self.counts.taken(!claimed);
        if !claimed {
            return None;
        }
        if plan.list.has_times() && !plan.is_watched() {
            // If no thread can be started, this one looks when the function has returned.
            let _ = self.appoint(plan);
        }
        Some((due, task))
    }

    /// A thread is struck off.
    fn leave<R>(&self, number: usize, mut plan: LockGuard<'_, Plan>) -> Option<R> {
        plan.living -= 1;
        let me = current_id();
        plan.members.retain(|&member| member != me);
        if plan.closed || !plan.list.has_times() {
            // The others have nothing to wait for, either.
            plan.called += mem::take(&mut plan.idle);
            self.turn.notify_all(&mut plan);
        }
        if !plan.closed
            && let Some(place) = plan.threads.iter().position(|&(other, _)| other == number)
        {
            plan.threads.swap_remove(place);
        }
        None
    }

    /// Takes dead entries off the front.
    fn drop_dead(&self, plan: &mut Plan) {
        while plan.list.first().is_some_and(|entry| entry.task.core().state().is_dead()) {
            plan.list.pop();
            self.counts.taken(true);
        }
    }

    /// Takes all dead entries off the list. Their functions are gone already, so nothing foreign runs here.
    fn clear(&self, plan: &mut LockGuard<'_, Plan>) {
        let before = plan.list.len();
        plan.list.retain(|entry| !entry.task.core().state().is_dead());
        self.counts.cleared((before - plan.list.len()) as u64);
        if plan.watching.is_some() && !plan.list.has_times() {
            // Nothing to wait for.
            self.earlier.notify_one(plan);
        }
    }

    /// Sees to it that no call of this task begins any more: true if none is under way.
    #[track_caller]
    pub(crate) fn cancel(&self, task: &dyn Task) -> bool {
        let cancel = || {
            let cancel = task.core().cancel();
            if cancel == (Cancel::Claimed { started: true }) && self.counts.died() {
                self.clear(&mut self.plan.lock());
            }
            cancel
        };
        let cancel = call(&task.core().object, "cancel", None, cancel, |cancel, done| {
            done.wrote();
            done.result(&(*cancel != Cancel::TooLate));
        });
        if let Cancel::Claimed { .. } = cancel {
            end_unused(task);
        }
        cancel != Cancel::TooLate
    }

    /// How many entries wait for their time.
    pub(crate) fn waiting(&self) -> usize {
        self.counts.waiting()
    }

    /// Cancels all that is on the list, and waits for what is called at this moment, unless the caller is inside of it.
    #[track_caller]
    pub(crate) fn shut_down(&self) {
        let close = || {
            let mut plan = self.plan.lock();
            plan.closed = true;
            let list = mem::replace(&mut plan.list, List::new());
            self.counts.left(list.len() as u64);
            self.earlier.notify_all(&mut plan);
            plan.called += mem::take(&mut plan.idle);
            self.turn.notify_all(&mut plan);
            let waits = !plan.members.contains(&current_id());
            (list, if waits { mem::take(&mut plan.threads) } else { Vec::new() })
        };
        let (list, threads) = call(&self.object, "shutdown", None, close, |_, done| done.wrote());
        for entry in list.into_order() {
            if let Cancel::Claimed { .. } = entry.task.core().cancel() {
                end_unused(&*entry.task);
            }
        }
        for (_, thread) in threads {
            // They tell panics to the except hook, and return.
            let _ = thread.join();
        }
    }
}

/// An explored execution that is over unwinds its threads: what is left on the list is dropped while the explorer knows
/// of it.
struct ClearsWhenTorn<'a>(&'a Service);

impl Drop for ClearsWhenTorn<'_> {
    fn drop(&mut self) {
        if panicking() {
            let list = mem::replace(&mut self.0.plan.lock().list, List::new());
            for entry in list.into_order() {
                if let Cancel::Claimed { .. } = entry.task.core().cancel() {
                    entry.task.discard();
                }
            }
        }
    }
}

/// What stage a task is at, for `Debug`.
pub(crate) fn shown(task: &dyn Task) -> &'static str {
    match task.core().state().stage() {
        Stage::New => "new",
        Stage::Pending => "pending",
        Stage::Running => "running",
        Stage::Over => "over",
        Stage::Ending | Stage::Cancelled => "cancelled",
    }
}
