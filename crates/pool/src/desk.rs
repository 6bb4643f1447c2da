//! What others may see of a worker, and take from it: its jobs, and what it has done.
//!
//! It adds jobs, and takes the last one, without a lock; others take the first ones with it.
//!
//! This is the protocol of Cilk-5, "THE" (Frigo, Leiserson and Randall 1998). Each side says what it takes before it looks
//! at what the other has taken; only where both mean the same job does the worker need the lock.

extern crate alloc;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::cell::Cell;
use core::mem::{self, MaybeUninit};
use core::ops::Deref;

use threadcraft_lock::{Lock, LockGuard};
use threadcraft_platform::atomic::{AtomicUsize, Ordering};
use threadcraft_platform::cell::RaceCell;

use crate::job_ref::JobRef;

/// Room for one job.
type Place = RaceCell<MaybeUninit<JobRef>>;

/// Places at the beginning: few, so that a small explored program is one in which they become more.
const PLACES: usize = 4;

/// The desk of a worker: jobs that it has taken, or submitted, and not begun.
///
/// They are numbered as they come, and the row is from `first` on to before `end`. Numbers come round.
///
/// | word | written by | means |
/// |---|---|---|
/// | `first` | who has the lock | jobs before this one are taken, or are being taken or looked at by who has the lock |
/// | `end` | the worker | jobs from this one on did not come yet, or are taken, or one is about to be by the worker |
///
/// The accesses that say what is taken, and the looks that follow them, are SeqCst: of two that are at the same job one at
/// least sees the other. Who has the lock then leaves the job, and the worker comes for it with the lock.
pub(crate) struct Desk {
    first: AtomicUsize,
    end: AtomicUsize,
    lock: Lock<()>,
    /// A power of two of them: job `n` is at place `n` modulo their number. The worker makes more, with the lock.
    places: RaceCell<Box<[Place]>>,
    /// Jobs that it is inside of: more than one, if it runs one while it waits in another.
    running: AtomicUsize,
    /// Jobs that it has run to their end.
    done: AtomicUsize,
}

/// A desk in the hands of its worker.
pub(crate) struct OwnDesk {
    desk: Arc<Desk>,
    /// Before this number a job may be added: whoever has taken what stood at its place has given back the lock since.
    limit: Cell<usize>,
}

fn row_of(places: usize) -> Box<[Place]> {
    (0..places).map(|_| Place::new(MaybeUninit::uninit())).collect()
}

/// How many there are from `first` on to before `end`, which may be one less while the worker comes for what is gone.
fn distance(first: usize, end: usize) -> usize {
    usize::try_from(end.wrapping_sub(first).cast_signed()).unwrap_or(0)
}

impl Desk {
    /// The place of this job.
    fn at<R>(&self, number: usize, body: impl FnOnce(&Place) -> R) -> R {
        self.places.with(|places| {
            // SAFETY:
            // - the pointer is valid for the call, and they are replaced by the worker alone, with the lock: here is
            //   either the worker, or who has the lock.
            let places = unsafe { &*places };
            body(&places[number & (places.len() - 1)])
        })
    }

    /// Takes a job out of its place.
    ///
    /// # Safety
    ///
    /// It is there, and the caller's.
    unsafe fn take_out(&self, number: usize) -> JobRef {
        self.at(number, |place| {
            place.with(|job| {
                // SAFETY:
                // - the pointer is valid for the call, and a job is there, which the caller takes once.
                unsafe { job.cast::<JobRef>().read() }
            })
        })
    }

    /// Has the first jobs, as many of those that are there as `count` says, to itself; their numbers begin with the first
    /// that is returned, and end before the other.
    fn reserve(&self, _lock: &LockGuard<'_, ()>, count: impl FnOnce(usize) -> usize) -> (usize, usize) {
        // Relaxed: with the lock it is this thread's.
        let first = self.first.load(Ordering::Relaxed);
        // Acquire, pairs with the Release in `add`: the jobs are visible.
        let there = distance(first, self.end.load(Ordering::Acquire));
        let wanted = count(there);
        // SeqCst, all, and both in `pop`: either this sees that the worker takes one of them, or the worker that it is taken
        // here.
        self.first.store(first.wrapping_add(wanted), Ordering::SeqCst);
        let left = distance(first, self.end.load(Ordering::SeqCst));
        if left < wanted {
            // What the worker comes for with the lock.
            self.first.store(first.wrapping_add(left), Ordering::SeqCst);
        }
        (first, first.wrapping_add(wanted.min(left)))
    }

