//! What a thread of an explored program does: each of its operations, as the seam asks for it.

use std::cell::Cell;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::clock::VectorClock;
use super::core::{Core, Flow, torn};
use super::state::{
    Attempt, Blocked, BlockedOn, CellAccess, Object, OpenCall, Panicked, Pending, Place, State, Wait, Yielded, builtin,
};
use super::tag::Tag;
use crate::explorer::Grain;
use crate::report::{Access, Effect, FailureKind, Location, Printed};
use crate::schedule::{Way, letter};

/// After how many same attempts in a row a thread counts as spinning.
const SAME_ATTEMPTS: u32 = 2;

/// How many attempts a thread remembers: more than a loop of a learner's program has.
const ATTEMPTS_KEPT: usize = 16;

/// The thread that runs, and the execution it belongs to.
pub struct Context {
    pub(crate) core: Arc<Core>,
    pub(crate) me: usize,
    /// How many calls it is inside of.
    depth: Cell<u32>,
}

/// What an access to an atomic was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessKind {
    /// A load, or a compare-exchange that failed.
    Load(Ordering),
    /// A store.
    Store(Ordering),
    /// A read-modify-write.
    Update(Ordering),
}

/// An access to an atomic that has begun.
#[derive(Debug, Clone, Copy)]
pub struct Begun {
    /// The object.
    object: usize,
    /// It is to take its rarer way: fail although it could succeed.
    pub rare: bool,
    place: Place,
    /// False if the execution is over: nothing is recorded any more.
    live: bool,
}

/// What a finished call means; see the methods.
#[derive(Debug, Default)]
pub struct Done {
    tracing: bool,
    acquired: bool,
    released: bool,
    refused: bool,
    wrote: bool,
    read: bool,
    result: Option<String>,
    value: Option<String>,
}

impl Done {
    /// The calling thread holds the object, once more.
    pub fn acquired(&mut self) {
        self.acquired = true;
    }

    /// The calling thread holds it once less.
    pub fn released(&mut self) {
        self.released = true;
    }

    /// It was refused what it asked for.
    pub fn refused(&mut self) {
        self.refused = true;
    }

    /// It wrote the object.
    pub fn wrote(&mut self) {
        self.wrote = true;
    }

    /// It read the object.
    pub fn read(&mut self) {
        self.read = true;
    }

    /// What it returned.
    pub fn result(&mut self, result: &dyn Display) {
        if self.tracing {
            self.result = Some(result.to_string());
        }
    }

    /// The state of the object afterwards.
    pub fn value(&mut self, value: &dyn Display) {
        if self.tracing {
            self.value = Some(value.to_string());
        }
    }

    fn effect(&self) -> Effect {
        if self.refused {
            Effect::Refused
        } else if self.acquired {
            Effect::Acquires
        } else if self.released {
            Effect::Releases
        } else if self.wrote {
            Effect::Writes
        } else if self.read {
            Effect::Reads
        } else {
            Effect::Plain
        }
    }
}

/// Ends a call, also when it unwinds.
struct Inside<'context>(&'context Context);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.depth.set(self.0.depth.get() - 1);
        self.0.core.state.lock().threads[self.0.me].calls.pop();
    }
}

impl Context {
    pub(crate) fn new(core: Arc<Core>, me: usize) -> Self {
        Self { core, me, depth: Cell::new(0) }
    }

    /// One call of a primitive's public interface.
    pub fn call<R>(
        &self,
        tag: &Tag,
        verb: &'static str,
        argument: Option<&dyn Display>,
        place: Place,
        body: impl FnOnce() -> R,
        done: impl FnOnce(&R, &mut Done),
    ) -> R {
        let tracing = self.core.settings.tracing;
        let argument = argument.filter(|_| tracing).map(ToString::to_string);
        let object = {
            let mut state = self.core.state.lock();
            let object = object_of(&mut state, tag);
            state.objects[object].shown = true;
            object
        };
        let outermost = self.depth.get() == 0;
        if outermost && self.core.settings.grain == Grain::Coarse {
            let pending = Pending {
                object: Some(object),
                kind: tag.kind(),
                verb,
                argument: argument.clone(),
                place: Some(place),
                rare: false,
            };
            if self.core.turn(self.me, pending, None) == Flow::Torn {
                return body();
            }
        }
        let open = OpenCall { object, kind: tag.kind(), verb, argument, place };
        self.core.state.lock().threads[self.me].calls.push(open);
        self.depth.set(self.depth.get() + 1);
        let inside = Inside(self);
        let result = body();
        drop(inside);
        let mut means = Done { tracing, ..Done::default() };
        done(&result, &mut means);
        self.finish_call(object, place, outermost, means);
        result
    }

