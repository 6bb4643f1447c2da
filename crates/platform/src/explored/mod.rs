//! The explored backend: asks the explorer at each operation; `None` or `false` where the thread is not explored.

pub(crate) mod atomic;

use std::any::Any;
use std::fmt::{self, Display};
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use threadcraft_explore::runtime::{self, Call, QueueAt, Tag, Wanted, used_by_other_thread, with_current};

use self::atomic::{AtomicU32, AtomicU64};
use crate::Instant;
use crate::futex::{Queue, Wait};
use crate::object::Done;
use crate::thread::Stage;

/// One call of a primitive's public interface.
#[inline]
#[track_caller]
pub(crate) fn call<R>(
    tag: &Tag,
    verb: &'static str,
    argument: Option<&dyn Display>,
    wanted: Option<Wanted<'_>>,
    body: impl FnOnce() -> R,
    done: impl FnOnce(&R, &mut Done<'_>),
) -> R {
    let place = Location::caller();
    if !crate::is_explored() {
        used_by_other_thread(tag, place);
        return body();
    }
    let call = Call { tag, verb, argument, wanted, place };
    let explored = with_current(|context| context.call(call, body, |result, inner| done(result, &mut Done { inner })));
    explored.expect("asked above")
}

/// The virtual time since the start.
pub(crate) fn now() -> Option<Duration> {
    with_current(runtime::Context::now)
}

/// See [`crate::futex::wait`].
#[track_caller]
pub(crate) fn futex_wait(word: &AtomicU32, queue: Queue, expected: u32, deadline: Option<Instant>) -> Option<Wait> {
    wait_while(word.tag(), queue, || word.peek() == expected, deadline)
}

/// See [`crate::futex::wait_high`].
#[track_caller]
pub(crate) fn futex_wait_high(word: &AtomicU64, expected: u32, deadline: Option<Instant>) -> Option<Wait> {
    let unchanged = || word.peek() >> 32 == u64::from(expected);
    wait_while(word.tag(), Queue::First, unchanged, deadline)
}

/// Waits in this queue of the word, whose tag this is, while it is unchanged.
#[track_caller]
fn wait_while(word: &Tag, queue: Queue, unchanged: impl FnOnce() -> bool, deadline: Option<Instant>) -> Option<Wait> {
    let place = Location::caller();
    with_current(|context| {
        match context.futex_wait(word, queue == Queue::Second, unchanged, deadline.map(Instant::to_virtual), place) {
            runtime::Wait::Woken => Wait::Woken,
            runtime::Wait::TimedOut => Wait::TimedOut,
            runtime::Wait::Abandoned => Wait::Abandoned,
        }
    })
}

/// See [`crate::futex::wake`].
#[track_caller]
pub(crate) fn futex_wake(word: *const AtomicU32, queue: Queue, count: u32) -> Option<usize> {
    let place = Location::caller();
    with_current(|context| context.futex_wake(at(word, queue), count as usize, place))
}

/// See [`crate::futex::wake_high`].
#[track_caller]
pub(crate) fn futex_wake_high(word: *const AtomicU64, count: u32) -> Option<usize> {
    let place = Location::caller();
    with_current(|context| {
        context.futex_wake(QueueAt { tag: word.addr() + AtomicU64::TAG, second: false }, count as usize, place)
    })
}

/// See [`crate::futex::requeue`].
#[track_caller]
pub(crate) fn futex_requeue(
    from: *const AtomicU32,
    wake: u32,
    to: *const AtomicU32,
    requeue: u32,
) -> Option<(usize, usize)> {
    let place = Location::caller();
    let (from, to) = (at(from, Queue::First), at(to, Queue::First));
    with_current(|context| context.futex_requeue(from, wake as usize, to, requeue as usize, place))
}

/// What the explorer finds a queue by where the word may be gone.
fn at(word: *const AtomicU32, queue: Queue) -> QueueAt {
    QueueAt { tag: word.addr() + AtomicU32::TAG, second: queue == Queue::Second }
}

/// Starts an explored thread.
#[track_caller]
pub(crate) fn spawn(
    name: Option<String>,
    stack_size: Option<usize>,
    daemon: bool,
    body: Box<dyn FnOnce() + Send>,
) -> usize {
    let place = Location::caller();
    with_current(|context| context.spawn(name, stack_size, daemon, body, place)).expect("the caller is explored")
}

/// Waits for an explored thread to end, until the deadline at the latest: true if it has. True also for a caller who is
/// not explored: the execution is over, and with it the thread.
#[track_caller]
pub(crate) fn join(thread: usize, deadline: Option<Instant>) -> bool {
    let place = Location::caller();
    with_current(|context| context.join(thread, deadline.map(Instant::to_virtual), place)).unwrap_or(true)
}

/// Lets an explored thread unwind before the one that calls, if the execution is over.
pub(crate) fn see_out(thread: usize) {
    with_current(|context| context.see_out(thread));
}

/// Where an explored thread stands. Ended for a caller who is not explored, as in [`join`].
#[track_caller]
pub(crate) fn look_at(thread: usize, verb: &'static str, shown: impl FnOnce(Stage) -> String) -> Stage {
    let place = Location::caller();
    let stage = |stage| match stage {
        runtime::Stage::Ready => Stage::Ready,
        runtime::Stage::Running => Stage::Running,
        runtime::Stage::Blocked => Stage::Blocked,
        runtime::Stage::Ended => Stage::Ended,
    };
    with_current(|context| stage(context.look_at(thread, verb, place, |seen| shown(stage(seen)))))
        .unwrap_or(Stage::Ended)
}

/// The explored threads that live, each with its name and whether it is a daemon; `None` if the caller is not explored.
#[track_caller]
pub(crate) fn living(verb: &'static str) -> Option<Vec<(usize, Option<String>, bool)>> {
    let place = Location::caller();
    with_current(|context| context.living(verb, place))
}

/// The name of an explored thread, and whether it is a daemon.
pub(crate) fn known_as(thread: usize) -> Option<(Option<String>, bool)> {
    with_current(|context| context.known_as(thread))
}

/// What the seam keeps for the running explored thread; `None` if it is not explored.
pub(crate) fn kept(make: impl FnOnce() -> Rc<dyn Any>) -> Option<Rc<dyn Any>> {
    with_current(|context| context.kept(make))
}

/// What the seam keeps for the explored program by this address; `None` if the thread is not explored.
pub(crate) fn global(
    address: usize,
    make: impl FnOnce() -> Arc<dyn Any + Send + Sync>,
) -> Option<Arc<dyn Any + Send + Sync>> {
    with_current(|context| context.global(address, make))
}

/// Who is told of panics in this execution; `None` if the thread is not explored.
pub(crate) fn hook() -> Option<Option<runtime::Hook>> {
    with_current(runtime::Context::hook)
}

/// Changes that, and gives back who was told before.
#[track_caller]
pub(crate) fn set_hook(hook: Option<runtime::Hook>) -> Option<runtime::Hook> {
    let place = Location::caller();
    with_current(|context| context.set_hook(hook, place)).flatten()
}

/// The index of the running explored thread.
pub(crate) fn current_thread() -> Option<usize> {
    with_current(runtime::Context::thread_index)
}

/// The name of the running explored thread: `Some(None)` if it has none.
pub(crate) fn thread_name() -> Option<Option<String>> {
    with_current(runtime::Context::thread_name)
}

/// Notes the panic that ends the running thread.
pub(crate) fn note_panic(payload: &(dyn Any + Send)) {
    with_current(|context| runtime::note_panic(context, payload));
}

/// Notes that somebody knows how a thread ended.
pub(crate) fn panic_noted(thread: usize) {
    with_current(|context| context.panic_noted(thread));
}

/// Lets virtual time pass; false if the thread is not explored.
#[track_caller]
pub(crate) fn sleep(duration: Duration) -> bool {
    let place = Location::caller();
    with_current(|context| context.sleep(duration, place)).is_some()
}

/// Computes for so long in virtual time; false if the thread is not explored.
#[track_caller]
pub(crate) fn work(duration: Duration) -> bool {
    let place = Location::caller();
    with_current(|context| context.work(duration, place)).is_some()
}

/// A forbidden use of an object.
#[track_caller]
pub(crate) fn misuse(tag: &Tag, what: &str) {
    let place = Location::caller();
    with_current(|context| context.misuse(tag, what, place));
}

/// Lets others go first; false if the thread is not explored.
#[track_caller]
pub(crate) fn yield_now() -> bool {
    let place = Location::caller();
    with_current(|context| context.yield_now(place)).is_some()
}

/// Prints to the transcript; false if the thread is not explored.
#[track_caller]
pub(crate) fn print(text: fmt::Arguments<'_>) -> bool {
    let place = Location::caller();
    // Formatted first: a `Display` of the program may itself be explored.
    crate::is_explored() && {
        let text = text.to_string();
        with_current(|context| context.print(&text, place)).is_some()
    }
}

/// An observation.
#[track_caller]
pub(crate) fn probe(name: &'static str, value: i64) {
    let place = Location::caller();
    with_current(|context| context.probe(name, value, place));
}

/// Whether the execution of this thread is over; false if it is not explored.
pub(crate) fn is_torn_down() -> bool {
    with_current(runtime::Context::is_over).unwrap_or(false)
}

/// Names an object.
pub(crate) fn adopt(tag: &Tag, name: &'static str) {
    with_current(|context| context.adopt(tag, name));
}

/// The object has data that an earlier execution may have changed.
#[track_caller]
pub(crate) fn holds_data(tag: &Tag) {
    let place = Location::caller();
    with_current(|context| context.holds_data(tag, place));
}

/// An access to a `Shared`.
pub(crate) fn shared_access(tag: &Tag, write: bool, reset: impl FnOnce()) {
    with_current(|context| context.shared_access(tag, write, reset));
}

/// An access to a plain cell.
#[track_caller]
pub(crate) fn cell_access(tag: &Tag, write: bool) {
    let place = Location::caller();
    match with_current(|context| context.cell_access(tag, write, place)) {
        Some(()) => {}
        None => used_by_other_thread(tag, place),
    }
}
