//! When something is due.

use core::cmp::Ordering;
use core::time::Duration;

use threadcraft_platform::Instant;

use crate::interval::MissedTicks;

/// A time, or, later than all of them, never: beyond what the clock can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Due(pub(crate) Option<Instant>);

impl Due {
    /// So much later than now.
    #[track_caller]
    pub(crate) fn after(delay: Duration) -> Self {
        Self(Instant::after(delay))
    }

    /// The call that follows one that was due now, and has ended at this moment.
    #[track_caller]
    pub(crate) fn following(self, period: Duration, missed: MissedTicks) -> Self {
        let Some(due) = self.0 else { return self };
        let now = Instant::now();
        let next = due.checked_add(period);
        Self(match (next, missed) {
            (Some(next), MissedTicks::Skip) if next <= now => {
                now.checked_add(period.saturating_sub(rest(now.saturating_duration_since(due), period)))
            }
            (Some(next), MissedTicks::Delay) if next <= now => now.checked_add(period),
            _ => next,
        })
    }
}

/// What is left of a time after whole periods.
fn rest(time: Duration, period: Duration) -> Duration {
    const BILLION: u128 = 1_000_000_000;
    let rest = time.as_nanos() % period.as_nanos();
    let seconds = u64::try_from(rest / BILLION).expect("less than the seconds of `time`");
    Duration::new(seconds, u32::try_from(rest % BILLION).expect("less than a billion"))
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.0, other.0) {
            (Some(own), Some(other)) => own.cmp(&other),
            (own, other) => own.is_none().cmp(&other.is_none()),
        }
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_is_after_all_times() {
        let now = Instant::now();
        let later = now + Duration::from_secs(1);
        assert!(Due(Some(now)) < Due(Some(later)) && Due(Some(later)) < Due(None));
        assert_eq!(Due(None).cmp(&Due(None)), Ordering::Equal);
    }

    #[test]
    fn the_rest_of_a_time() {
        let (seconds, nanos) = (Duration::from_secs, Duration::from_nanos);
        assert_eq!(rest(seconds(10), seconds(3)), seconds(1));
        assert_eq!(rest(nanos(7_500_000_001), nanos(2_500_000_000)), nanos(1));
        assert_eq!(rest(Duration::MAX, seconds(1)), nanos(999_999_999));
    }

    #[test]
    fn a_call_that_is_not_late_comes_a_period_later_under_each_policy() {
        let due = Instant::now();
        for missed in [MissedTicks::Burst, MissedTicks::Skip, MissedTicks::Delay] {
            let hour = Duration::from_secs(3600);
            assert_eq!(Due(Some(due)).following(hour, missed), Due(Some(due + hour)));
        }
        assert_eq!(Due(None).following(Duration::from_secs(1), MissedTicks::Burst), Due(None));
    }
}
