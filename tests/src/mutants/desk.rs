//! Broken desks: a worker and another take from the two ends of its row of jobs.

use std::sync::Arc;

use threadcraft::{Lock, spawn};
use threadcraft_platform::atomic::{AtomicUsize, Ordering};

use crate::model::Unprotected;

/// The decisions of a desk; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// The worker says what it takes before it looks at what the other has taken.
    const WORKER_SAYS_FIRST: bool = true;
    /// The other says what it takes before it looks at what the worker has taken.
    const OTHER_SAYS_FIRST: bool = true;
    /// The other leaves what the worker is taking.
    const LEAVES: bool = true;
    /// The worker comes again, with the lock, for a job that seemed to be taken.
    const COMES_AGAIN: bool = true;
    /// What was put on the desk is published.
    const PUTTING: Ordering = Ordering::SeqCst;
    /// The worker knows that a place is free only when the other has given back the lock since.
    const WAITS_FOR_PLACES: bool = true;
}

/// So few places that they are used again.
const PLACES: usize = 2;

struct MutantDesk<C> {
    first: AtomicUsize,
    end: AtomicUsize,
    lock: Lock<()>,
    /// The numbers of the jobs that stand there.
    places: [Unprotected; PLACES],
    choices: std::marker::PhantomData<C>,
}

impl<C: Choices> MutantDesk<C> {
    fn new() -> Self {
        let places = std::array::from_fn(|_| Unprotected::new());
        let (first, end) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { first, end, lock: Lock::new(()), places, choices: std::marker::PhantomData }
    }

    /// Job `n` is the `n`th to be put at its place: the number that stands there tells.
    fn put(&self, limit: &mut usize) {
        let end = self.end.load(Ordering::Relaxed);
        if end == *limit {
            let _lock = C::WAITS_FOR_PLACES.then(|| self.lock.lock());
            *limit = self.first.load(Ordering::Relaxed) + PLACES;
        }
        self.places[end % PLACES].add_one();
        self.end.store(end + 1, C::PUTTING);
    }

    /// What stands at the place of this job, which the caller takes.
    fn take(&self, number: usize) -> (usize, u32) {
        (number, self.places[number % PLACES].get())
    }

    /// The worker takes the last job.
    fn pop(&self) -> Option<(usize, u32)> {
        let end = self.end.load(Ordering::Relaxed);
        if self.first.load(Ordering::Relaxed) >= end {
            return None;
        }
        let early = self.first.load(Ordering::SeqCst);
        self.end.store(end - 1, Ordering::SeqCst);
        let first = if C::WORKER_SAYS_FIRST { self.first.load(Ordering::SeqCst) } else { early };
        if first < end {
            return Some(self.take(end - 1));
        }
        let _lock = self.lock.lock();
        if C::COMES_AGAIN && self.first.load(Ordering::Relaxed) < end {
            return Some(self.take(end - 1));
        }
        self.end.store(end, Ordering::Relaxed);
        None
    }

    /// Another takes the first job.
    fn pop_first(&self) -> Option<(usize, u32)> {
        let _lock = self.lock.lock();
        let first = self.first.load(Ordering::Relaxed);
        let early = self.end.load(Ordering::Acquire);
        if first >= early {
            return None;
        }
        self.first.store(first + 1, Ordering::SeqCst);
        let end = if C::OTHER_SAYS_FIRST { self.end.load(Ordering::SeqCst) } else { early };
        if C::LEAVES && first >= end {
            self.first.store(first, Ordering::SeqCst);
            return None;
        }
        Some(self.take(first))
    }
}

/// A worker puts two jobs on its desk, and takes what is left, while another takes one of them.
/// Comes to whether each was taken once, and was what had been put there.
pub fn each_once<C: Choices>() -> bool {
    let desk = Arc::new(MutantDesk::<C>::new());
    let mut limit = PLACES;
    desk.put(&mut limit);
    desk.put(&mut limit);
    let other = spawn({
        let desk = Arc::clone(&desk);
        move || desk.pop_first()
    });
    let mut taken: Vec<_> = std::iter::from_fn(|| desk.pop()).collect();
    taken.extend(other.join().expect("the threads of a model do not panic"));
    taken.sort_unstable();
    taken == [(0, 1), (1, 1)]
}

/// A worker puts three jobs on its desk, for which there is room when another has taken the first. Comes to what that got.
pub fn room_again<C: Choices>() -> Option<(usize, u32)> {
    let desk = Arc::new(MutantDesk::<C>::new());
    let mut limit = PLACES;
    desk.put(&mut limit);
    desk.put(&mut limit);
    let other = spawn({
        let desk = Arc::clone(&desk);
        move || desk.pop_first()
    });
    // Only if there is room: a desk that is full makes more places, which is left out here.
    if desk.first.load(Ordering::Relaxed) == 1 {
        desk.put(&mut limit);
    }
    other.join().expect("the threads of a model do not panic")
}

/// A worker puts a job on its desk, and another takes it. Comes to what that got.
pub fn put_and_taken<C: Choices>() -> Option<(usize, u32)> {
    let desk = Arc::new(MutantDesk::<C>::new());
    let other = spawn({
        let desk = Arc::clone(&desk);
        move || desk.pop_first()
    });
    desk.put(&mut { PLACES });
    other.join().expect("the threads of a model do not panic")
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// The worker looks at what is taken, and then takes.
#[derive(Debug)]
pub struct WorkerLooksFirst;
impl Choices for WorkerLooksFirst {
    const WORKER_SAYS_FIRST: bool = false;
}

/// The other looks at what is taken, and then takes.
#[derive(Debug)]
pub struct OtherLooksFirst;
impl Choices for OtherLooksFirst {
    const OTHER_SAYS_FIRST: bool = false;
}

/// Both take the last job.
#[derive(Debug)]
pub struct LeavesNothing;
impl Choices for LeavesNothing {
    const LEAVES: bool = false;
}

/// Both leave the last job, and the worker does not come again.
#[derive(Debug)]
pub struct BothLeave;
impl Choices for BothLeave {
    const COMES_AGAIN: bool = false;
}

/// The job is not published.
#[derive(Debug)]
pub struct RelaxedPut;
impl Choices for RelaxedPut {
    const PUTTING: Ordering = Ordering::Relaxed;
}

/// A place is used again while another takes what stood there.
#[derive(Debug)]
pub struct UsesPlacesTooEarly;
impl Choices for UsesPlacesTooEarly {
    const WAITS_FOR_PLACES: bool = false;
}
