//! The memory of jobs, which is used again.
//!
//! A job is mostly made by one thread and dropped by another, and that is what allocators are slowest at: each piece goes
//! back to where it came from. Here each thread keeps some pieces for itself, in a *magazine*, and full magazines go
//! through a common *depot*, so that threads which submit get what threads which run have no more use for, and meet once
//! in so many jobs (Bonwick and Adams, "Magazines and Vmem", 2001).
//!
//! New memory comes in blocks of as many pieces as a magazine has. A block goes back to the allocator when all its pieces
//! are dropped at the same time.

extern crate alloc;

use alloc::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use core::cell::RefCell;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering};

use threadcraft_platform::{Quiet, is_explored};

use crate::job::Job;

/// Where a block begins: its address is that of each of its pieces without these bits.
const ALIGN: usize = 4096;

/// What allocators put in front of a block: so much less, and the next one follows without a gap.
const BEFORE: usize = 16;

/// What is in front of the pieces: how many of them are dropped, and what they are aligned by.
const FIRST: usize = 16;

/// So many pieces are a block, and so many go through the depot together.
const MAGAZINE: usize = (ALIGN - BEFORE - FIRST) / size_of::<Job>();

/// So many magazines are kept at most for whoever needs them.
const MOST: usize = 40;

const BLOCK: Layout = match Layout::from_size_align(ALIGN - BEFORE, ALIGN) {
    Ok(layout) => layout,
    Err(_) => panic!("it is a power of two"),
};

const _: () = assert!(size_of::<AtomicUsize>() <= FIRST && FIRST.is_multiple_of(align_of::<Job>()));

/// Memory for one job, which is nobody else's.
struct Piece(NonNull<Job>);

// SAFETY:
// - it is memory that nobody else has, and no job.
unsafe impl Send for Piece {}

impl Piece {
    /// Its block, of which so many pieces are dropped.
    fn block(&self) -> *mut AtomicUsize {
        self.0.as_ptr().map_addr(|address| address & !(ALIGN - 1)).cast()
    }

    /// The job that is to be in it.
    fn into_job(self) -> NonNull<Job> {
        core::mem::ManuallyDrop::new(self).0
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        // SAFETY:
        // - the block is there as long as one of its pieces is, and its number is all that is used of its beginning.
        let dropped = unsafe { &*self.block() };
        // Release, pairs with the Acquire of the last one: nothing is done with a piece afterwards.
        if dropped.fetch_add(1, Ordering::AcqRel) + 1 == MAGAZINE {
            // SAFETY:
            // - it was allocated so, and this was its last piece.
            unsafe { dealloc(self.block().cast(), BLOCK) };
        }
    }
}

/// The pieces of a new block, the first of them to be taken first.
fn new_pieces() -> impl Iterator<Item = Piece> {
    // SAFETY:
    // - it has a size.
    let block = NonNull::new(unsafe { alloc(BLOCK) }).unwrap_or_else(|| handle_alloc_error(BLOCK));
    // SAFETY:
    // - the block is aligned by more, and larger, and nobody else's.
    unsafe { block.cast::<AtomicUsize>().write(AtomicUsize::new(0)) };
    // SAFETY:
    // - it is inside of the block, and aligned: see above.
    let first = unsafe { block.add(FIRST) }.cast::<Job>();
    // SAFETY:
    // - so many have room in the block.
    (0..MAGAZINE).rev().map(move |place| Piece(unsafe { first.add(place) }))
}

/// Full magazines.
static DEPOT: Quiet<Vec<Vec<Piece>>> = Quiet::new(Vec::new());

thread_local! {
    /// What the thread keeps: less than two magazines.
    static OWN: RefCell<Vec<Piece>> = const { RefCell::new(Vec::new()) };
}

/// Memory for a job, which is to be given back with it.
///
/// In an explored program it is always new: where something stands must not depend on what ran before.
#[inline]
pub(crate) fn take() -> NonNull<Job> {
    if is_explored() {
        return NonNull::from(Box::leak(Box::<Job>::new_uninit())).cast();
    }
    // A thread that is about to end keeps nothing more.
    let piece = OWN.try_with(|own| take_from(&mut own.borrow_mut()));
    piece.unwrap_or_else(|_| new_pieces().last().expect("there are some")).into_job()
}

#[inline]
fn take_from(own: &mut Vec<Piece>) -> Piece {
    own.pop().unwrap_or_else(|| refill(own))
}

