//! The picture of a deadlock: who waits for what, who holds it, and the cycle.

use super::state::{BlockedOn, State, Status};
use crate::report::{FailureKind, Location, ThreadIndex, Waiting, WaitingOn};

/// Taken when nobody can run, before any thread unwinds.
pub(super) fn picture(state: &State) -> FailureKind {
    let waiting: Vec<Waiting> = (0..state.threads.len()).filter_map(|index| waiting(state, index)).collect();
    let cycle = cycle(&waiting);
    FailureKind::Deadlock { waiting, cycle }
}

/// What this thread waits for, if it is blocked.
pub(super) fn waiting(state: &State, index: usize) -> Option<Waiting> {
    let thread = &state.threads[index];
    let Status::Blocked(blocked) = &thread.status else { return None };
    let call = thread.calls.first();
    let (on, held_by) = match (blocked.on, call) {
        (BlockedOn::Thread(other), _) => (WaitingOn::Thread(other), vec![other]),
        (_, Some(call)) => (WaitingOn::Object(call.object), holders(state, call.object)),
        (_, None) => (WaitingOn::Object(thread.pending.object?), Vec::new()),
    };
    let (verb, place) = match call {
        Some(call) => (call.verb, Some(call.place)),
        None => (thread.pending.verb, thread.pending.place),
    };
    let argument = match on {
        WaitingOn::Thread(other) => crate::schedule::letter(other),
        WaitingOn::Object(_) => call.and_then(|call| call.argument.clone()).map(String::from).unwrap_or_default(),
    };
    Some(Waiting {
        thread: index,
        on,
        held_by,
        call: format!("{verb}({argument})"),
        location: place.map(Location::from),
    })
}

/// The threads that hold an object, each once.
fn holders(state: &State, object: usize) -> Vec<ThreadIndex> {
    let mut holders: Vec<_> = state.objects[object].holders.iter().map(|&(thread, _)| thread).collect();
    holders.sort_unstable();
    holders.dedup();
    holders
}

/// The first cycle of "waits for somebody who waits for …", begun at its lowest thread; empty if there is none.
fn cycle(waiting: &[Waiting]) -> Vec<ThreadIndex> {
    let waits = |thread| waiting.iter().find(|entry| entry.thread == thread);
    for start in waiting {
        let mut path = vec![start.thread];
        if search(&waits, &mut path) {
            return path;
        }
    }
    Vec::new()
}

/// Extends the path along "waits for" until it comes back to its first thread.
fn search<'a>(waits: &impl Fn(ThreadIndex) -> Option<&'a Waiting>, path: &mut Vec<ThreadIndex>) -> bool {
    let Some(entry) = waits(path[path.len() - 1]) else { return false };
    for &next in &entry.held_by {
        if next == path[0] {
            return true;
        }
        if path.contains(&next) {
            continue;
        }
        path.push(next);
        if search(waits, path) {
            return true;
        }
        path.pop();
    }
    false
}
