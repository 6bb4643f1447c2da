//! Waiting for a lock that is held: first as anybody, then as one that is served before all newcomers.

use core::time::Duration;

use threadcraft_platform::Instant;
use threadcraft_platform::atomic::{Ordering, spins};
use threadcraft_platform::futex::{self, Queue, Wait};

use crate::looks::Looks;
use crate::raw::{CONTENDED, FREE, GRANTED, HELD, HOLD, LONG_WAITER, RawLock};

/// How often a thread sleeps and is woken in vain before it becomes a long waiter. Each time that one is served costs a
/// switch of threads; at several times this number nothing was faster, and the slowest of four threads got less.
const PATIENCE: u32 = 2;

/// How long newcomers leave a granted lock to those who have waited. None of them may be left, as they can give up: so
/// this is a limit, and above the time that a woken thread waits for a core of a loaded machine.
const GRANT: Duration = Duration::from_millis(10);

impl RawLock {
    /// Waits for the lock, of which `seen` was the state a moment ago, until `deadline`; false if it passed.
    ///
    /// An explored execution that is torn down counts as acquired: there is nobody left to exclude.
    #[cold]
    pub(crate) fn lock_contended(&self, seen: u32, deadline: Option<Instant>) -> bool {
        let Err(mut seen) = self.lock_spinning(seen) else { return true };
        if seen == GRANTED && self.stand_back(deadline) == Wait::Abandoned {
            return true;
        }
        // Models have to get by with less: each wake-up in vain multiplies their interleavings.
        let patience = 1 + spins(PATIENCE - 1);
        for _ in 0..patience {
            let Some(asleep) = self.take_or_announce(seen, 0) else { return true };
            match futex::wait(&self.state, asleep, deadline) {
                // This may have used up the one wake-up of a release: try again, whatever the clock says.
                Wait::Woken => seen = FREE,
                // `contended` stays: others may sleep, and if not, one wake-up of nobody is all it costs.
                Wait::TimedOut => return false,
                Wait::Abandoned => return true,
            }
        }
        self.lock_next(deadline)
    }

    /// Looks again for a while, as long as nobody sleeps: who sleeps has waited longer. Says what it saw last if it did not
    /// get the lock.
    fn lock_spinning(&self, mut seen: u32) -> Result<(), u32> {
        let Some(mut looks) = Looks::start() else { return Err(seen) };
        while seen == HELD && looks.go_on() {
            // Relaxed: a hint; taking it is what orders.
            seen = self.state.load(Ordering::Relaxed);
            looks.looked();
            if seen == FREE {
                match self.take_if_free() {
                    Ok(()) => return Ok(()),
                    Err(now) => seen = now,
                }
            }
        }
        Err(seen)
    }

    /// Leaves a granted lock to those who have waited. Whoever takes it makes it contended, so that this thread is
    /// woken in its turn.
    fn stand_back(&self, deadline: Option<Instant>) -> Wait {
        let patience = Instant::after(GRANT);
        let until = match (deadline, patience) {
            (Some(deadline), Some(patience)) => Some(deadline.min(patience)),
            (deadline, patience) => deadline.or(patience),
        };
        futex::wait(&self.state, GRANTED, until)
    }

    /// Takes the lock into contended if it is free or granted: `None`. Else says that this thread is about to sleep,
    /// adds `long_waiters` to the count, and returns the word that it leaves. `seen` is a guess, which the exchange
    /// corrects, or the futex.
    fn take_or_announce(&self, mut seen: u32, long_waiters: u32) -> Option<u32> {
        loop {
            let next = match seen {
                FREE | GRANTED => CONTENDED,
                HELD => CONTENDED + long_waiters,
                _ => seen + long_waiters,
            };
            if next == seen {
                return Some(seen);
            }
            // Acquire: pairs with the Release of every release. Setting `contended` before each sleep, also when it
            // acquires, is what makes the next release wake somebody. Relaxed on failure: nothing is read that the lock
            // protects.
            match self.state.compare_exchange_weak(seen, next, Ordering::Acquire, Ordering::Relaxed) {
                Ok(FREE | GRANTED) => return None,
                Ok(_) => return Some(next),
                Err(now) => seen = now,
            }
        }
    }

    /// Waits as a long waiter: from the moment that it is counted, every release reserves the lock for those who are.
    fn lock_next(&self, deadline: Option<Instant>) -> bool {
        let Some(mut seen) = self.take_or_announce(FREE, LONG_WAITER) else { return true };
        let mut out_of_time = false;
        loop {
            let reserved = seen & HOLD == FREE;
            if reserved || out_of_time {
                let next = seen - LONG_WAITER + if reserved { CONTENDED } else { FREE };
                // Acquire: pairs with the Release of every release. Relaxed on failure: nothing is read that the lock
                // protects.
                match self.state.compare_exchange_weak(seen, next, Ordering::Acquire, Ordering::Relaxed) {
                    Ok(_) => return reserved,
                    Err(now) => seen = now,
                }
                continue;
            }
            // Never while the lock is reserved: it may be for this thread alone, and the wake-up be over.
            match futex::wait_in(&self.state, Queue::Second, seen, deadline) {
                Wait::Woken => {}
                Wait::TimedOut => out_of_time = true,
                Wait::Abandoned => return true,
            }
            // That it is reserved is a guess, which the exchange corrects.
            seen &= !HOLD;
        }
    }
}
