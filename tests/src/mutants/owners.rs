//! Broken owners of a job: whoever is the only one has it for itself, and the last one drops it.

use std::sync::Arc;

use threadcraft::spawn;
use threadcraft_platform::atomic::{AtomicU32, Ordering};

use crate::model::Unprotected;

/// The decisions of an owner; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// Whoever finds so many owners, or fewer, has the job for itself.
    const ALONE: u32 = 1;
    /// Who has the job for itself sees what others did with it before they let go.
    const LOOKING: Ordering = Ordering::Acquire;
    /// What an owner did with the job comes before its drop, and the drop after what all others did.
    const LETTING_GO: Ordering = Ordering::AcqRel;
    /// Who sees the end sees the result.
    const ENDING: Ordering = Ordering::Release;
}

/// The bits of the stage, and its values; those above count the owners.
const STAGE: u32 = 3;
const PENDING: u32 = 0;
const RUNNING: u32 = 1;
const DONE: u32 = 2;
const CANCELLED: u32 = 3;
const OWNER: u32 = 4;

/// A job with two owners: a worker and a future.
struct MutantJob<C> {
    state: AtomicU32,
    /// How often somebody has changed what is in the job: the closure or the result, and at last the drop.
    content: Unprotected,
    choices: std::marker::PhantomData<C>,
}

impl<C: Choices> MutantJob<C> {
    fn new() -> Self {
        Self {
            state: AtomicU32::new(PENDING + 2 * OWNER),
            content: Unprotected::new(),
            choices: std::marker::PhantomData,
        }
    }

    /// Whether this is what the only owner sees.
    fn is_alone(now: u32) -> bool {
        now / OWNER <= C::ALONE
    }

    fn leave_pending(&self, to: u32) -> bool {
        let mut now = self.state.load(Ordering::Relaxed);
        while now & STAGE == PENDING {
            match self.state.compare_exchange(now, now | to, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(changed) => now = changed,
            }
        }
        false
    }

    /// The worker runs the job, if it is still to be run, and lets go.
    fn work(&self) {
        let now = self.state.load(C::LOOKING);
        let claimed = if Self::is_alone(now) && now & STAGE == PENDING {
            self.state.store(now | RUNNING, Ordering::Relaxed);
            true
        } else {
            self.leave_pending(RUNNING)
        };
        if claimed {
            self.content.add_one();
            self.end();
        }
        self.let_go();
    }

    /// Says that the job has run, if somebody is left who could ask.
    fn end(&self) {
        let mut now = self.state.load(C::LOOKING);
        while !Self::is_alone(now) {
            match self.state.compare_exchange(now, now - RUNNING + DONE, C::ENDING, Ordering::Relaxed) {
                Ok(_) => return,
                Err(_) => now = self.state.load(C::LOOKING),
            }
        }
    }

    /// One owner less: the last one drops the job.
    fn let_go(&self) {
        let is_last =
            Self::is_alone(self.state.load(C::LOOKING)) || self.state.fetch_sub(OWNER, C::LETTING_GO) / OWNER == 1;
        if is_last {
            self.content.add_one();
        }
    }

    /// The future takes the closure out of a job that has not begun.
    fn cancel(&self) {
        if self.leave_pending(CANCELLED) {
            self.content.add_one();
        }
    }

    /// The result, if there is one.
    fn result(&self) -> Option<u32> {
        (self.state.load(Ordering::Acquire) & STAGE == DONE).then(|| self.content.get())
    }
}

/// A worker runs a job while `future` does what it does and lets go. Comes to what the future saw, and to how often the
/// content was changed: once before its end, and by one drop.
fn owned_by_two<C: Choices, R>(future: impl FnOnce(&MutantJob<C>) -> R) -> (R, u32) {
    let job = Arc::new(MutantJob::<C>::new());
    let worker = spawn({
        let job = Arc::clone(&job);
        move || job.work()
    });
    let seen = future(&job);
    job.let_go();
    worker.join().expect("the threads of a model do not panic");
    (seen, job.content.get())
}

/// The future is cancelled and dropped while a worker comes for the job.
pub fn cancelled<C: Choices>() -> ((), u32) {
    owned_by_two(MutantJob::<C>::cancel)
}

/// The future is looked at and dropped while a worker runs the job.
pub fn looked_at<C: Choices>() -> (Option<u32>, u32) {
    owned_by_two(MutantJob::<C>::result)
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// One of two thinks that it is alone.
#[derive(Debug)]
pub struct OverlooksTheOther;
impl Choices for OverlooksTheOther {
    const ALONE: u32 = 2;
}

/// Being alone is not ordered after what the other did.
#[derive(Debug)]
pub struct RelaxedLook;
impl Choices for RelaxedLook {
    const LOOKING: Ordering = Ordering::Relaxed;
}

/// What was done with the job is not ordered before the drop.
#[derive(Debug)]
pub struct RelaxedLettingGo;
impl Choices for RelaxedLettingGo {
    const LETTING_GO: Ordering = Ordering::Acquire;
}

/// The drop is not ordered after what the others did.
#[derive(Debug)]
pub struct DropsUnordered;
impl Choices for DropsUnordered {
    const LETTING_GO: Ordering = Ordering::Release;
}

/// The result is not published.
#[derive(Debug)]
pub struct RelaxedEnd;
impl Choices for RelaxedEnd {
    const ENDING: Ordering = Ordering::Relaxed;
}