    /// Notes what a finished call means.
    fn finish_call(&self, object: usize, place: Place, outermost: bool, done: Done) {
        let mut state = self.core.state.lock();
        if state.stop.is_some() || state.steps.is_empty() {
            return;
        }
        if done.acquired {
            state.objects[object].holders.push((self.me, place));
        }
        let mut acquired_at = None;
        if done.released {
            let holders = &mut state.objects[object].holders;
            if let Some(mine) = holders.iter().rposition(|&(thread, _)| thread == self.me) {
                acquired_at = Some(holders.remove(mine).1);
            } else if !holders.is_empty() {
                holders.remove(0);
            }
        }
        if done.refused {
            self.note_attempt(&mut state, place, object, None);
        }
        if !outermost || self.core.settings.grain == Grain::Fine && state.step().kind == "cell" {
            return;
        }
        let effect = done.effect();
        let coarse = self.core.settings.grain == Grain::Coarse;
        let step = state.step();
        if coarse && step.effect != Effect::Panics {
            step.effect = effect;
            step.result = done.result;
            step.value = done.value;
            step.place = acquired_at.or(step.place);
        } else if effect != Effect::Plain && step.effect == Effect::Plain {
            step.effect = effect;
        }
    }

    /// Begins an access to an atomic: outside a call, or in fine grain, it is a step.
    pub fn begin_access(
        &self,
        tag: &Tag,
        verb: &'static str,
        argument: Option<&dyn Display>,
        place: Place,
        rare: bool,
        reset: impl FnOnce(),
    ) -> Begun {
        let fine = self.core.settings.grain == Grain::Fine;
        let object = self.object(tag, reset);
        let mut begun = Begun { object, rare: false, place, live: true };
        if fine || self.depth.get() == 0 {
            let argument = argument.filter(|_| self.core.settings.tracing).map(ToString::to_string);
            let pending = Pending {
                object: Some(object),
                kind: tag.kind(),
                verb,
                argument,
                place: Some(place),
                rare: rare && fine,
            };
            if self.core.turn(self.me, pending, None) == Flow::Torn {
                begun.live = false;
                return begun;
            }
            let mut state = self.core.state.lock();
            state.objects[object].shown = true;
            begun.rare = rare && state.step().choice.way == Way::Rare && state.step().object == Some(object);
        }
        begun
    }

    /// Ends it: what it was, and what it saw.
    pub fn end_access(&self, begun: Begun, kind: AccessKind, seen: u64, after: &dyn Display) {
        if !begun.live {
            return;
        }
        let mut state = self.core.state.lock();
        if state.stop.is_some() || state.steps.is_empty() {
            return;
        }
        let write = !matches!(kind, AccessKind::Load(_));
        state.touch(begun.object, write);
        order_access(&mut state, self.me, begun.object, kind);
        if matches!(kind, AccessKind::Load(_)) {
            self.note_attempt(&mut state, begun.place, begun.object, Some(seen));
        }
        if self.depth.get() == 0 || self.core.settings.grain == Grain::Fine {
            let tracing = self.core.settings.tracing;
            let step = state.step();
            step.effect = if write { Effect::Writes } else { Effect::Reads };
            if tracing {
                step.value = Some(after.to_string());
                if !matches!(kind, AccessKind::Store(_)) {
                    step.result = Some(seen.to_string());
                }
            }
        }
    }

    /// An access to a `Shared`, inside its call: ordered as by acquire and release.
    pub fn shared_access(&self, tag: &Tag, write: bool, reset: impl FnOnce()) {
        let object = self.object(tag, reset);
        let mut state = self.core.state.lock();
        if state.stop.is_some() || state.steps.is_empty() {
            return;
        }
        state.touch(object, write);
        let kind = if write { AccessKind::Update(Ordering::AcqRel) } else { AccessKind::Load(Ordering::Acquire) };
        order_access(&mut state, self.me, object, kind);
        let reader = state.threads[self.me].calls.last().filter(|_| !write);
        if let Some(place) = reader.map(|call| call.place) {
            // The value is not looked at: unchanged since the last read means that nobody wrote in between.
            self.note_attempt(&mut state, place, object, Some(0));
        }
    }

