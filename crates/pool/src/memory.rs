//! The memory of jobs, which is used again.
//!
//! A job is mostly made by one thread and dropped by another, and that is what allocators are slowest at: each piece goes
//! back to where it came from. Here each thread keeps some pieces for itself, in a *magazine*, and full magazines go
//! through a common *depot*, so that threads which submit get what threads which run have no more use for, and meet once
//! in so many jobs (Bonwick and Adams, "Magazines and Vmem", 2001).

use core::cell::RefCell;
use core::mem::MaybeUninit;

use threadcraft_platform::{Quiet, is_explored};

use crate::job::Job;

/// Memory for one job.
type Piece = Box<MaybeUninit<Job>>;

/// So many pieces go through the depot together.
const MAGAZINE: usize = 32;

/// So many magazines are kept at most for whoever needs them.
const MOST: usize = 64;

/// Full magazines.
static DEPOT: Quiet<Vec<Vec<Piece>>> = Quiet::new(Vec::new());

thread_local! {
    /// What the thread keeps: less than two magazines.
    static OWN: RefCell<Vec<Piece>> = const { RefCell::new(Vec::new()) };
}

/// Memory for a job.
///
/// In an explored program it is always new: where something stands must not depend on what ran before.
pub(crate) fn take() -> Piece {
    if is_explored() {
        return Box::new_uninit();
    }
    // A thread that is about to end keeps nothing more.
    OWN.try_with(|own| take_from(&mut own.borrow_mut())).ok().flatten().unwrap_or_else(Box::new_uninit)
}

fn take_from(own: &mut Vec<Piece>) -> Option<Piece> {
    own.pop().or_else(|| {
        *own = DEPOT.with(Vec::pop)?;
        own.pop()
    })
}

/// Drops a job, and keeps its memory.
pub(crate) fn give_back(job: Box<Job>) {
    // SAFETY:
    // - it comes from a box of the same layout.
    let mut piece: Piece = unsafe { Box::from_raw(Box::into_raw(job).cast()) };
    // SAFETY:
    // - it holds a job, which is not used again.
    unsafe { piece.assume_init_drop() };
    if !is_explored() {
        // A thread that is about to end keeps nothing more.
        let _ = OWN.try_with(|own| give_to(&mut own.borrow_mut(), piece));
    }
}

fn give_to(own: &mut Vec<Piece>, piece: Piece) {
    own.push(piece);
    if own.len() == 2 * MAGAZINE {
        let magazine = own.split_off(MAGAZINE);
        let left = DEPOT.with(|depot| {
            if depot.len() < MOST {
                depot.push(magazine);
                return None;
            }
            Some(magazine)
        });
        drop(left);
    }
}

#[cfg(all(test, not(feature = "explore")))]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
    use std::thread;

    use super::*;
    use crate::job::Origin;

    /// The depot, empty, and for one test at a time: one that fills it leaves no room for what another looks for.
    fn empty_depot() -> MutexGuard<'static, ()> {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        drop(DEPOT.with(core::mem::take));
        alone
    }

    fn job() -> Box<Job> {
        let [one, other] = crate::job_ref::JobRef::pair(Origin::default(), || 7_u32);
        drop(one);
        other.into_box()
    }

    #[test]
    fn a_thread_that_makes_gets_what_a_thread_that_drops_has_too_much_of() {
        let _alone = empty_depot();
        let jobs: Vec<Box<Job>> = (0..3 * MAGAZINE).map(|_| job()).collect();
        let known: BTreeSet<usize> = jobs.iter().map(|job| core::ptr::from_ref(&**job).addr()).collect();
        let dropped = Barrier::new(2);
        let again = thread::scope(|scope| {
            scope.spawn(|| {
                jobs.into_iter().for_each(give_back);
                dropped.wait();
            });
            dropped.wait();
            // Tests of other modules use the depot, too: some of it is enough.
            let pieces: Vec<Piece> = (0..2 * MAGAZINE * MOST).map(|_| take()).collect();
            pieces.iter().filter(|piece| known.contains(&piece.as_ptr().addr())).count()
        });
        assert!(again >= MAGAZINE, "{again}");
    }

    #[test]
    fn what_nobody_needs_goes_back() {
        let _alone = empty_depot();
        let pieces = 4 * MAGAZINE * MOST;
        let jobs: Vec<Box<Job>> = (0..pieces).map(|_| job()).collect();
        jobs.into_iter().for_each(give_back);
        assert!(OWN.with(|own| own.borrow().len()) < 2 * MAGAZINE);
        assert!(DEPOT.with(|depot| depot.len()) <= MOST);
    }
}
