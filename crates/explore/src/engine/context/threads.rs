//! Threads: starting them, waiting for their end, and looking at where they stand.

use std::sync::Arc;
use std::time::Duration;

use super::Context;
use crate::engine::carrier::Next;
use crate::engine::core::{Flow, torn};
use crate::engine::life::{LATE_LOOKS, Look, Stage, uncertain};
use crate::engine::mutex::MutexGuard;
use crate::engine::run_thread;
use crate::engine::state::{Blocked, BlockedOn, Hook, Pending, Place, State, Status, Thread, Wait, builtin};
use crate::explorer::ClockPolicy;
use crate::report::Effect;
use crate::schedule::{Way, letter};

impl Context {
    /// Starts a thread; the starter keeps the turn.
    pub fn spawn(
        &self,
        name: Option<String>,
        stack_size: Option<usize>,
        daemon: bool,
        body: Box<dyn FnOnce() + Send>,
        place: Place,
    ) -> usize {
        if self.core.state.lock().stop.is_some() {
            torn();
            drop(body);
            return usize::MAX;
        }
        let index = self.core.add_thread(name, Some((self.me, place)), daemon);
        {
            let mut state = self.core.state.lock();
            state.threads[self.me].clock.tick(self.me);
            // For who looks at all threads there are: it has looked at the starter.
            let life = state.threads[self.me].life;
            state.step().touch(life, true);
            state.step().spawns.push(index);
        }
        let core = Arc::clone(&self.core);
        self.core.carrier.prepare(stack_size, Box::new(move || run_thread(&core, index, body)));
        index
    }

    /// Waits for a thread to end, until `deadline` at the latest: true if it has ended.
    pub fn join(&self, thread: usize, deadline: Option<Duration>, place: Place) -> bool {
        let state = self.core.state.lock();
        if state.stop.is_some() || thread >= state.threads.len() {
            drop(state);
            torn();
            return true;
        }
        let Thread { status, object, looks, .. } = &state.threads[thread];
        let (ended, object) = (*status == Status::Ended, *object);
        // It may have come to its last step just now, and to its end only after the deadline.
        let late = ended && !looks.seen_ended && self.core.settings.clock == ClockPolicy::Anywhere;
        let past = deadline.is_some_and(|deadline| deadline <= state.now);
        drop(state);
        if past {
            return self.look_at(thread, "join", place, |_| String::new()) == Stage::Ended;
        }
        let pending = Pending {
            kind: "thread",
            verb: "join",
            argument: self.words(|| letter(thread)),
            place: Some(place),
            apart: deadline.is_some(),
            deadline: deadline.filter(|_| late),
            ..Pending::default()
        };
        let block = (!ended).then_some(Blocked { on: BlockedOn::Thread(thread), deadline });
        if self.core.turn(self.me, pending, block) == Flow::Torn {
            return true;
        }
        let mut state = self.core.state.lock();
        state.step().touch(object, false);
        let gave_up = state.threads[self.me].woken_by.take() == Some(Wait::TimedOut);
        let late = state.step().choice.way == Way::Deadline && !state.threads[thread].looks.seen_ended;
        if gave_up || late {
            state.step().effect = Effect::Refused;
            return false;
        }
        see_end(&mut state, self.me, thread);
        state.step().joins = Some(thread);
        true
    }

    /// Returns when a thread has ended that borrows from the running one, be the execution over: then it is unwound
    /// here and now, before the running thread goes on unwinding what it borrows from.
    pub fn see_out(&self, thread: usize) {
        loop {
            let mut state = self.core.state.lock();
            let next = match state.threads.get(thread).map(|thread| &thread.status) {
                None | Some(Status::Ended) => return,
                Some(Status::New) => Next::Launch(thread),
                Some(_) => Next::Resume(thread),
            };
            if state.stop.is_none() || std::thread::panicking() && self.core.carrier.keeps_unwinding() {
                eprintln!(
                    "a thread outlives what it borrows: a scope is left by a destructor, in a thread that unwinds"
                );
                std::process::abort();
            }
            state.unwind_next.push(self.me);
            drop(state);
            self.core.carrier.switch(self.me, next);
            self.core.state.lock().unwind_next.pop();
        }
    }

    /// Where a thread stands: a step. `shown` is how the timeline says it.
    pub fn look_at(
        &self,
        thread: usize,
        verb: &'static str,
        place: Place,
        shown: impl FnOnce(Stage) -> String,
    ) -> Stage {
        let Some(mut state) = self.begin_look(Look::Thread(thread), verb, self.words(|| letter(thread)), place) else {
            return Stage::Ended;
        };
        let stage = self.see(&mut state, Look::Thread(thread), thread);
        let object = state.threads[thread].object;
        self.note_attempt(&mut state, place, object, Some(stage as u64));
        self.end_look(&mut state, || shown(stage));
        stage
    }

