//! What a thread of an explored program does: each of its operations, as the seam asks for it.

mod calls;
mod memory;
mod threads;
mod waiting;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

pub use self::calls::{Call, Done};
pub use self::memory::{AccessKind, Begun, Bits};
use super::core::{Core, Flow};
use super::state::{Attempt, Object, Panicked, Pending, Place, State, Yielded, builtin};
use super::tag::Tag;
use crate::report::{Effect, FailureKind, Location, Printed};

/// After how many same attempts in a row a thread counts as spinning.
const SAME_ATTEMPTS: u32 = 2;

/// How many attempts a thread remembers: more than a loop of a learner's program has.
pub(crate) const ATTEMPTS_KEPT: usize = 16;

/// The thread that runs, and the execution it belongs to.
pub struct Context {
    pub(crate) core: Arc<Core>,
    pub(crate) me: usize,
    /// How many calls it is inside of.
    depth: Cell<u32>,
    /// What the seam keeps for this thread alone.
    kept: RefCell<Option<Rc<dyn Any>>>,
}

/// How often what the seam keeps is dropped, if destructors bring it back.
const DROP_ROUNDS: usize = 4;

impl Context {
    pub(crate) fn new(core: Arc<Core>, me: usize) -> Self {
        Self { core, me, depth: Cell::new(0), kept: RefCell::new(None) }
    }

    /// What the seam keeps for the running thread; made at first use, dropped by the thread when it ends.
    pub fn kept(&self, make: impl FnOnce() -> Rc<dyn Any>) -> Rc<dyn Any> {
        Rc::clone(self.kept.borrow_mut().get_or_insert_with(make))
    }

    /// What the seam keeps for the whole program by this address; made at first use, and gone with the execution. It is
    /// not a step: whoever shares what is in it takes steps for that.
    pub fn global(
        &self,
        address: usize,
        make: impl FnOnce() -> Arc<dyn Any + Send + Sync>,
    ) -> Arc<dyn Any + Send + Sync> {
        let known = |state: &State| {
            let found = state.globals.iter().find(|(other, _)| *other == address);
            found.map(|(_, value)| Arc::clone(value))
        };
        if let Some(value) = known(&self.core.state.lock()) {
            return value;
        }
        // Made while the state is free, as making it may ask for things; nobody else runs meanwhile.
        let value = make();
        self.core.state.lock().globals.push((address, Arc::clone(&value)));
        value
    }

    /// What only a reader needs.
    fn words(&self, text: impl FnOnce() -> String) -> Option<Box<str>> {
        self.core.settings.tracing.then(|| text().into_boxed_str())
    }

    /// Drops it.
    pub(crate) fn drop_kept(&self) {
        for _ in 0..DROP_ROUNDS {
            let Some(kept) = self.kept.take() else { return };
            drop(kept);
        }
    }

    /// Prints to the transcript.
    pub fn print(&self, text: &str, place: Place) {
        let argument = self.words(|| format!("{:?}", text.trim_end_matches('\n')));
        if self.builtin_step(builtin::TRANSCRIPT, "print", argument, place) == Flow::Torn {
            return;
        }
        let mut state = self.core.state.lock();
        let mut line = std::mem::take(&mut state.threads[self.me].line);
        for piece in text.split_inclusive('\n') {
            line.push_str(piece);
            if line.ends_with('\n') {
                line.pop();
                state.printed.push(Printed { thread: self.me, line: std::mem::take(&mut line) });
            }
        }
        state.threads[self.me].line = line;
    }

    /// An observation.
    pub fn probe(&self, name: &'static str, value: i64, place: Place) {
        let argument = self.words(|| format!("{name} = {value}"));
        if self.builtin_step(builtin::PROBES, "probe", argument, place) == Flow::Torn {
            return;
        }
        let probe = crate::execution::Probe { thread: self.me, name, value };
        self.core.state.lock().probes.push(probe);
    }

    /// A step on an object that every execution has.
    fn builtin_step(&self, object: usize, verb: &'static str, argument: Option<Box<str>>, place: Place) -> Flow {
        if self.depth.get() == 0 {
            let kind = builtin::KINDS[object];
            let pending =
                Pending { object: Some(object), kind, verb, argument, place: Some(place), ..Pending::default() };
            if self.core.turn(self.me, pending, None) == Flow::Torn {
                return Flow::Torn;
            }
        }
        let mut state = self.core.state.lock();
        if state.stop.is_some() || state.steps.is_empty() {
            return Flow::Torn;
        }
        state.touch(object, true);
        Flow::Go
    }

    /// Names an object that has no name of its own.
    pub fn adopt(&self, tag: &Tag, name: &'static str) {
        let mut state = self.core.state.lock();
        let object = object_of(&mut state, tag);
        state.objects[object].name.get_or_insert(name);
    }

