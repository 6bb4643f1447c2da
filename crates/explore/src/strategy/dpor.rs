//! One execution for each order of dependent steps: dynamic partial-order reduction with source sets and sleep sets
//! (Abdulla, Aronis, Jonsson, Sagonas: Optimal Dynamic Partial Order Reduction, POPL 2014, algorithm 1).
//!
//! Two executions that differ only in the order of steps that do not touch each other's objects end alike; the search
//! runs one of them. After each execution it looks for races: two dependent steps of different threads with nothing
//! in between that orders them ([`super::races`]). For each, it makes sure that from the point before the earlier
//! one, some thread is tried that can lead to the other order. A step that was tried sleeps: it is not tried again
//! where nothing that it depends on has happened since.
//!
//! A sleeping step comes from an earlier execution, and is compared with steps of a later one. Objects are numbered in
//! the order in which an execution meets them, so only those that were met before the two part have the same numbers in
//! both; of others a step is taken to touch any that may be the same ([`Identity`]).
//!
//! A call that waits for a word ([`crate::engine::ready`]) is not tried where it would only queue up, while anybody else can
//! go on: in which order such calls come to wait makes no difference, only in which they are served. For that, a thread's
//! launch is a step of its own here, which leads to its first call and depends on nothing. Where the program looks at
//! who waits, the search begins again, and tries all.
//!
//! A thread that goes round in a loop lets others go first, until somebody changes something, and so does one that yields.
//! Where a race asks for its next step all the same, it goes on alone ([`Loop`]): a loop that gives up after some rounds
//! comes to its end, and is explored like anything else; one that does not is taken to have none.
//!
//! A thread that can go on in more than one way (its deadline may pass, a weak exchange may fail) is tried in all of
//! them wherever it is tried at all; and where a blocked thread is woken, the ways it had without that are tried, too.

use smallvec::SmallVec;

use super::races::{Order, races};
use super::shard::{Divide as _, Prefix};
use super::{Decision, Point, Strategy};
use crate::Shard;
use crate::engine::context::ATTEMPTS_KEPT;
use crate::engine::state::Object;
use crate::engine::step::{Dependence, EXIT, StepRecord};
use crate::report::Effect;
use crate::schedule::{Choice, Way};

/// The search.
pub(crate) struct Dpor {
    shard: Shard,
    nodes: Vec<Node>,
    began: bool,
    done: bool,
    /// Calls are not tried where they would only queue up.
    lazy: bool,
    /// Some of them were not, and the program looks at who waits.
    unsure: bool,
    /// The loop that a thread is let go round in, to see whether it ends.
    trial: Option<Loop>,
    /// A loop without end was met that changes something in each round.
    leaves_traces: bool,
}

/// A thread that lets others go first goes on alone.
struct Loop {
    thread: usize,
    /// The node from which.
    from: usize,
    /// How often it would have let others go first since then.
    rounds: u32,
    /// How many steps it took since the last time.
    since: usize,
    /// It has gone round for long enough.
    endless: bool,
}

/// Who has let others go first so often, while nobody else did anything, is taken to go on like that for ever. With 1,000,
/// the checks of the course's programs that spin take twice as long.
const ROUNDS: u32 = 200;

/// One point of the execution at hand: the state before a step.
struct Node {
    options: Vec<Choice>,
    /// Those of them that would only queue up, while others can go on.
    vain: Vec<Choice>,
    /// What lets these go first.
    held: Vec<Choice>,
    /// The threads of which it was seen that they go round from here for ever.
    endless: Vec<usize>,
    /// What is to be tried from here; grows while the search goes on.
    backtrack: Vec<Choice>,
    /// What was tried from here, or need not be, as it was tried elsewhere.
    sleep: Vec<Sleeper>,
    chosen: Choice,
    prefix: Prefix,
    /// How many objects had been met.
    known: usize,
}

/// A step that need not be taken here, and what it touches.
#[derive(Clone)]
struct Sleeper {
    choice: Choice,
    /// What it read or wrote, and whether it wrote.
    touches: SmallVec<[(Identity, bool); 3]>,
    /// How many objects had been met where it was taken.
    known: usize,
}

