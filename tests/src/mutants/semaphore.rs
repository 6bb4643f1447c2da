//! Broken semaphores.

use std::time::Duration;

use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::futex::{self, Queue, Wait};
use threadcraft_platform::{Instant, Object, call};

use crate::model::semaphore::{ManyPermits, Permits};

const PERMITS: u32 = CALL - 1;
const CALL: u32 = 1 << 29;
const FRONT: u32 = 1 << 30;
const CLOSED: u32 = 1 << 31;
const PATIENCE: u32 = 3;

/// The decisions of a semaphore; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// The ordering of what takes permits.
    const TAKING: Ordering = Ordering::Acquire;
    /// The ordering of what adds them.
    const ADDING: Ordering = Ordering::Release;
    /// Taking permits is one operation, not a look and then a write.
    const TAKES_AT_ONCE: bool = true;
    /// Several permits are taken all or none, not one by one.
    const ALL_OR_NONE: bool = true;
    /// Whoever adds permits wakes a waiter after that, not before.
    const WAKES_AFTER_ADDING: bool = true;
    /// A waiter that takes the last permit has the next release wake another.
    const RESTORES_CALL: bool = true;
    /// A waiter that leaves permits wakes the next.
    const PASSES_ON: bool = true;
    /// A front that gives up wakes the next.
    const GIVES_UP_TO_THE_NEXT: bool = true;
    /// A front that gives up has the next release wake another.
    const GIVES_UP_ALOUD: bool = true;
    /// Newcomers leave the permits to a front that closed the door.
    const KEEPS_OUT: bool = true;
    /// Whoever gives permits back finds out whether the word still is as it was left, before it writes.
    const CHECKS_ITS_GUESS: bool = true;
}

/// A semaphore with these decisions.
#[derive(Debug)]
pub struct MutantSemaphore<C> {
    word: AtomicU32,
    object: Object,
    choices: std::marker::PhantomData<C>,
}

/// A thread's place in the line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Newcomer,
    Woken,
    Front { in_vain: u32 },
}

impl<C: Choices> MutantSemaphore<C> {
    /// From `word` to `next`; `Err` says what it is instead. On failure Relaxed: a new attempt follows.
    fn change(&self, word: u32, next: u32, order: Ordering) -> Result<(), u32> {
        self.word.compare_exchange(word, next, order, Ordering::Relaxed).map(drop)
    }

    /// Takes permits, or gives up; the word that it leaves.
    fn take_until(&self, wanted: u32, deadline: Option<Instant>) -> Option<u32> {
        let mut place = Place::Newcomer;
        // Relaxed, here and after each change: the changes are what orders.
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            let front = matches!(place, Place::Front { .. });
            let open = word & CLOSED == 0 || front || (!C::KEEPS_OUT && place == Place::Newcomer);
            if word & PERMITS >= wanted && open {
                match self.take_now(word, wanted, place) {
                    Ok(left) => return Some(left),
                    Err(changed) => word = changed,
                }
                continue;
            }
            let next = if place == Place::Woken && word & FRONT == 0 { Place::Front { in_vain: 0 } } else { place };
            let asleep = word | CALL | announced(next);
            if let Err(changed) = self.change(word, asleep, Ordering::Relaxed) {
                word = changed;
                continue;
            }
            place = next;
            let queue = if announced(place) & FRONT != 0 { Queue::First } else { Queue::Second };
            match futex::wait_in(&self.word, queue, asleep, deadline) {
                Wait::Woken => place = woken(place),
                Wait::TimedOut => {
                    self.give_up(place);
                    return None;
                }
                Wait::Abandoned => return Some(CALL),
            }
            word = self.word.load(Ordering::Relaxed);
        }
    }

    fn take_now(&self, word: u32, wanted: u32, place: Place) -> Result<u32, u32> {
        let mut taken = word - wanted;
        if matches!(place, Place::Front { .. }) {
            taken &= !(FRONT | CLOSED);
        }
        if C::RESTORES_CALL && place != Place::Newcomer && taken & PERMITS == 0 {
            taken |= CALL;
        }
        if C::TAKES_AT_ONCE {
            self.change(word, taken, C::TAKING)?;
        } else {
            self.word.load(C::TAKING);
            self.word.store(taken, Ordering::Relaxed);
        }
        if C::PASSES_ON && place != Place::Newcomer && taken & PERMITS != 0 {
            self.wake(taken);
        }
        Ok(taken)
    }

    fn give_up(&self, place: Place) {
        if !matches!(place, Place::Front { .. }) {
            return;
        }
        // Relaxed, twice: the bits publish nothing.
        let mut word = self.word.load(Ordering::Relaxed);
        let call = if C::GIVES_UP_ALOUD { CALL } else { 0 };
        while let Err(changed) = self.change(word, (word & !(FRONT | CLOSED)) | call, Ordering::Relaxed) {
            word = changed;
        }
        if C::GIVES_UP_TO_THE_NEXT && word & PERMITS != 0 {
            self.wake(word & !FRONT);
        }
    }

    fn wake(&self, seen: u32) {
        let queue = if seen & FRONT != 0 { Queue::First } else { Queue::Second };
        futex::wake_in(&raw const self.word, queue, 1);
    }

    /// Gives one back where the word may still be what taking it has left.
    fn give_back(&self, left: u32) {
        if left & CALL != 0 {
            self.add(1);
        } else if !C::CHECKS_ITS_GUESS {
            self.word.store(left + 1, C::ADDING);
        } else if self.change(left, left + 1, C::ADDING).is_err() {
            self.add(1);
        }
    }

    fn add(&self, permits: u32) {
        // Relaxed: the change is what orders.
        let mut word = self.word.load(Ordering::Relaxed);
        if !C::WAKES_AFTER_ADDING && word & CALL != 0 {
            self.wake(word);
        }
        while let Err(changed) = self.change(word, (word + permits) & !CALL, C::ADDING) {
            word = changed;
        }
        if C::WAKES_AFTER_ADDING && word & CALL != 0 {
            self.wake(word);
        }
    }
}

