//! What would have ordered the two accesses of a data race: an atomic that passes from one to the other without
//! ordering, or a lock that one of them holds.

use crate::render::held::Held;
use crate::render::names::{Names, number};
use crate::report::{Access, Effect, MemoryOrder, ObjectIndex, Step};

/// Why nothing orders the two, if more is known than that nothing does, and what would.
pub(in crate::render) fn missing_order(names: Names<'_>, first: &Access, second: &Access) -> Option<(String, String)> {
    let (one, two) = ((first.step?, first), (second.step?, second));
    relaxed(names, one, two).or_else(|| one_sided(names, one, two))
}

/// An atomic that the first thread wrote after its access, and whose value the second read before its own.
fn relaxed(names: Names<'_>, first: (usize, &Access), second: (usize, &Access)) -> Option<(String, String)> {
    let ((one, writer), (two, reader)) = ((first.0, first.1.thread), (second.0, second.1.thread));
    let from = if first.1.early { one } else { one + 1 };
    let until = if second.1.early { two } else { two + 1 };

    let steps = &names.trace.steps;
    let write_of = |load: usize| {
        let object = steps[load].object?;
        let changes = |step: &Step| step.object == Some(object) && step.effect == Effect::Writes;
        let write = steps[..load].iter().rposition(changes)?;
        (write >= from && steps[write].thread == writer).then_some((write, load, object))
    };
    let loads = |&index: &usize| steps[index].thread == reader && is_load(&steps[index]);
    let (write, load, object) = (from..until).filter(loads).find_map(write_of)?;
    let (stored, loaded) = (steps[write].order?, steps[load].order?);
    let releases = !matches!(stored, MemoryOrder::Relaxed | MemoryOrder::Acquire);
    let acquires = !matches!(loaded, MemoryOrder::Relaxed | MemoryOrder::Release);
    if releases && acquires {
        return None;
    }
    let name = names.object(object);
    let (store, read) = (format!("store at step {}", number(write)), format!("load at step {}", number(load)));
    let (is, make) = match (releases, acquires) {
        (false, true) => (format!("the {store} is {stored:?}"), "make that store Release".to_owned()),
        (true, false) => (format!("the {read} is {loaded:?}"), "make that load Acquire".to_owned()),
        _ if stored == loaded => (
            format!("both the {store} and the {read} are {stored:?}"),
            "make that store Release and that load Acquire".to_owned(),
        ),
        _ => (
            format!("the {store} is {stored:?} and the {read} {loaded:?}"),
            "make that store Release and that load Acquire".to_owned(),
        ),
    };
    let who = names.who(reader);
    let because =
        format!("{who} reads from {name} what {} put there, but {is}, which orders nothing", names.who(writer));
    Some((because, format!("{make}: then all that comes before the store is visible after the load")))
}

fn is_load(step: &Step) -> bool {
    step.order.is_some() && step.result.is_some()
}

/// A lock that one of the two holds during its access, and the other does not.
fn one_sided(names: Names<'_>, first: (usize, &Access), second: (usize, &Access)) -> Option<(String, String)> {
    let locks = |(step, access): (usize, &Access)| {
        let held = Held::before(names.trace, if access.early { step } else { step + 1 });
        let is_lock = |object: &ObjectIndex| names.kind(*object).contains("lock");
        held.of(access.thread).filter(is_lock).collect::<Vec<_>>()
    };
    let (one, two) = (locks(first), locks(second));
    let (guarded, bare, lock) = match (one.as_slice(), two.as_slice()) {
        ([lock, ..], []) => (first.1, second.1, *lock),
        ([], [lock, ..]) => (second.1, first.1, *lock),
        _ => return None,
    };
    let (guarded, bare, lock) = (names.who(guarded.thread), names.who(bare.thread), names.object(lock));
    let because = format!("{guarded} holds {lock} at its access, and {bare} holds no lock at its own");
    Some((because, format!("take {lock} around both accesses: what happens under a lock is ordered")))
}
