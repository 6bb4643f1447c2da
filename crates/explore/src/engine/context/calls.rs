//! Calls of a primitive's public interface.

use std::fmt::Display;

use super::{Context, object_of};
use crate::engine::mutex::MutexGuard;
use crate::engine::ready::Wanted;
use crate::engine::state::{OpenCall, Pending, Place, State};
use crate::engine::tag::Tag;
use crate::explorer::Grain;
use crate::report::Effect;

/// A call that begins.
#[derive(Clone, Copy)]
pub struct Call<'call> {
    /// The object.
    pub tag: &'call Tag,
    /// What it is called.
    pub verb: &'static str,
    /// What it is given, if that says something.
    pub argument: Option<&'call dyn Display>,
    /// What it waits for.
    pub wanted: Option<Wanted<'call>>,
    /// The line of the program.
    pub place: Place,
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
    shows_waiters: bool,
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

    /// It may have shown that others wait.
    pub fn shows_waiters(&mut self) {
        self.shows_waiters = true;
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

/// Ends a call that unwinds.
struct Inside<'context>(&'context Context);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        drop(self.0.leave_call());
    }
}

impl Context {
    /// One call of a primitive's public interface.
    pub fn call<R>(&self, call: Call<'_>, body: impl FnOnce() -> R, done: impl FnOnce(&R, &mut Done)) -> R {
        let Call { tag, verb, argument, wanted, place } = call;
        let tracing = self.core.settings.tracing;
        // Formatted before the state is held: a `Display` may itself be explored.
        let argument = argument.and_then(|argument| self.words(|| argument.to_string()));
        let mut state = self.core.state.lock();
        let object = object_of(&mut state, tag);
        state.objects[object].shown = true;
        let is_step = self.is_step(self.depth.get() == 0, tag.kind());
        if is_step {
            let ready = wanted.filter(|_| state.stop.is_none()).map(|wanted| state.ready(wanted));
            let pending = Pending {
                object: Some(object),
                kind: tag.kind(),
                verb,
                argument: argument.clone(),
                place: Some(place),
                ready,
                ..Pending::default()
            };
            match self.core.turn_of(state, self.me, pending, None) {
                Some(again) => state = again,
                None => return body(),
            }
        }
        state.threads[self.me].calls.push(OpenCall { object, kind: tag.kind(), verb, argument, place });
        drop(state);
        self.depth.set(self.depth.get() + 1);
        let inside = Inside(self);
        let result = body();
        std::mem::forget(inside);
        let mut means = Done { tracing, ..Done::default() };
        done(&result, &mut means);
        self.finish_call(object, place, is_step, means);
        result
    }

    /// True if a call is a step: in coarse grain each that is not part of another, in fine grain an access to a `Shared`.
    #[inline]
    fn is_step(&self, outermost: bool, kind: &str) -> bool {
        match self.core.settings.grain {
            Grain::Coarse => outermost,
            Grain::Fine => kind == "shared",
        }
    }

    /// The innermost call is over.
    #[inline]
    fn leave_call(&self) -> MutexGuard<'_, State> {
        self.depth.set(self.depth.get() - 1);
        let mut state = self.core.state.lock();
        state.threads[self.me].calls.pop();
        state
    }

    /// Ends a call, and notes what it means.
    #[inline]
    fn finish_call(&self, object: usize, place: Place, is_step: bool, done: Done) {
        let mut state = self.leave_call();
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
        state.step().reveals |= done.shows_waiters;
        if self.depth.get() > 0 && !is_step {
            return;
        }
        let (effect, tracing) = (done.effect(), self.core.settings.tracing);
        let step = state.step();
        if is_step {
            if step.effect == Effect::Panics {
                return;
            }
            step.effect = effect;
            if tracing {
                (step.text().result, step.text().value) = (done.result, done.value);
            }
            step.place = acquired_at.or(step.place);
        } else if effect != Effect::Plain && step.effect == Effect::Plain {
            step.effect = effect;
        }
    }
}