#[cold]
fn refill(own: &mut Vec<Piece>) -> Piece {
    match DEPOT.with(Vec::pop) {
        Some(magazine) => *own = magazine,
        None => own.extend(new_pieces()),
    }
    own.pop().expect("a magazine is full, and so is a block")
}

/// Drops a job, and keeps its memory.
///
/// # Safety
///
/// The memory comes from [`take`], the job in it is the caller's, and is not used again.
pub(crate) unsafe fn give_back(job: NonNull<Job>) {
    #[cfg(feature = "explore")]
    // SAFETY:
    // - said by the caller.
    if unsafe { job.as_ref() }.core().explored {
        // SAFETY:
        // - said by the caller, and there it comes from a box.
        drop(unsafe { Box::from_raw(job.as_ptr()) });
        return;
    }
    // Before the job is dropped, which may panic.
    let piece = Piece(job);
    // SAFETY:
    // - said by the caller.
    unsafe { job.drop_in_place() };
    // A thread that is about to end keeps nothing more.
    let _ = OWN.try_with(|own| give_to(&mut own.borrow_mut(), piece));
}

#[inline]
fn give_to(own: &mut Vec<Piece>, piece: Piece) {
    own.push(piece);
    if own.len() == 2 * MAGAZINE {
        give_magazine(own.split_off(MAGAZINE));
    }
}

#[cold]
fn give_magazine(magazine: Vec<Piece>) {
    let left = DEPOT.with(|depot| {
        if depot.len() < MOST {
            depot.push(magazine);
            return None;
        }
        Some(magazine)
    });
    drop(left);
}

#[cfg(all(test, not(feature = "explore")))]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
    use std::thread;

    use super::*;
    use crate::job::Origin;
    use crate::job_ref::JobRef;

    /// The depot, empty, and for one test at a time: one that fills it leaves no room for what another looks for.
    fn empty_depot() -> MutexGuard<'static, ()> {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        drop(DEPOT.with(core::mem::take));
        alone
    }

    /// A job, whose memory is given back when it is dropped.
    fn job() -> JobRef {
        let [job, _] = JobRef::pair(Origin::default(), || 7_u32);
        job
    }

    #[test]
    fn a_thread_that_makes_gets_what_a_thread_that_drops_has_too_much_of() {
        let _alone = empty_depot();
        let jobs: Vec<JobRef> = (0..3 * MAGAZINE).map(|_| job()).collect();
        let known: BTreeSet<usize> = jobs.iter().map(|job| job.as_ptr().addr()).collect();
        let dropped = Barrier::new(2);
        let again = thread::scope(|scope| {
            scope.spawn(|| {
                drop(jobs);
                dropped.wait();
            });
            dropped.wait();
            // Tests of other modules use the depot, too: some of it is enough.
            let pieces: Vec<Piece> = (0..2 * MAGAZINE * MOST).map(|_| Piece(take())).collect();
            pieces.iter().filter(|piece| known.contains(&piece.0.as_ptr().addr())).count()
        });
        assert!(again >= MAGAZINE, "{again}");
    }

    #[test]
    fn the_pieces_of_a_block_are_inside_of_it_and_apart() {
        let pieces: Vec<Piece> = new_pieces().collect();
        let block = pieces[0].block();
        assert_eq!((pieces.len(), block.addr() % ALIGN), (MAGAZINE, 0));
        let places: BTreeSet<usize> = pieces.iter().map(|piece| piece.0.as_ptr().addr() - block.addr()).collect();
        assert_eq!(places.first(), Some(&FIRST));
        assert!(places.last().is_some_and(|last| last + size_of::<Job>() <= BLOCK.size()));
        let apart = places.iter().zip(places.iter().skip(1)).all(|(one, next)| next - one >= size_of::<Job>());
        assert!(apart && pieces.iter().all(|piece| piece.block() == block));
    }

    #[test]
    fn what_nobody_needs_goes_back() {
        let _alone = empty_depot();
        let pieces = 4 * MAGAZINE * MOST;
        let jobs: Vec<JobRef> = (0..pieces).map(|_| job()).collect();
        drop(jobs);
        assert!(OWN.with(|own| own.borrow().len()) < 2 * MAGAZINE);
        assert!(DEPOT.with(|depot| depot.len()) <= MOST);
    }
}
