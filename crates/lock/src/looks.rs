//! When to look again at a lock that is held, and when to sleep.
//!
//! A look that finds the lock held may cost its holder more than the one that looks: it takes the word's cache line away,
//! which has to come back before the holder can release the lock. But only if the holder has written to the line since the
//! last look. So a look itself tells how the lock is used. One that is over at once found the line where it was: the same
//! holder is still inside, and the next look will be as cheap, so it comes after one pause, as the lock may be free at any
//! moment. One that took longer has fetched the line: the lock was released and taken again meanwhile. Such a lock is held
//! for less than the line takes to come, and each look is in the way. So the next one comes only after several times as long
//! as this one took, which is longer where the cores are far apart.
//!
//! That waiting should grow with what contention costs is the idea of exponential back-off: Anderson, "The Performance of
//! Spin Lock Alternatives for Shared-Memory Multiprocessors", 1990. There each failure says so; here the clock does. Without
//! one (see [`ticks`]) all looks count as cheap, and come after one pause each, as std's do.

use core::cell::Cell;
use core::ptr;

use threadcraft_platform::atomic::{spin_loop, spins};
use threadcraft_platform::time::ticks;

/// So many looks, with a pause before each, take about as long as to sleep and to be woken. They are for a holder that runs
/// on another core and will soon be done; one that waits for this core gets it when this thread sleeps. A yield would give
/// it, too, but costs the thread a part of its own time: on Linux 6.18 the slowest of four threads got .93 of its share with
/// four yields before it slept, .96 with none, all of them as fast.
const LOOKS: u32 = 100;

/// After a look that has fetched the line, about so many times as long as it took pass until the next. Four threads that
/// only count took 1.16 of the time that `parking_lot` needs with 3 here, .99 with 5, .91 with 8, .86 with 12. A lock that is
/// held for 230 ns took 1.03 to 1.12 of std's time with 3, 5 or 8, and 1.08 to 1.19 with 16.
const AWAY: u32 = 8;

/// A look counts as so many pauses at most: one that took longer was interrupted.
const LONGEST_LOOK: u64 = 20;

/// And a pause as so many ticks: the longest are those of Intel since Skylake, about 140 cycles.
const LONGEST_PAUSE: u64 = 1_000;

/// The looks of a thread at a lock that is held.
pub(crate) struct Looks {
    /// How many more there may be.
    left: u32,
    /// The ticks of one pause, with those of reading them.
    pause: u64,
    /// The ticks that the last look took beyond a pause.
    cost: u64,
    /// When it was over.
    then: u64,
}

impl Looks {
    /// Begins with a pause, to know how long one is. None where looking again shows nothing new.
    pub(crate) fn start() -> Option<Self> {
        let left = spins(LOOKS);
        if left == 0 {
            return None;
        }
        let before = ticks();
        spin_loop();
        let then = ticks();
        Some(Self { left, pause: then.saturating_sub(before).min(LONGEST_PAUSE), cost: 0, then })
    }

    /// Waits until it is time for the next look: true; or until it is time to sleep.
    pub(crate) fn go_on(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        if self.cost > self.pause {
            self.left = self.left.saturating_sub(AWAY);
            self.stay_away(about(u64::from(AWAY) * self.cost.min(LONGEST_LOOK * self.pause)));
        }
        spin_loop();
        true
    }

    /// Pauses until so many ticks have passed, or so many pauses: none takes less than a tick, but where the thread is moved
    /// to another core, the ticks may go backwards.
    fn stay_away(&mut self, wait: u64) {
        let since = self.then;
        for _ in 0..wait {
            spin_loop();
            self.then = ticks();
            if self.then.wrapping_sub(since) >= wait {
                break;
            }
        }
    }

    /// A look has ended.
    pub(crate) fn looked(&mut self) {
        let now = ticks();
        self.cost = now.saturating_sub(self.then).saturating_sub(self.pause);
        self.then = now;
    }
}

thread_local! {
    /// The last random number of this thread; zero before the first one.
    static DRAWN: Cell<u32> = const { Cell::new(0) };
}

/// A quarter more or less, at random: threads that wait equally long fall into step, and the same one comes too late again
/// and again. (Metcalfe and Boggs, "Ethernet: Distributed Packet Switching for Local Computer Networks", 1976.)
fn about(wait: u64) -> u64 {
    let drawn = DRAWN.with(|drawn| {
        // The shifts are of Marsaglia, "Xorshift RNGs", 2003. The address is not that of any other thread.
        let mut next = if drawn.get() == 0 { ptr::from_ref(drawn).addr() as u32 | 1 } else { drawn.get() };
        next ^= next << 13;
        next ^= next >> 17;
        next ^= next << 5;
        drawn.set(next);
        next
    });
    wait - wait / 4 + ((wait / 2 * u64::from(drawn)) >> u32::BITS)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Looks that take no longer than a pause, or `cost` ticks more; how many of them come before it is time to sleep.
    fn number_of_looks(cost: u64) -> u32 {
        let mut looks = Looks::start().expect("this is the machine");
        looks.pause = 1;
        let mut number = 0;
        loop {
            looks.cost = cost;
            if !looks.go_on() {
                return number;
            }
            number += 1;
        }
    }

    #[test]
    fn a_look_that_fetched_the_line_is_as_long_as_several() {
        assert_eq!(number_of_looks(0), LOOKS);
        assert_eq!(number_of_looks(1), LOOKS, "as long as a pause may be chance");
        assert_eq!(number_of_looks(2), LOOKS.div_ceil(1 + AWAY));
    }

    #[test]
    fn after_it_the_next_one_comes_late_but_comes() {
        let mut looks = Looks::start().expect("this is the machine");
        for (pause, cost, least) in [(100, 200, 1_200), (100, u64::MAX, 12_000), (0, u64::MAX, 0)] {
            (looks.pause, looks.cost) = (pause, cost);
            looks.then = ticks();
            let since = looks.then;
            assert!(looks.go_on());
            let passed = ticks().wrapping_sub(since);
            // Where there are ticks.
            assert!(since == 0 || passed >= least, "{passed} of {least} ticks");
        }
    }

    #[test]
    fn waits_differ_by_a_quarter_and_from_thread_to_thread() {
        let draw = || (0..100).map(|_| about(1_000)).collect::<Vec<_>>();
        let (mine, theirs) = (draw(), std::thread::spawn(draw).join().expect("it does not panic"));
        assert_ne!(mine, theirs);
        let all: BTreeSet<u64> = mine.into_iter().chain(theirs).collect();
        assert!(all.len() > 50 && all.iter().all(|wait| (750..1_250).contains(wait)), "{all:?}");
        assert!(all.first() < Some(&850) && all.last() > Some(&1_150), "{all:?}");
    }
}