    /// The threads that were started and have not ended, in the order of starting, with name and whether each is a
    /// daemon: a step.
    pub fn living(&self, verb: &'static str, place: Place) -> Vec<(usize, Option<String>, bool)> {
        let Some(mut state) = self.begin_look(Look::All, verb, None, place) else { return Vec::new() };
        let found = state.step().choice.way;
        let uncertain = uncertain(&state.threads, Look::All);
        let mut living = Vec::new();
        for index in 0..state.threads.len() {
            let bit = uncertain.iter().position(|&other| other == index);
            let running = matches!((found, bit), (Way::Stale(found), Some(bit)) if found >> bit & 1 == 1);
            if self.see_as(&mut state, index, running) != Stage::Ended {
                let Thread { name, daemon, .. } = &state.threads[index];
                living.push((index, name.clone(), *daemon));
            }
        }
        self.end_look(&mut state, || living.len().to_string());
        living
    }

    /// The name of a thread, and whether it is a daemon.
    #[must_use]
    pub fn known_as(&self, thread: usize) -> (Option<String>, bool) {
        let state = self.core.state.lock();
        state.threads.get(thread).map_or((None, false), |thread| (thread.name.clone(), thread.daemon))
    }

    /// Who is told when a thread panics.
    pub fn hook(&self) -> Option<Hook> {
        let mut state = self.core.state.lock();
        if !state.steps.is_empty() {
            state.step().touch(builtin::HOOK, false);
        }
        state.hook.clone()
    }

    /// Says who is to be told; gives back who was. A step.
    pub fn set_hook(&self, hook: Option<Hook>, place: Place) -> Option<Hook> {
        if self.builtin_step(builtin::HOOK, "set_except_hook", None, place) == Flow::Torn {
            return None;
        }
        std::mem::replace(&mut self.core.state.lock().hook, hook)
    }

    /// The step of a look; `None` if the execution is over.
    fn begin_look(
        &self,
        look: Look,
        verb: &'static str,
        argument: Option<Box<str>>,
        place: Place,
    ) -> Option<MutexGuard<'_, State>> {
        let pending = Pending {
            kind: "thread",
            verb,
            argument,
            place: Some(place),
            apart: true,
            looks_at: Some(look),
            ..Pending::default()
        };
        let state = self.core.turn_of(self.core.state.lock(), self.me, pending, None)?;
        (state.stop.is_none() && !state.steps.is_empty()).then_some(state)
    }

    fn end_look(&self, state: &mut State, shown: impl FnOnce() -> String) {
        let step = state.step();
        step.effect = Effect::Reads;
        step.reveals = true;
        if self.core.settings.tracing {
            step.text().result = Some(shown());
        }
    }

    /// What the look that is being taken finds.
    fn see(&self, state: &mut State, look: Look, thread: usize) -> Stage {
        let running =
            matches!(state.step().choice.way, Way::Stale(_)) && uncertain(&state.threads, look).contains(&thread);
        self.see_as(state, thread, running)
    }

    /// The same where it is known whether the thread is to be found running although it is not.
    fn see_as(&self, state: &mut State, thread: usize, running: bool) -> Stage {
        let Thread { object, life, status, .. } = &state.threads[thread];
        let (object, life, status) = (*object, *life, status.clone());
        state.step().touch(object, true);
        state.step().touch(life, true);
        let looks = &mut state.threads[thread].looks;
        looks.any = true;
        match status {
            Status::New if running => looks.seen_running = true,
            Status::Ended if running => looks.late += 1,
            Status::Ended => {
                let left_out = !looks.seen_ended && looks.late >= LATE_LOOKS;
                // Whoever lets others go first lets it end, so nothing is left out there.
                if left_out && state.threads[self.me].attempts.iter().all(|attempt| attempt.object != object) {
                    state.cut.get_or_insert("a thread was not looked at for ever");
                }
                see_end(state, self.me, thread);
                return Stage::Ended;
            }
            Status::New if !looks.seen_running => return Stage::Ready,
            Status::Blocked(_) => return Stage::Blocked,
            // Woken, but still in its wait.
            Status::Runnable if state.threads[thread].woken_by.is_some() => return Stage::Blocked,
            Status::New | Status::Runnable => {}
        }
        Stage::Running
    }
}

/// A thread is seen to have ended: all that it did is visible.
fn see_end(state: &mut State, me: usize, thread: usize) {
    state.threads[thread].looks.seen_ended = true;
    if let Some(end) = state.threads[thread].end_clock.clone() {
        state.threads[me].clock.join(&end);
    }
}