    /// Takes the first jobs, as many of those that are there as `count` says, and lets the worker have the last one.
    fn take_first(&self, count: impl FnOnce(usize) -> usize) -> VecDeque<JobRef> {
        let lock = self.lock.lock();
        let (first, end) = self.reserve(&lock, count);
        let numbers = (0..distance(first, end)).map(|place| first.wrapping_add(place));
        // SAFETY:
        // - they are there, and were reserved for this thread.
        numbers.map(|number| unsafe { self.take_out(number) }).collect()
    }

    /// Takes the first half of the jobs, and of an odd number the greater part.
    pub(crate) fn split(&self) -> VecDeque<JobRef> {
        self.take_first(|there| there.div_ceil(2))
    }

    /// Takes all jobs.
    pub(crate) fn take(&self) -> VecDeque<JobRef> {
        self.take_first(|there| there)
    }

    /// Whether there are none. What the caller did before with SeqCst is seen by the worker, after it has put a job here
    /// which this does not see.
    pub(crate) fn is_empty(&self) -> bool {
        // SeqCst, both: pair with that in `add`.
        let first = self.first.load(Ordering::SeqCst);
        distance(first, self.end.load(Ordering::SeqCst)) == 0
    }

    /// How many there were at some moment that the caller need not know exactly. The worker knows of all that it has.
    pub(crate) fn seen_len(&self) -> usize {
        // Relaxed: a hint.
        distance(self.first.load(Ordering::Relaxed), self.end.load(Ordering::Relaxed))
    }

    /// How many of the jobs nobody has begun or cancelled.
    pub(crate) fn pending(&self) -> usize {
        let lock = self.lock.lock();
        // Reserved, none of them goes while it is looked at.
        let (first, end) = self.reserve(&lock, |there| there);
        let is_pending = |job: &JobRef| job.core().is_pending();
        let numbers = (0..distance(first, end)).map(|place| first.wrapping_add(place));
        let pending = numbers.filter(|&number| {
            self.at(number, |place| {
                place.with(|job| {
                    // SAFETY:
                    // - the pointer is valid for the call, and a job is there, reserved for this thread.
                    is_pending(unsafe { &*job.cast::<JobRef>() })
                })
            })
        });
        let pending = pending.count();
        // SeqCst, pairs with that in `pop`: they were looked at before they go.
        self.first.store(first, Ordering::SeqCst);
        pending
    }

    /// How many it is inside of, and how many it has done.
    pub(crate) fn figures(&self) -> (usize, usize) {
        // Relaxed: figures of a moment that is over.
        (self.running.load(Ordering::Relaxed), self.done.load(Ordering::Relaxed))
    }
}