/// Which object, as far as it can be said of two executions that were the same up to a point.
#[derive(Clone, Copy, PartialEq)]
enum Identity {
    /// It was met before that point.
    Known(usize),
    /// It was met after it: of this kind and name, part of that. Those that are alike may be one.
    New { kind: &'static str, name: Option<&'static str>, owner: Option<Owner> },
}

/// The primitive that a word is part of.
#[derive(Clone, Copy, PartialEq)]
enum Owner {
    Known(usize),
    New { kind: &'static str, name: Option<&'static str> },
}

impl Identity {
    fn of(object: usize, objects: &[Object], known: usize) -> Self {
        if object < known {
            return Self::Known(object);
        }
        let owner = |owner: usize| match owner < known {
            true => Owner::Known(owner),
            false => Owner::New { kind: objects[owner].kind, name: objects[owner].name },
        };
        let Object { kind, name, part_of, .. } = objects[object];
        Self::New { kind, name, owner: part_of.map(owner) }
    }
}

impl Sleeper {
    /// True if the order of the two matters, or may.
    fn depends_on(&self, step: &StepRecord, objects: &[Object]) -> bool {
        self.choice.thread == step.choice.thread
            || step.accesses.iter().any(|access| {
                let identity = Identity::of(access.object as usize, objects, self.known);
                self.touches.iter().any(|&(touched, wrote)| touched == identity && (wrote || access.write))
            })
    }
}

impl Strategy for Dpor {
    fn begin(&mut self) -> bool {
        if !std::mem::replace(&mut self.began, true) {
            return true;
        }
        if self.unsure {
            // Shares must all be of the same tree.
            if self.shard != Shard::WHOLE {
                return false;
            }
            // What was seen so far is a part of what is there.
            (self.lazy, self.unsure) = (false, false);
            self.nodes.clear();
            return true;
        }
        while let Some(node) = self.nodes.last_mut() {
            let open = |choice: &Choice| !node.sleeps(*choice) && !node.is_endless(*choice);
            let next = node.backtrack.iter().copied().find(open);
            if let Some(next) = next {
                node.chosen = next;
                let from = self.nodes.len() - 1;
                self.trial = self.nodes[from].held.contains(&next).then(|| Loop::of(next.thread, from));
                return true;
            }
            self.nodes.pop();
        }
        self.done = true;
        false
    }

    fn choose(&mut self, point: &Point<'_>) -> Decision {
        let options = self.options(point);
        if let Some(node) = self.nodes.get(point.step) {
            if node.options != options {
                return Decision::Uncontrolled(super::differs(point.step, &node.options, &options));
            }
            return Decision::Take(node.chosen);
        }
        let sleep = self.inherited_sleep(point);
        let vain = self.vain(point, &options);
        let (looping, endless) = self.goes_round(point);
        if endless {
            return Decision::Redundant;
        }
        let looping = looping.filter(|choice| !vain.contains(choice));
        let goes = |choice: &Choice| {
            !vain.contains(choice) && !sleep.iter().any(|sleeper: &Sleeper| sleeper.choice == *choice)
        };
        // A launch first: it leads to a call, and depends on nothing.
        let launch = || options.iter().copied().find(|choice| choice.way == Way::Launch && goes(choice));
        let default = || Some(point.default()).filter(|choice| options.contains(choice) && goes(choice));
        let usual = || launch().or_else(default).or_else(|| options.iter().copied().find(goes));
        let Some(chosen) = looping.or_else(usual).or_else(|| point.held.iter().copied().find(goes)) else {
            return Decision::Redundant;
        };
        if looping.is_none() && point.held.contains(&chosen) {
            // Nothing else is left to be tried here.
            self.trial = Some(Loop::of(chosen.thread, point.step));
        }
        let prefix = self.nodes.last().map_or_else(Default::default, |node| {
            let taken = node.options.iter().position(|option| *option == node.chosen).unwrap_or(0);
            self.shard.then(node.prefix, node.options.len(), taken)
        });
        if !self.shard.owns(prefix) {
            return Decision::Redundant;
        }
        let known = point.objects.len();
        let (held, backtrack, endless) = (point.held.to_vec(), Vec::new(), Vec::new());
        let mut node = Node { options, vain, held, endless, backtrack, sleep, chosen, prefix, known };
        if !node.try_thread(chosen.thread) {
            // It is let go on alone.
            node.backtrack.push(chosen);
        }
        if self.shard.is_common(prefix) {
            // Where shards part, all of them must know of all choices, also of those that only another finds a reason for.
            let all: Vec<Choice> = node.sensible().chain(node.held.iter().copied()).collect();
            node.backtrack.extend(all.into_iter().filter(|option| option.thread != chosen.thread));
        }
        self.nodes.push(node);
        Decision::Take(chosen)
    }

