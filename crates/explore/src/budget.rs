//! How much a search may cost.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How much a search may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// So many executions. The verdict depends on this limit alone, so it is the same on every machine.
    pub schedules: u64,
    /// So much time, as a safety net.
    pub time: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self { schedules: 20_000, time: Duration::from_secs(60) }
    }
}

/// Why a text is no [`Budget`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetError(String);

impl fmt::Display for BudgetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wrong = self.0.escape_debug();
        write!(
            f,
            "`{wrong}` is no budget: write a number of schedules, a time such as `90s` or `5m`, or both: `100000,5m`"
        )
    }
}

impl std::error::Error for BudgetError {}

impl FromStr for Budget {
    type Err = BudgetError;

    /// A number of schedules (`100000`), a time in seconds or minutes (`90s`, `5m`), or both (`100000,5m`). With a
    /// number alone there is no limit in time, and the other way round.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || BudgetError(text.to_owned());
        let mut budget = Self { schedules: u64::MAX, time: Duration::MAX };
        for part in text.split(',').map(str::trim) {
            let number = |digits: &str| digits.parse::<u64>().map_err(|_| error());
            if let Some(seconds) = part.strip_suffix('s') {
                budget.time = Duration::from_secs(number(seconds)?);
            } else if let Some(minutes) = part.strip_suffix('m') {
                budget.time = Duration::from_secs(number(minutes)?.saturating_mul(60));
            } else {
                budget.schedules = number(&part.replace('_', ""))?;
            }
        }
        Ok(budget)
    }
}

impl From<u64> for Budget {
    fn from(schedules: u64) -> Self {
        Self { schedules, ..Self::default() }
    }
}

impl From<Duration> for Budget {
    fn from(time: Duration) -> Self {
        Self { time, schedules: u64::MAX }
    }
}