/// What a thread in this place says in the word before it sleeps, besides that it sleeps.
fn announced(place: Place) -> u32 {
    match place {
        Place::Newcomer | Place::Woken => 0,
        Place::Front { in_vain } if in_vain < PATIENCE => FRONT,
        Place::Front { .. } => FRONT | CLOSED,
    }
}

fn woken(place: Place) -> Place {
    match place {
        Place::Newcomer | Place::Woken => Place::Woken,
        Place::Front { in_vain } => Place::Front { in_vain: in_vain + 1 },
    }
}

impl<C: Choices> Permits for MutantSemaphore<C> {
    fn new(permits: u32) -> Self {
        Self { word: AtomicU32::new(permits), object: Object::new("semaphore"), choices: std::marker::PhantomData }
    }

    #[track_caller]
    fn take(&self) {
        self.take_many(1);
    }

    #[track_caller]
    fn give(&self, permits: u32) {
        call(&self.object, "release", Some(&permits), || self.add(permits), |(), done| done.released());
    }

    #[track_caller]
    fn hold(&self, body: impl FnOnce()) {
        let take = || self.take_until(1, None).expect("no deadline passes");
        let left = call(&self.object, "acquire", None, take, |_, done| done.acquired());
        body();
        call(&self.object, "release", None, || self.give_back(left), |(), done| done.released());
    }
}

impl<C: Choices> ManyPermits for MutantSemaphore<C> {
    #[track_caller]
    fn take_many(&self, permits: u32) {
        let take = || {
            if C::ALL_OR_NONE {
                self.take_until(permits, None);
            } else {
                (0..permits).for_each(|_| assert!(self.take_until(1, None).is_some()));
            }
        };
        call(&self.object, "acquire_many", Some(&permits), take, |(), done| done.acquired());
    }

    #[track_caller]
    fn take_many_for(&self, permits: u32, timeout: Duration) -> bool {
        let take = || self.take_until(permits, Instant::after(timeout)).is_some();
        call(&self.object, "try_acquire_many_for", Some(&permits), take, |&served, done| {
            if served { done.acquired() } else { done.refused() }
        })
    }
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// What was done before a release is not published by it.
#[derive(Debug)]
pub struct RelaxedRelease;
impl Choices for RelaxedRelease {
    const ADDING: Ordering = Ordering::Relaxed;
}

/// What was done before a release is not received by whoever takes the permit.
#[derive(Debug)]
pub struct RelaxedAcquire;
impl Choices for RelaxedAcquire {
    const TAKING: Ordering = Ordering::Relaxed;
}

/// Two threads see one permit, and both take it.
#[derive(Debug)]
pub struct LooksThenTakes;
impl Choices for LooksThenTakes {
    const TAKES_AT_ONCE: bool = false;
}

/// Two threads each have one of the two permits that both want.
#[derive(Debug)]
pub struct TakesOneByOne;
impl Choices for TakesOneByOne {
    const ALL_OR_NONE: bool = false;
}

/// The waiter is woken, sees that there is still no permit, and sleeps for ever.
#[derive(Debug)]
pub struct WakesBeforeAdding;
impl Choices for WakesBeforeAdding {
    const WAKES_AFTER_ADDING: bool = false;
}

/// Of two that sleep, the first to be woken forgets the other.
#[derive(Debug)]
pub struct ForgetsSleepers;
impl Choices for ForgetsSleepers {
    const RESTORES_CALL: bool = false;
}

/// Two permits come for two waiters, and one of them is woken.
#[derive(Debug)]
pub struct WakesOneForSeveral;
impl Choices for WakesOneForSeveral {
    const PASSES_ON: bool = false;
}

/// One that gives up takes a wake-up along that another needed.
#[derive(Debug)]
pub struct SwallowsWakeUp;
impl Choices for SwallowsWakeUp {
    const GIVES_UP_TO_THE_NEXT: bool = false;
}

/// One that gives up was told of a permit that others took meanwhile, and tells nobody to be told of the next.
#[derive(Debug)]
pub struct GivesUpSilently;
impl Choices for GivesUpSilently {
    const GIVES_UP_ALOUD: bool = false;
}

/// Newcomers overtake the one that waits, for ever.
#[derive(Debug)]
pub struct LetsNewcomersStarveIt;
impl Choices for LetsNewcomersStarveIt {
    const KEEPS_OUT: bool = false;
}

/// Two threads hold a permit, and each gives back what it thinks that there was before.
#[derive(Debug)]
pub struct TrustsItsGuess;
impl Choices for TrustsItsGuess {
    const CHECKS_ITS_GUESS: bool = false;
}