    fn ended(&mut self, steps: &[StepRecord], objects: &[Object]) {
        self.nodes.truncate(steps.len());
        let endless = self.trial.take().filter(|trial| trial.endless);
        if let Some(Loop { thread, from, .. }) = endless {
            // It comes to nothing meanwhile: the others are all that there is.
            let rounds = &steps[from..steps.len().saturating_sub(1)];
            self.leaves_traces |= leaves_traces(rounds, objects);
            let node = &mut self.nodes[from];
            node.endless.push(thread);
            let sensible: Vec<Choice> = node.sensible().filter(|choice| !node.backtrack.contains(choice)).collect();
            node.backtrack.extend(sensible);
            self.nodes.truncate(from + 1);
            return;
        }
        if self.lazy && steps.iter().any(|step| step.reveals) {
            self.unsure = true;
            return;
        }
        let order = Order::of(steps);
        for race in races(steps, &order, self.lazy) {
            let initials = order.initials(steps, race);
            self.nodes[race.earlier].require(&initials);
        }
        for (index, step) in steps.iter().enumerate() {
            for &woken in &step.enables {
                self.nodes[index].try_other_ways(woken);
            }
        }
        for (node, step) in self.nodes.iter_mut().zip(steps) {
            if step.verb == EXIT && step.kind == "thread" {
                // What the daemons would have done instead, no race tells: it was not done.
                node.backtrack = node.sensible().collect();
            }
            // Noted only where the search comes back to: a node further up is still in the middle of this choice.
            node.note(step, objects);
        }
    }

    fn exhausted(&self) -> bool {
        self.done
    }

    fn cut(&self) -> Option<&'static str> {
        self.leaves_traces.then_some("a loop that changes something in each round was not run for ever")
    }

    fn expects_no_end(&mut self) -> bool {
        self.trial.as_mut().is_some_and(|trial| {
            trial.endless = true;
            true
        })
    }
}

/// True if these steps of a loop have left anything else than it was. The last step that it took is not among them: to
/// that one the end of the execution belongs, too.
fn leaves_traces(steps: &[StepRecord], objects: &[Object]) -> bool {
    let accesses = || steps.iter().flat_map(|step| &step.accesses);
    let first = |object: u32| accesses().find(|access| access.object == object).map(|access| access.before);
    let is_as_it_was = |object: u32| objects[object as usize].value.is_some_and(|now| Some(now) == first(object));
    // Who looks at a thread is ordered with all that changes it, and changes nothing.
    let mut changing = steps.iter().filter(|step| step.effect != Effect::Reads).flat_map(|step| &step.accesses);
    changing.any(|access| access.write && !is_as_it_was(access.object))
}

impl Loop {
    fn of(thread: usize, from: usize) -> Self {
        Self { thread, from, rounds: 0, since: 0, endless: false }
    }
}

impl Dpor {
    /// With `lazy`, as long as the program is not seen to look at who waits.
    pub(crate) fn new(shard: Shard, lazy: bool) -> Self {
        Self {
            shard,
            nodes: Vec::new(),
            began: false,
            done: false,
            lazy,
            unsure: false,
            trial: None,
            leaves_traces: false,
        }
    }

    /// What can happen, and is told apart here.
    fn options(&self, point: &Point<'_>) -> Vec<Choice> {
        let told_apart =
            |&choice: &Choice| match self.lazy && point.is_new(choice.thread) && !point.threads[choice.thread].daemon {
                true => Choice { way: Way::Launch, ..choice },
                false => choice,
            };
        point.options.iter().map(told_apart).collect()
    }