impl OwnDesk {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let desk = Desk {
            first: AtomicUsize::new(0),
            end: AtomicUsize::new(0),
            lock: Lock::new(()),
            places: RaceCell::new(row_of(PLACES)),
            running: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
        };
        Self { desk: Arc::new(desk), limit: Cell::new(PLACES) }
    }

    /// For others.
    pub(crate) fn shared(&self) -> Arc<Desk> {
        Arc::clone(&self.desk)
    }

    /// It begins a job.
    pub(crate) fn begin(&self) {
        // Relaxed, here and below: only the worker writes these, and nothing follows from them.
        self.running.store(self.running.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// The job of which it said that it has ended goes on.
    pub(crate) fn resume(&self) {
        // Relaxed: as above.
        self.done.store(self.done.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
        self.begin();
    }

    /// It has run a job to its end.
    pub(crate) fn end(&self) {
        self.running.store(self.running.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
        self.done.store(self.done.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// One more job, the next to be taken.
    pub(crate) fn push(&self, job: JobRef) {
        self.add([job].into_iter());
    }

    /// Adds jobs, the last one of them to be taken first.
    pub(crate) fn add(&self, jobs: impl ExactSizeIterator<Item = JobRef>) {
        // Relaxed: the worker alone writes it.
        let end = self.end.load(Ordering::Relaxed);
        let after = end.wrapping_add(jobs.len());
        if distance(end, self.limit.get()) < jobs.len() {
            self.make_room(end, jobs.len());
        }
        for (place, job) in jobs.enumerate() {
            let put = |place: &Place| {
                place.with_mut(|place| {
                    // SAFETY:
                    // - the pointer is valid for the call, and the place is empty, and nobody else's: see `limit`.
                    unsafe { place.write(MaybeUninit::new(job)) };
                });
            };
            self.at(end.wrapping_add(place), put);
        }
        // SeqCst: the jobs are visible to those who take them, and who looks at the watch after this is seen by it to have
        // put a job here, or sees what made somebody look in vain: see `is_empty`.
        self.end.store(after, Ordering::SeqCst);
    }

    /// Sees to it that there are places for so many more.
    #[cold]
    fn make_room(&self, end: usize, more: usize) {
        let lock = self.lock.lock();
        // Relaxed: with the lock it does not change.
        let first = self.first.load(Ordering::Relaxed);
        self.places.with_mut(|places| {
            // SAFETY:
            // - the pointer is valid for the call, and who looks at them is either this thread or has the lock.
            let places = unsafe { &mut *places };
            let wanted = (distance(first, end) + more).next_power_of_two();
            if wanted > places.len() {
                let mut new = row_of(wanted);
                for number in (0..distance(first, end)).map(|place| first.wrapping_add(place)) {
                    let (from, to) = (number & (places.len() - 1), number & (wanted - 1));
                    mem::swap(&mut places[from], &mut new[to]);
                }
                *places = new;
            }
            self.limit.set(first.wrapping_add(places.len()));
        });
        drop(lock);
    }

    /// Takes the last job.
    pub(crate) fn pop(&self) -> Option<JobRef> {
        // Relaxed, both: the worker alone writes the second, and what comes of the first is found out below.
        let end = self.end.load(Ordering::Relaxed);
        if distance(self.first.load(Ordering::Relaxed), end) == 0 {
            return None;
        }
        let last = end.wrapping_sub(1);
        // SeqCst, both, and both in `reserve`: see there.
        self.end.store(last, Ordering::SeqCst);
        let first = self.first.load(Ordering::SeqCst);
        if last.wrapping_sub(first).cast_signed() < 0 && !self.is_left(last) {
            return None;
        }
        // SAFETY:
        // - it is there, and nobody else takes it: they have seen this in time, or would have left it.
        Some(unsafe { self.take_out(last) })
    }

    /// Whether somebody who seemed to take the last job has left it.
    #[cold]
    fn is_left(&self, last: usize) -> bool {
        let lock = self.lock.lock();
        // Relaxed: with the lock it does not change.
        let is_left = last.wrapping_sub(self.first.load(Ordering::Relaxed)).cast_signed() >= 0;
        if !is_left {
            // Relaxed: there is nothing before it.
            self.end.store(last.wrapping_add(1), Ordering::Relaxed);
        }
        drop(lock);
        is_left
    }

    /// Takes the first job.
    pub(crate) fn pop_first(&self) -> Option<JobRef> {
        self.take_first(|there| there.min(1)).pop_front()
    }
}

impl Deref for OwnDesk {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

/// Drops the jobs that are left. (Pools are built for loom, and not run there: its atomics are not to be had as they are.)
#[cfg(not(loom))]
impl Drop for Desk {
    fn drop(&mut self) {
        let (first, end) = (*self.first.get_mut(), *self.end.get_mut());
        for number in (0..distance(first, end)).map(|place| first.wrapping_add(place)) {
            // SAFETY:
            // - it is there, and nobody else sees this desk any more.
            drop(unsafe { self.take_out(number) });
        }
    }
}

#[cfg(all(test, not(feature = "explore")))]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;
    use crate::job::Origin;

    /// A job that adds one to this number, which nobody else protects.
    fn job(number: &Arc<AtomicUsize>) -> JobRef {
        let number = Arc::clone(number);
        let [job, _] = JobRef::pair(Origin::default(), move || {
            number.store(number.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        });
        job
    }

    fn run(job: JobRef) -> usize {
        assert!(job.core().claim_own());
        job.run(None);
        1
    }

    #[test]
    fn the_worker_takes_the_last_job_and_others_the_first_half() {
        let (desk, number) = (OwnDesk::new(), Arc::new(AtomicUsize::new(0)));
        let jobs: Vec<JobRef> = (0..11).map(|_| job(&number)).collect();
        let marks: Vec<_> = jobs.iter().map(JobRef::as_ptr).collect();
        desk.add(jobs.into_iter());
        assert_eq!((desk.seen_len(), desk.pending(), desk.is_empty()), (11, 11, false));
        assert!(desk.pop().is_some_and(|job| job.is(marks[10])));
        assert!(desk.pop_first().is_some_and(|job| job.is(marks[0])));
        let half = desk.split();
        assert!(half.iter().zip(&marks[1..=5]).all(|(job, &mark)| job.is(mark)));
        assert_eq!((half.len(), desk.take().len(), desk.pop().is_none(), desk.is_empty()), (5, 4, true, true));
    }

    #[test]
    fn numbers_come_round_and_what_is_left_is_dropped() {
        let (mut desk, number) = (OwnDesk::new(), Arc::new(AtomicUsize::new(0)));
        let inner = Arc::get_mut(&mut desk.desk).expect("nobody has it yet");
        *inner.first.get_mut() = usize::MAX - 1;
        *inner.end.get_mut() = usize::MAX - 1;
        desk.limit.set((usize::MAX - 1).wrapping_add(PLACES));
        for _ in 0..20 {
            desk.push(job(&number));
            desk.push(job(&number));
            run(desk.pop_first().expect("there are some"));
        }
        assert_eq!((desk.seen_len(), number.load(Ordering::Relaxed)), (20, 20));
        drop(desk);
        assert_eq!(Arc::strong_count(&number), 1);
    }

    #[test]
    fn a_worker_and_those_who_take_from_it_run_each_job_once() {
        let rounds = if cfg!(miri) { 8 } else { 2000 };
        for round in 0..rounds {
            let (desk, begin) = (OwnDesk::new(), Barrier::new(3));
            let numbers: Vec<_> = (0..1 + round % 9).map(|_| Arc::new(AtomicUsize::new(0))).collect();
            let (first, second) = (desk.shared(), desk.shared());
            let ran: usize = thread::scope(|scope| {
                let others = [first, second].map(|desk| {
                    let begin = &begin;
                    scope.spawn(move || {
                        begin.wait();
                        let ran: usize = (0..3).map(|_| desk.split().into_iter().map(run).sum::<usize>()).sum();
                        assert!(desk.pending() <= 9);
                        ran
                    })
                });
                begin.wait();
                let mut ran: usize = 0;
                for number in &numbers {
                    desk.push(job(number));
                    desk.push(job(&Arc::default()));
                    ran += desk.pop().map_or(0, run);
                }
                while let Some(job) = desk.pop() {
                    ran += run(job);
                }
                ran + others.into_iter().map(|other| other.join().expect("it does not panic")).sum::<usize>()
            });
            let left = std::iter::from_fn(|| desk.pop()).map(run).sum::<usize>();
            assert_eq!(ran + left, 2 * numbers.len());
            assert!(numbers.iter().all(|number| number.load(Ordering::Relaxed) == 1));
        }
    }

    /// Of a worker that puts a job there and looks at a word, and one who writes that word and looks for jobs, one at least
    /// sees what the other did.
    #[test]
    fn a_job_is_seen_or_its_worker_sees_who_looked() {
        for _ in 0..if cfg!(miri) { 50 } else { 5000 } {
            let (desk, asleep) = (OwnDesk::new(), AtomicUsize::new(0));
            let (number, begin, others) = (Arc::default(), Barrier::new(2), desk.shared());
            thread::scope(|scope| {
                let saw_none = scope.spawn(|| {
                    begin.wait();
                    asleep.fetch_add(1, Ordering::SeqCst);
                    others.is_empty()
                });
                let job = job(&number);
                begin.wait();
                desk.push(job);
                let saw_nobody = asleep.load(Ordering::SeqCst) == 0;
                assert!(!(saw_nobody && saw_none.join().expect("it does not panic")));
            });
        }
    }
}
