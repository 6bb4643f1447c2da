//! Of semaphores.

use std::sync::atomic::{AtomicU32, Ordering};

use threadcraft::scope;

use super::{eventually, for_a_while};
use crate::semaphore::Permits;

/// Of those who want a permit as many pass as there are permits, and more only when more come: with `more`, one after
/// the other. There is one for everybody in the end.
///
/// # Panics
///
/// If more pass, or fewer.
pub fn exactly_as_many_pass<S: Permits>(permits: u32, more: &[u32]) {
    let semaphore = S::new(permits);
    // Relaxed, here and below: it counts, and orders nothing.
    let passed = AtomicU32::new(0);
    scope(|scope| {
        for _ in 0..permits + more.iter().sum::<u32>() {
            scope.spawn(|| {
                semaphore.take();
                passed.fetch_add(1, Ordering::Relaxed);
            });
        }
        let mut all = permits;
        eventually("as many pass", || passed.load(Ordering::Relaxed) == all);
        for &permits in more {
            for_a_while("and no more", || passed.load(Ordering::Relaxed) == all);
            semaphore.give(permits);
            all += permits;
            eventually("as many more pass", || passed.load(Ordering::Relaxed) == all);
        }
    });
}

/// One thread takes what there is, and what it gives back.
///
/// # Panics
///
/// Never: it would wait for ever.
pub fn one_thread_may_take_several<S: Permits>() {
    let semaphore = S::new(2);
    semaphore.take();
    semaphore.take();
    semaphore.give(2);
    semaphore.take();
    semaphore.take();
}