    /// The next step of the thread that is let go round in a loop, as long as it does; true if it has no end.
    fn goes_round(&mut self, point: &Point<'_>) -> (Option<Choice>, bool) {
        let Some(trial) = &mut self.trial else { return (None, false) };
        let next = Choice::usual(trial.thread);
        if point.held.contains(&next) {
            trial.rounds += 1;
            trial.since = 0;
            trial.endless = trial.rounds >= ROUNDS;
            return (Some(next), trial.endless);
        }
        trial.since += 1;
        let goes_on = trial.since <= ATTEMPTS_KEPT && point.options.contains(&next);
        if !goes_on {
            self.trial = None;
        }
        (goes_on.then_some(next), false)
    }

    /// What would only queue up, if there is anything else.
    fn vain(&self, point: &Point<'_>, options: &[Choice]) -> Vec<Choice> {
        let vain = |&choice: &Choice| self.lazy && point.is_vain(choice);
        let any_else = options.iter().any(|choice| choice.way != Way::Rare && !vain(choice));
        if any_else { options.iter().copied().filter(vain).collect() } else { Vec::new() }
    }

    /// What sleeps at a new point: what slept or was tried at the point before, unless the step since then matters to
    /// it.
    fn inherited_sleep(&self, point: &Point<'_>) -> Vec<Sleeper> {
        let (Some(parent), Some(step)) = (self.nodes.last(), point.steps.last()) else { return Vec::new() };
        if step.clock_jump {
            return Vec::new();
        }
        parent.sleep.iter().filter(|sleeper| !sleeper.depends_on(step, point.objects)).cloned().collect()
    }
}

impl Node {
    /// What can be tried with any sense.
    fn sensible(&self) -> impl Iterator<Item = Choice> {
        self.options.iter().copied().filter(|choice| !self.vain.contains(choice))
    }

    fn sleeps(&self, choice: Choice) -> bool {
        self.sleep.iter().any(|sleeper| sleeper.choice == choice)
    }

    /// True for the next step of a thread that goes round from here for ever.
    fn is_endless(&self, choice: Choice) -> bool {
        self.endless.contains(&choice.thread) && self.held.contains(&choice)
    }

    /// To be tried from here: this thread, in all its ways. False if it cannot run here.
    fn try_thread(&mut self, thread: usize) -> bool {
        let mut able = false;
        for &option in self.options.iter().filter(|option| option.thread == thread) {
            able = true;
            if !self.backtrack.contains(&option) {
                self.backtrack.push(option);
            }
        }
        able
    }

    /// To be tried from here: the ways in which a blocked thread could have gone on by itself.
    fn try_other_ways(&mut self, thread: usize) {
        for &option in self.options.iter().filter(|option| option.thread == thread && option.way != Way::Usual) {
            if !self.backtrack.contains(&option) {
                self.backtrack.push(option);
            }
        }
    }

    /// Makes sure that one of these threads is tried from here, or was seen elsewhere.
    fn require(&mut self, initials: &[usize]) {
        let leads_there = |choice: &Choice| initials.contains(&choice.thread);
        let mut seen_elsewhere = self.sleep.iter().map(|sleeper| sleeper.choice);
        if self.backtrack.iter().any(leads_there)
            || seen_elsewhere.any(|choice| matches!(choice.way, Way::Usual | Way::Launch) && leads_there(&choice))
        {
            return;
        }
        if initials.iter().any(|&thread| self.try_thread(thread)) {
            return;
        }
        // None of them can run here but those that let others go first.
        match self.held.iter().find(|choice| leads_there(choice)) {
            Some(&choice) => self.backtrack.push(choice),
            None => self.backtrack = self.sensible().collect(),
        }
    }

    /// The choice that was made here was tried, and touched this.
    fn note(&mut self, step: &StepRecord, objects: &[Object]) {
        if !self.sleeps(self.chosen) {
            let touch = |access: &Dependence| (Identity::of(access.object as usize, objects, self.known), access.write);
            let touches = step.accesses.iter().map(touch).collect();
            self.sleep.push(Sleeper { choice: self.chosen, touches, known: self.known });
        }
    }
}