    /// An object with data of its own must belong to this execution.
    pub fn holds_data(&self, tag: &Tag, place: Place) {
        let outlived = {
            let mut state = self.core.state.lock();
            let object = object_of(&mut state, tag);
            state.stop.is_none() && state.objects[object].outlived
        };
        if !outlived {
            return;
        }
        let kind = tag.kind();
        let what = match tag.name() {
            Some(name) => format!("the {kind} `{name}` with what an earlier run of the program left in it"),
            None => format!("a {kind} with what an earlier run of the program left in it"),
        };
        let instead = format!(
            "make the {kind} inside the program, so that each run begins anew: in `main`, shared by `Arc` or a scope \
             instead of a `static`"
        );
        self.core.fail(FailureKind::Foreign { what, instead, location: Some(place.into()) });
    }

    /// The running thread uses an object in a way that is forbidden.
    pub fn misuse(&self, tag: &Tag, what: &str, place: Place) {
        let place = {
            let mut state = self.core.state.lock();
            if state.stop.is_some() {
                return;
            }
            let object = object_of(&mut state, tag);
            state.objects[object].shown = true;
            // The line of the program, not that of the primitive.
            state.threads[self.me].calls.first().map_or(place, |call| call.place)
        };
        let what = match tag.name() {
            Some(name) => format!("`{name}` {what}"),
            None => format!("a {} {what}", tag.kind()),
        };
        self.core.fail(FailureKind::Misuse { thread: self.me, what, location: Some(place.into()) });
    }

    /// The running thread is about to end by a panic.
    pub fn note_panic(&self, message: &str, location: Option<Location>) {
        let mut state = self.core.state.lock();
        if state.stop.is_some() {
            return;
        }
        state.panics += 1;
        let order = state.panics;
        if let Some(step) = state.steps.last_mut() {
            step.effect = Effect::Panics;
        }
        state.threads[self.me].panicked = Some(Panicked { message: message.to_owned(), location, order });
    }

    /// Somebody took note of how a thread ended.
    pub fn panic_noted(&self, thread: usize) {
        if let Some(thread) = self.core.state.lock().threads.get_mut(thread) {
            thread.observed = true;
        }
    }

    /// True if the execution is over, and what still runs are destructors.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.core.state.lock().stop.is_some()
    }

    /// The name of the running thread.
    pub fn thread_name(&self) -> Option<String> {
        self.core.state.lock().threads[self.me].name.clone()
    }

    /// Its index: 0 is main.
    #[must_use]
    pub fn thread_index(&self) -> usize {
        self.me
    }

    /// The index of an object; at its first use in this execution its initial value is restored.
    #[inline]
    fn object(&self, state: &mut State, tag: &Tag, reset: impl FnOnce()) -> usize {
        let object = object_of(state, tag);
        if state.objects[object].part_of.is_none() {
            let inside = state.threads[self.me].calls.first().map(|call| call.object);
            state.objects[object].part_of = inside.filter(|&owner| owner != object);
        }
        if std::mem::take(&mut state.objects[object].to_restore) {
            reset();
        }
        object
    }

    /// Notices a loop: the same attempt, at the same line, with the same result, while nobody changed anything. Such a
    /// thread lets others go first until somebody does; a proof looks whether the loop ends by itself.
    fn note_attempt(&self, state: &mut State, place: Place, object: usize, seen: Option<u64>) {
        let refused = seen.is_none();
        let writes = state.writes;
        let thread = &mut state.threads[self.me];
        let attempt = Attempt {
            place: std::ptr::from_ref(place) as usize,
            object,
            seen,
            others_writes: writes - thread.own_writes,
            own_writes: thread.own_writes,
            times: 0,
        };
        let same =
            |earlier: &&mut Attempt| earlier.place == attempt.place && earlier.object == object && earlier.seen == seen;
        if let Some(earlier) = thread.attempts.iter_mut().find(same) {
            // A refused call that comes back is a loop, whatever else it does; a read only if nothing changed.
            let unchanged =
                refused || earlier.others_writes == attempt.others_writes && earlier.own_writes == attempt.own_writes;
            let times = if unchanged { earlier.times + 1 } else { 0 };
            *earlier = Attempt { times, ..attempt };
            if times >= SAME_ATTEMPTS {
                thread.yielded = Some(Yielded::Write(attempt.others_writes));
            }
            return;
        }
        if thread.attempts.len() == ATTEMPTS_KEPT {
            thread.attempts.remove(0);
        }
        thread.attempts.push(attempt);
    }
}

/// The index of an object in this execution.
#[inline]
pub(super) fn object_of(state: &mut State, tag: &Tag) -> usize {
    if let Some(index) = tag.index_in(state.epoch) {
        return index;
    }
    let index = state.objects.len();
    let mut object = Object::new(tag.kind(), tag.name());
    object.outlived = tag.epoch().is_some();
    object.to_restore = object.outlived;
    state.objects.push(object);
    tag.assign(state.epoch, index);
    index
}
