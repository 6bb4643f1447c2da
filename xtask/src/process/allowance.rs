//! The time that a program may take: its own, not that which a busy machine keeps it waiting.
//!
//! At each look, what passed since the last one is put on the program's account: while one of its threads could run,
//! what all of them took of processors, and nothing if none was free; while all of them sleep, or wait for each other,
//! the whole of it, unless the look itself comes late: then it is the runner that was kept waiting, and the program may
//! have been, or may have waited for the runner to read. So a loop without end is charged what it computes, one that sleeps for ever what the clock says,
//! and a right program that shares its processors with twenty others is charged what it would have cost alone.

use std::time::{Duration, Instant};

use super::family::Usage;

/// However busy the machine is, nobody waits longer than so many times the limit: what never gets a processor, or hangs
/// in a broken disk, must end, too.
const AT_MOST: u32 = 20;

/// No look charges one that sleeps more than this, which is ten times what lies between looks.
const LONGEST: Duration = Duration::from_millis(500);

/// A program's account.
#[derive(Debug)]
pub(super) struct Allowance {
    limit: Duration,
    started: Instant,
    looked: Instant,
    /// What the processors had been taken for at the last look.
    processor: Duration,
    used: Duration,
}

impl Allowance {
    /// Of a program that starts now.
    pub(super) fn new(limit: Duration) -> Self {
        let now = Instant::now();
        Self { limit, started: now, looked: now, processor: Duration::ZERO, used: Duration::ZERO }
    }

    /// Charges what passed since the last look; true if that was too much.
    pub(super) fn is_used_up(&mut self, usage: &Usage) -> bool {
        self.charge(usage, Instant::now())
    }

    fn charge(&mut self, usage: &Usage, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.looked);
        // What a child took that nobody waited for is gone from the sum with the child.
        let computed = usage.processor.saturating_sub(self.processor);
        self.used += if usage.could_run { computed } else { computed.max(passed.min(LONGEST)) };
        self.looked = now;
        self.processor = usage.processor;
        self.used >= self.limit || now.saturating_duration_since(self.started) >= self.limit * AT_MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const TENTH: Duration = Duration::from_millis(100);

    /// After how many seconds a program is ended that takes this much of processors each second of the clock, with a
    /// limit of ten seconds and so much time from look to look.
    fn ended_after(processor: Duration, could_run: bool, look: Duration) -> u128 {
        let mut allowance = Allowance::new(10 * SECOND);
        let started = allowance.started;
        let is_used_up = |passed: &Duration| {
            let usage = Usage { processor: processor.mul_f64(passed.as_secs_f64()), could_run, ..Usage::default() };
            allowance.charge(&usage, started + *passed)
        };
        let ended = (1..).map(|looks| look * looks).find(is_used_up).expect("it ends some time");
        (ended.as_millis() + 500) / 1000
    }

    #[test]
    fn what_computes_is_charged_what_it_computes_whoever_else_does() {
        assert_eq!(ended_after(SECOND, true, TENTH), 10, "alone");
        assert_eq!(ended_after(SECOND / 10, true, TENTH), 100, "as one of ten");
        assert_eq!(ended_after(2 * SECOND, true, TENTH), 5, "on two processors");
    }

    #[test]
    fn what_sleeps_is_charged_by_the_clock() {
        assert_eq!(ended_after(Duration::ZERO, false, TENTH), 10);
        assert_eq!(ended_after(SECOND / 10, false, TENTH), 10, "it computes a little between");
    }

    #[test]
    fn what_sleeps_is_not_charged_that_the_runner_was_kept_waiting() {
        assert_eq!(ended_after(Duration::ZERO, false, SECOND), 20);
        assert_eq!(ended_after(SECOND, false, SECOND), 10, "what it computed is its own");
        assert_eq!(ended_after(Duration::ZERO, false, 30 * SECOND), 210, "it ends all the same");
    }

    #[test]
    fn what_never_gets_a_processor_is_ended_all_the_same() {
        assert_eq!(ended_after(Duration::ZERO, true, TENTH), 10 * u128::from(AT_MOST));
    }
}
