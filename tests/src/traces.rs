//! The reduced search beside the full one: equal sets of canonical traces.

use std::collections::BTreeSet;

use threadcraft_explore::report::Effect;
use threadcraft_explore::{CallRecord, Carrier, ClockPolicy, Execution, Explorer, Grain, Strategy};

/// What two executions that differ only in the order of independent steps have in common: the steps of each thread,
/// and for each object the order of its accesses, where reads between two writes have no order. That a thread is
/// started, or comes to wait, is left out where nobody can tell; so is when the wait for an event returns, after it was
/// set. Of the waits at a futex only those that come to sleep change its queue, and only wakes that find somebody.
fn canonical(execution: &Execution) -> String {
    let mut threads = vec![Vec::new(); execution.threads.len()];
    let mut objects: Vec<Vec<BTreeSet<(usize, usize)>>> = Vec::new();
    let mut last_was_read = Vec::new();
    let looks = execution.calls.iter().any(|call| matches!(call.verb, "state" | "is_alive"));
    let comes_to_wait = |call: &CallRecord| {
        !looks
            && call.effect == Effect::Blocks
            && matches!((call.kind, call.verb), ("lock", "lock") | ("semaphore", "acquire") | ("event", "wait"))
    };
    let told = |call: &&CallRecord| call.verb != "start" && !comes_to_wait(call);
    for call in execution.calls.iter().filter(told) {
        let ordinal = threads[call.thread].len();
        threads[call.thread].push(format!("{} {:?} {:?}", call.verb, call.object, call.effect));
        let is_order_seen = match (call.kind, call.verb) {
            ("event", "wait") => looks,
            ("futex", "futex_wait") => call.effect == Effect::Blocks,
            _ => true,
        };
        let Some(object) = call.object.filter(|_| is_order_seen) else { continue };
        if objects.len() <= object {
            objects.resize(object + 1, Vec::new());
            last_was_read.resize(object + 1, false);
        }
        let read = matches!(call.effect, Effect::Reads | Effect::Refused);
        match objects[object].last_mut() {
            Some(reads) if read && last_was_read[object] => {
                reads.insert((call.thread, ordinal));
            }
            _ => objects[object].push(BTreeSet::from([(call.thread, ordinal)])),
        }
        last_was_read[object] = read;
    }
    let outcome = execution.failure.as_ref().map(|failure| failure.name());
    format!("{threads:?} {objects:?} {outcome:?}")
}

/// Runs both searches to their end and compares.
///
/// # Panics
///
/// If one sees what the other does not, if one is cut, or if there is nothing to reduce.
#[track_caller]
pub fn same_traces(explorer: impl Fn(Strategy) -> Explorer, program: fn()) {
    let traces = |strategy| {
        let mut traces = BTreeSet::new();
        let report = explorer(strategy).visit(program, |execution| {
            traces.insert(canonical(execution));
        });
        assert!(report.complete, "{strategy:?}: {:?} {:?}", report.cut, report.failure);
        (traces, report.schedules)
    };
    let (full, full_schedules) = traces(Strategy::Full);
    let (reduced, reduced_schedules) = traces(Strategy::Dpor);
    assert_eq!(reduced, full, "{reduced_schedules} executions against {full_schedules}");
    assert!(full.len() > 1, "a program with one trace tests nothing");
    assert!(reduced_schedules <= full_schedules, "{reduced_schedules} > {full_schedules}");
}

/// Coarse steps; deadlines pass when nobody can run.
#[must_use]
pub fn coarse(strategy: Strategy) -> Explorer {
    Explorer::builder().strategy(strategy).carrier(Carrier::Coroutines).max_schedules(2_000_000).build()
}

/// Fine steps: each access of an atomic.
#[must_use]
pub fn fine(strategy: Strategy) -> Explorer {
    Explorer::builder()
        .strategy(strategy)
        .carrier(Carrier::Coroutines)
        .grain(Grain::Fine)
        .max_schedules(2_000_000)
        .build()
}

/// Coarse, and deadlines may pass at any point.
#[must_use]
pub fn anywhere(strategy: Strategy) -> Explorer {
    Explorer::builder()
        .strategy(strategy)
        .carrier(Carrier::Coroutines)
        .clock(ClockPolicy::Anywhere)
        .max_schedules(2_000_000)
        .build()
}