    /// A memory fence.
    pub fn fence(&self, order: Ordering, place: Place) {
        if self.core.settings.grain == Grain::Fine || self.depth.get() == 0 {
            let pending = Pending { kind: "fence", verb: "fence", place: Some(place), ..Pending::default() };
            if self.core.turn(self.me, pending, None) == Flow::Torn {
                return;
            }
        }
        let mut state = self.core.state.lock();
        let thread = &mut state.threads[self.me];
        if acquires(order) {
            let read = std::mem::take(&mut thread.read_relaxed);
            thread.clock.join(&read);
        }
        if releases(order) {
            thread.release_fence = Some(thread.clock.clone());
            thread.clock.tick(self.me);
        }
    }

    /// An access to a plain cell: not a step, but checked against all that is not ordered with it.
    pub fn cell_access(&self, tag: &Tag, write: bool, place: Place) {
        self.holds_data(tag, place);
        let object = self.object(tag, || {});
        let mut state = self.core.state.lock();
        if state.stop.is_some() || state.steps.is_empty() {
            return;
        }
        let step = state.step_index();
        let clock = &state.threads[self.me].clock;
        let access = CellAccess { thread: self.me, at: clock.of(self.me), place, step };
        let accesses = &state.objects[object].cell;
        let races = |earlier: &&CellAccess| clock.of(earlier.thread) < earlier.at;
        let with_write = accesses.write.as_ref().filter(races).map(|earlier| (*earlier, true));
        let with_read = || accesses.reads.iter().find(races).map(|earlier| (*earlier, false));
        let race = with_write.or_else(|| if write { with_read() } else { None });
        let accesses = &mut state.objects[object].cell;
        if write {
            accesses.reads.clear();
            accesses.write = Some(access);
        } else {
            accesses.reads.retain(|earlier| earlier.thread != self.me);
            accesses.reads.push(access);
        }
        if let Some((earlier, earlier_write)) = race {
            state.objects[object].shown = true;
            drop(state);
            self.core.fail(FailureKind::DataRace {
                object,
                first: report_access(earlier, earlier_write),
                second: report_access(access, write),
            });
        }
    }

    /// Sleeps at a futex while `unchanged` says that the word, whose tag this is, has the expected value.
    pub fn futex_wait(
        &self,
        word: &Tag,
        address: usize,
        unchanged: impl FnOnce() -> bool,
        deadline: Option<Duration>,
        place: Place,
    ) -> Wait {
        let fine = self.core.settings.grain == Grain::Fine;
        let object = self.futex_object(address);
        let pending = || Pending {
            object: Some(object),
            kind: "futex",
            verb: "futex_wait",
            place: Some(place),
            ..Pending::default()
        };
        if (fine || self.depth.get() == 0) && self.core.turn(self.me, pending(), None) == Flow::Torn {
            return Wait::Abandoned;
        }
        let mut state = self.core.state.lock();
        if state.stop.is_some() {
            drop(state);
            torn();
            return Wait::Abandoned;
        }
        let word = object_of(&mut state, word);
        state.step().touch(word, false);
        state.step().touch(object, true);
        if !unchanged() {
            return Wait::Woken;
        }
        if deadline.is_some_and(|deadline| deadline <= state.now) {
            return Wait::TimedOut;
        }
        state.step().effect = Effect::Blocks;
        state.futexes.entry(address).or_default().push(self.me);
        let resumes = match state.threads[self.me].calls.first().filter(|_| !fine) {
            Some(call) => Pending {
                object: Some(call.object),
                kind: call.kind,
                verb: call.verb,
                argument: call.argument.clone(),
                place: Some(call.place),
                rare: false,
            },
            None => pending(),
        };
        drop(state);
        let blocked = Blocked { on: BlockedOn::Futex(address), deadline };
        if self.core.turn(self.me, resumes, Some(blocked)) == Flow::Torn {
            return Wait::Abandoned;
        }
        let mut state = self.core.state.lock();
        state.step().touch(object, true);
        state.threads[self.me].woken_by.take().unwrap_or(Wait::Woken)
    }

    /// Wakes up to `count` of those that wait there, in the order of their arrival.
    pub fn futex_wake(&self, address: usize, count: usize, place: Place) -> usize {
        let object = self.futex_object(address);
        if !self.futex_step("futex_wake", object, place) {
            return 0;
        }
        let mut state = self.core.state.lock();
        let queue = state.futexes.entry(address).or_default();
        let woken: Vec<usize> = queue.drain(..count.min(queue.len())).collect();
        wake_all(&mut state, &woken);
        woken.len()
    }

