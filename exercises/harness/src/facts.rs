//! Questions that several checks ask of one execution.
//!
//! All of them are answered by what the explorer recorded, and none by what the program prints about itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use threadcraft_explore::report::Effect;
use threadcraft_explore::schedule::letter;
use threadcraft_explore::{CallRecord, Execution};

/// The threads that the program started, without main.
#[must_use]
pub fn started(execution: &Execution) -> Range<usize> {
    1..execution.threads.len()
}

/// The largest number of started threads of which any two may be alive at the same time.
#[must_use]
pub fn most_alive_at_once(execution: &Execution) -> usize {
    largest_group(&started(execution).collect::<Vec<_>>(), &|a, b| execution.overlap(a, b), &mut Vec::new())
}

/// The size of the largest group whose members all fit each other: tries each candidate in or out, which is quick for
/// the handful of threads that an exercise starts.
fn largest_group(candidates: &[usize], fit: &impl Fn(usize, usize) -> bool, group: &mut Vec<usize>) -> usize {
    let Some((&first, rest)) = candidates.split_first() else { return group.len() };
    let mut largest = 0;
    if group.iter().all(|&member| fit(member, first)) {
        group.push(first);
        largest = largest_group(rest, fit, group);
        group.pop();
    }
    // Without `first`, no more than the rest can be added.
    if group.len() + rest.len() > largest { largest.max(largest_group(rest, fit, group)) } else { largest }
}

/// The calls of a thread, each with the number of objects (locks, permits) that it holds after it.
fn with_held(execution: &Execution, thread: usize) -> impl Iterator<Item = (&CallRecord, usize)> {
    let mut held: BTreeMap<usize, usize> = BTreeMap::new();
    execution.calls.iter().filter(move |call| call.thread == thread).map(move |call| {
        match (call.object, call.effect) {
            (Some(object), Effect::Acquires) => *held.entry(object).or_default() += 1,
            (Some(object), Effect::Releases) => {
                if let Some(times) = held.get_mut(&object) {
                    *times = times.saturating_sub(1);
                }
            }
            _ => {}
        }
        (call, held.values().filter(|&&times| times > 0).count())
    })
}

/// The largest number of objects (locks, permits) that the thread holds at one time.
#[must_use]
pub fn most_held(execution: &Execution, thread: usize) -> usize {
    with_held(execution, thread).map(|(_, held)| held).max().unwrap_or(0)
}

/// True if the thread sleeps, or computes (`work`), while it holds something: whoever wants that waits as long.
#[must_use]
pub fn is_slow_while_holding(execution: &Execution, thread: usize) -> bool {
    with_held(execution, thread).any(|(call, held)| held > 0 && matches!(call.verb, "sleep" | "work"))
}

/// True if the thread asks the same question (reads, or tries in vain) twice from one line, with nothing but pauses
/// between: it polls, where it could wait to be told.
#[must_use]
pub fn polls(execution: &Execution, thread: usize) -> bool {
    let is_pause = |call: &CallRecord| matches!(call.verb, "sleep" | "yield_now");
    let own: Vec<&CallRecord> =
        execution.calls.iter().filter(|call| call.thread == thread && !is_pause(call)).collect();
    own.windows(2).any(|pair| pair[0] == pair[1] && matches!(pair[0].effect, Effect::Reads | Effect::Refused))
}

/// Nobody [`polls`], main included; else who does.
///
/// # Errors
///
/// In words for a claim that does not hold.
pub fn nobody_polls(execution: &Execution) -> Result<(), String> {
    match (0..execution.threads.len()).find(|&thread| polls(execution, thread)) {
        None => Ok(()),
        Some(0) => Err("main asks again and again".to_owned()),
        Some(thread) => Err(format!("thread {} asks again and again", letter(thread))),
    }
}

/// For a program in which every started thread has to wait while main sleeps: each of them sleeps at a futex, and none
/// looks again and again.
///
/// # Errors
///
/// In words for a claim that does not hold.
pub fn who_waits_sleeps(execution: &Execution) -> Result<(), String> {
    let mut waiters = execution.calls.iter().filter(|call| call.thread != 0);
    if waiters.clone().any(|call| matches!(call.verb, "yield_now" | "sleep")) {
        return Err("who waits pauses, and looks again".to_owned());
    }
    if waiters.any(|call| call.verb == "futex_wait") {
        Ok(())
    } else {
        Err("who waits never sleeps at a futex".to_owned())
    }
}

/// The largest number of started threads that use one object which main uses too: what they do meets somewhere.
#[must_use]
pub fn most_sharing_with_main(execution: &Execution) -> usize {
    let mut users: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for call in &execution.calls {
        if let Some(object) = call.object {
            users.entry(object).or_default().insert(call.thread);
        }
    }
    users.values().filter(|users| users.contains(&0)).map(|users| users.len() - 1).max().unwrap_or(0)
}

/// The highest value that the sum of a probe's values reaches: with `probe("inside", 1)` and `probe("inside", -1)`
/// around a place, the largest number of threads that were there at one time.
#[must_use]
pub fn highest(execution: &Execution, probe: &str) -> i64 {
    let values = execution.probes.iter().filter(|seen| seen.name == probe).map(|seen| seen.value);
    values
        .scan(0, |sum, value| {
            *sum += value;
            Some(*sum)
        })
        .max()
        .unwrap_or(0)
        .max(0)
}

/// The lines of all threads, in order.
pub fn lines(execution: &Execution) -> impl Iterator<Item = &str> {
    execution.printed.iter().map(|printed| printed.line.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn largest(count: usize, fit: impl Fn(usize, usize) -> bool) -> usize {
        largest_group(&(1..=count).collect::<Vec<_>>(), &fit, &mut Vec::new())
    }

    #[test]
    fn a_group_is_as_large_as_all_its_members_fit_each_other() {
        assert_eq!(largest(0, |_, _| true), 0);
        assert_eq!(largest(3, |_, _| false), 1, "each alone");
        assert_eq!(largest(4, |_, _| true), 4);
        assert_eq!(largest(3, |a, b| (a, b) != (1, 3)), 2, "1 and 2, or 2 and 3, never all three");
        assert_eq!(largest(5, |a, b| a.abs_diff(b) % 2 == 0), 3, "1, 3 and 5");
    }
}
