//! Accesses to memory: atomics, fences, shared variables and plain cells.

use std::fmt::Display;
use std::sync::atomic::Ordering;

use super::Context;
use crate::engine::core::Flow;
use crate::engine::state::{CellAccess, Pending, Place, State, Thread};
use crate::engine::tag::Tag;
use crate::explorer::Grain;
use crate::report::{Access, Effect, FailureKind};
use crate::schedule::Way;

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

impl AccessKind {
    fn order(self) -> Ordering {
        match self {
            Self::Load(order) | Self::Store(order) | Self::Update(order) => order,
        }
    }
}

/// The bits of an atomic before and after an access.
#[derive(Debug, Clone, Copy)]
pub struct Bits {
    /// Before.
    pub before: u64,
    /// After.
    pub after: u64,
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

impl Context {
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
        let mut state = self.core.state.lock();
        let object = self.object(&mut state, tag, reset);
        state.stands_at(object, std::ptr::from_ref(tag).addr());
        let mut begun = Begun { object, rare: false, place, live: true };
        if fine || self.depth.get() == 0 {
            let argument = argument.and_then(|argument| self.words(|| argument.to_string()));
            let pending = Pending {
                object: Some(object),
                kind: tag.kind(),
                verb,
                argument,
                place: Some(place),
                rare: rare && fine,
                ..Pending::default()
            };
            let Some(mut state) = self.core.turn_of(state, self.me, pending, None) else {
                begun.live = false;
                return begun;
            };
            state.objects[object].shown = true;
            begun.rare = rare && state.step().choice.way == Way::Rare && state.step().object == Some(object);
        }
        begun
    }

    /// Ends it: what it was, and the values that it saw and left, as bits and as text.
    pub fn end_access(&self, begun: Begun, kind: AccessKind, bits: Bits, shown: &dyn Display, after: &dyn Display) {
        if !begun.live {
            return;
        }
        let mut state = self.core.state.lock();
        if state.stop.is_some() || state.steps.is_empty() {
            return;
        }
        let write = !matches!(kind, AccessKind::Load(_));
        state.objects[begun.object].value = Some(bits.before);
        let changed = bits.before != bits.after;
        state.touch_word(begun.object, write, changed);
        state.objects[begun.object].value = Some(bits.after);
        order_access(&mut state, self.me, begun.object, kind);
        // In coarse grain a call that looks at its word more than once is no loop of the program.
        let apart = self.depth.get() == 0 || self.core.settings.grain == Grain::Fine;
        if apart && !changed && !matches!(kind, AccessKind::Store(_)) {
            self.note_attempt(&mut state, begun.place, begun.object, Some(bits.before));
        }
        if self.depth.get() == 0 || self.core.settings.grain == Grain::Fine {
            let tracing = self.core.settings.tracing;
            let step = state.step();
            step.effect = if write { Effect::Writes } else { Effect::Reads };
            if tracing {
                step.text().order = Some(kind.order());
                step.text().value = Some(after.to_string());
                if !matches!(kind, AccessKind::Store(_)) {
                    step.text().result = Some(shown.to_string());
                }
            }
        }
    }

    /// An access to a `Shared`, inside its call: ordered as by acquire and release.
    pub fn shared_access(&self, tag: &Tag, write: bool, reset: impl FnOnce()) {
        let mut state = self.core.state.lock();
        let object = self.object(&mut state, tag, reset);
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
        let mut state = self.core.state.lock();
        let object = self.object(&mut state, tag, || {});
        if state.stop.is_some() || state.steps.is_empty() {
            return;
        }
        let step = state.step_index();
        let Thread { clock, fresh, .. } = &state.threads[self.me];
        let access = CellAccess { thread: self.me, at: clock.of(self.me), place, step, early: *fresh };
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
}

/// What an access makes visible, and publishes (C++20 [intro.races], without stale reads).
#[inline]
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

#[inline]
fn acquires(order: Ordering) -> bool {
    matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

#[inline]
fn releases(order: Ordering) -> bool {
    matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}

fn report_access(access: CellAccess, write: bool) -> Access {
    Access {
        thread: access.thread,
        write,
        location: Some(access.place.into()),
        step: Some(access.step),
        early: access.early,
    }
}