    /// Wakes up to `wake` of those that wait at `from`, and moves up to `requeue` others to `to`.
    pub fn futex_requeue(&self, from: usize, wake: usize, to: usize, requeue: usize, place: Place) -> (usize, usize) {
        let (object, target) = (self.futex_object(from), self.futex_object(to));
        if !self.futex_step("futex_requeue", object, place) {
            return (0, 0);
        }
        let mut state = self.core.state.lock();
        state.step().touch(target, true);
        let queue = state.futexes.entry(from).or_default();
        let woken: Vec<usize> = queue.drain(..wake.min(queue.len())).collect();
        let moved: Vec<usize> = queue.drain(..requeue.min(queue.len())).collect();
        for &waiter in &moved {
            if let super::state::Status::Blocked(blocked) = &mut state.threads[waiter].status {
                blocked.on = BlockedOn::Futex(to);
            }
        }
        wake_all(&mut state, &woken);
        state.futexes.entry(to).or_default().extend(&moved);
        (woken.len(), moved.len())
    }

    /// The part that waking and requeueing share: a step in fine grain. False if the execution is over.
    fn futex_step(&self, verb: &'static str, object: usize, place: Place) -> bool {
        if self.core.settings.grain == Grain::Fine || self.depth.get() == 0 {
            let pending =
                Pending { object: Some(object), kind: "futex", verb, place: Some(place), ..Pending::default() };
            if self.core.turn(self.me, pending, None) == Flow::Torn {
                return false;
            }
        }
        let mut state = self.core.state.lock();
        if state.stop.is_some() || state.steps.is_empty() {
            return false;
        }
        state.touch(object, true);
        true
    }

    /// Starts a thread; the starter keeps the turn.
    pub fn spawn(
        &self,
        name: Option<String>,
        stack_size: Option<usize>,
        body: Box<dyn FnOnce() + Send>,
        place: Place,
    ) -> usize {
        if self.core.state.lock().stop.is_some() {
            torn();
            drop(body);
            return usize::MAX;
        }
        let index = self.core.add_thread(name, Some((self.me, place)));
        {
            let mut state = self.core.state.lock();
            state.threads[self.me].clock.tick(self.me);
            state.step().spawns.push(index);
        }
        let core = Arc::clone(&self.core);
        self.core.carrier.prepare(stack_size, Box::new(move || super::run_thread(&core, index, body)));
        index
    }

    /// Waits for a thread to end.
    pub fn join(&self, thread: usize, place: Place) {
        let state = self.core.state.lock();
        if state.stop.is_some() || thread >= state.threads.len() {
            drop(state);
            torn();
            return;
        }
        let ended = state.threads[thread].status == super::state::Status::Ended;
        let object = state.threads[thread].object;
        drop(state);
        let pending = Pending {
            kind: "thread",
            verb: "join",
            argument: Some(letter(thread)),
            place: Some(place),
            ..Pending::default()
        };
        let block = (!ended).then_some(Blocked { on: BlockedOn::Thread(thread), deadline: None });
        if self.core.turn(self.me, pending, block) == Flow::Torn {
            return;
        }
        let mut state = self.core.state.lock();
        let Some(end) = state.threads[thread].end_clock.clone() else { return };
        state.threads[self.me].clock.join(&end);
        state.step().touch(object, false);
        state.step().joins = Some(thread);
    }

    /// Lets virtual time pass.
    pub fn sleep(&self, duration: Duration, place: Place) {
        let deadline = self.now().checked_add(duration);
        let argument = self.core.settings.tracing.then(|| format!("{duration:?}"));
        let pending = Pending { kind: "thread", verb: "sleep", argument, place: Some(place), ..Pending::default() };
        // The result does not matter: either way there is nothing more to do.
        let _ = self.core.turn(self.me, pending, Some(Blocked { on: BlockedOn::Sleep, deadline }));
    }

    /// The time since the start of the execution.
    pub fn now(&self) -> Duration {
        let mut state = self.core.state.lock();
        if !state.steps.is_empty() {
            state.step().touch(builtin::CLOCK, false);
        }
        state.now
    }

    /// Lets others go first.
    pub fn yield_now(&self, place: Place) {
        if self.depth.get() == 0 || self.core.settings.grain == Grain::Fine {
            let pending = Pending { kind: "thread", verb: "yield_now", place: Some(place), ..Pending::default() };
            if self.core.turn(self.me, pending, None) == Flow::Torn {
                return;
            }
        }
        self.core.state.lock().threads[self.me].yielded = Some(Yielded::Step);
    }

