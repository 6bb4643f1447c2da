//! The outcomes that a search has seen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::schedule::Schedule;

/// A set of outcomes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outcomes(BTreeMap<String, Seen>);

/// How an outcome was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// On how many of the executed schedules.
    pub times: u64,
    /// The simplest of them: fewest preemptions, then fewest steps.
    pub schedule: Schedule,
    /// How many preemptions it has.
    pub preemptions: u32,
}

impl Outcomes {
    /// How many different outcomes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if no execution came to its end.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this outcome was seen.
    #[must_use]
    pub fn contains(&self, outcome: &str) -> bool {
        self.0.contains_key(outcome)
    }

    /// How an outcome was seen, if it was.
    #[must_use]
    pub fn get(&self, outcome: &str) -> Option<&Seen> {
        self.0.get(outcome)
    }

    /// The outcomes in alphabetical order, and how each was seen.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Seen)> {
        self.0.iter().map(|(outcome, seen)| (outcome.as_str(), seen))
    }

    /// Adds what another search saw.
    pub(super) fn merge(&mut self, other: &Self) {
        for (outcome, seen) in &other.0 {
            let times = self.0.get(outcome).map_or(0, |mine| mine.times) + seen.times;
            self.add(outcome, seen.preemptions, || seen.schedule.clone());
            if let Some(mine) = self.0.get_mut(outcome) {
                mine.times = times;
            }
        }
    }

    /// Adds one execution's outcome.
    pub fn add(&mut self, outcome: &str, preemptions: u32, schedule: impl FnOnce() -> Schedule) {
        if let Some(seen) = self.0.get_mut(outcome) {
            seen.times += 1;
            if preemptions > seen.preemptions {
                return;
            }
            let schedule = schedule();
            if (preemptions, schedule.len()) < (seen.preemptions, seen.schedule.len()) {
                (seen.schedule, seen.preemptions) = (schedule, preemptions);
            }
        } else {
            let seen = Seen { times: 1, schedule: schedule(), preemptions };
            self.0.insert(outcome.to_owned(), seen);
        }
    }
}

impl std::fmt::Display for Outcomes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, outcome) in self.0.keys().enumerate() {
            f.write_str(if index == 0 { "" } else { " | " })?;
            f.write_str(outcome)?;
        }
        Ok(())
    }
}