    /// Prints to the transcript.
    pub fn print(&self, text: &str, place: Place) {
        let argument = self.core.settings.tracing.then(|| format!("{:?}", text.trim_end_matches('\n')));
        if self.builtin_step(builtin::TRANSCRIPT, "print", argument, place) == Flow::Torn {
            return;
        }
        let mut state = self.core.state.lock();
        let mut line = state.line_buffers.remove(&self.me).unwrap_or_default();
        for piece in text.split_inclusive('\n') {
            line.push_str(piece);
            if line.ends_with('\n') {
                line.pop();
                state.printed.push(Printed { thread: self.me, line: std::mem::take(&mut line) });
            }
        }
        if !line.is_empty() {
            state.line_buffers.insert(self.me, line);
        }
    }

    /// An observation.
    pub fn probe(&self, name: &'static str, value: i64, place: Place) {
        let argument = self.core.settings.tracing.then(|| format!("{name} = {value}"));
        if self.builtin_step(builtin::PROBES, "probe", argument, place) == Flow::Torn {
            return;
        }
        let probe = crate::execution::Probe { thread: self.me, name, value };
        self.core.state.lock().probes.push(probe);
    }

    /// A step on an object that every execution has.
    fn builtin_step(&self, object: usize, verb: &'static str, argument: Option<String>, place: Place) -> Flow {
        if self.depth.get() == 0 {
            let kind = builtin::KINDS[object];
            let pending = Pending { object: Some(object), kind, verb, argument, place: Some(place), rare: false };
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
    fn object(&self, tag: &Tag, reset: impl FnOnce()) -> usize {
        let mut state = self.core.state.lock();
        let object = object_of(&mut state, tag);
        if state.objects[object].part_of.is_none() {
            let inside = state.threads[self.me].calls.first().map(|call| call.object);
            state.objects[object].part_of = inside.filter(|&owner| owner != object);
        }
        if std::mem::take(&mut state.objects[object].to_restore) {
            reset();
        }
        object
    }

    /// The object that stands for the queue at this address.
    fn futex_object(&self, address: usize) -> usize {
        let mut state = self.core.state.lock();
        if let Some(&object) = state.futex_objects.get(&address) {
            return object;
        }
        let object = state.objects.len();
        state.objects.push(Object::new("futex", None));
        state.objects[object].part_of = state.threads[self.me].calls.first().map(|call| call.object);
        state.futex_objects.insert(address, object);
        object
    }

    /// Notices a loop: the same attempt, at the same line, with the same result, while nobody else wrote anything.
    /// Such a thread waits for a write; a proof takes it that it does nothing else meanwhile.
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
                if refused {
                    state.cut.get_or_insert("a loop that tries again without waiting was not run for ever");
                }
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
fn object_of(state: &mut State, tag: &Tag) -> usize {
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

/// What an access makes visible, and publishes (C++20 [intro.races], without stale reads).
fn order_access(state: &mut State, me: usize, object: usize, kind: AccessKind) {
    let State { threads, objects, .. } = state;
    let (thread, sync) = (&mut threads[me], &mut objects[object].sync);
    if let AccessKind::Load(order) | AccessKind::Update(order) = kind {
        if acquires(order) {
            thread.clock.join(sync);
        } else {
            thread.read_relaxed.join(sync);
        }
    }
    let (order, keeps) = match kind {
        AccessKind::Load(_) => return,
        // A store ends the release sequence of what it replaces; an update continues it.
        AccessKind::Store(order) => (order, false),
        AccessKind::Update(order) => (order, true),
    };
    if !keeps {
        sync.clear();
    }
    if releases(order) {
        sync.join(&thread.clock);
        // What follows is later than what was published.
        thread.clock.tick(me);
    } else if let Some(fence) = &thread.release_fence {
        sync.join(fence);
    }
}

fn acquires(order: Ordering) -> bool {
    matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(order: Ordering) -> bool {
    matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}

/// These threads can run again, as of the step that is being taken.
fn wake_all(state: &mut State, woken: &[usize]) {
    for &waiter in woken {
        let thread = &mut state.threads[waiter];
        thread.status = super::state::Status::Runnable;
        thread.woken_by = Some(Wait::Woken);
        state.step().enables.push(waiter);
    }
}

fn report_access(access: CellAccess, write: bool) -> Access {
    Access { thread: access.thread, write, location: Some(access.place.into()), step: Some(access.step) }
}

impl Object {
    pub(crate) fn new(kind: &'static str, name: Option<&'static str>) -> Self {
        Self {
            kind,
            name,
            sync: VectorClock::default(),
            holders: Vec::new(),
            cell: super::state::CellAccesses::default(),
            shown: false,
            part_of: None,
            outlived: false,
            to_restore: false,
        }
    }
}
