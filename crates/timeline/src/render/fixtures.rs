//! Traces made by hand, over the programs in `fixtures/`.

use std::path::PathBuf;
use std::time::Duration;

use super::Style;
use crate::report::{
    Access, Effect, Failure, FailureKind, Location, ObjectInfo, Step, ThreadInfo, Trace, Waiting, WaitingOn,
};
use crate::schedule::Schedule;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/render/fixtures");

pub(super) fn style(width: usize) -> Style {
    let replay = Some("cargo xtask verify NAME --schedule ".to_owned());
    Style { width, color: false, root: Some(PathBuf::from(ROOT)), replay }
}

/// Where `mark` first stands in a fixture.
pub(super) fn place(file: &str, mark: &str) -> Location {
    let path = format!("{ROOT}/{file}");
    let text = std::fs::read_to_string(&path).expect("the fixture is there");
    let found = text.lines().enumerate().find_map(|(line, text)| Some((line, text.find(mark)?)));
    let (line, column) = found.expect("the mark stands in the fixture");
    Location { file: path, line: line as u32 + 1, column: column as u32 + 1 }
}

/// A trace of these threads (after main) and objects (name and kind), without steps.
pub(super) fn trace(threads: &[Option<&str>], objects: &[(&str, &str)]) -> Trace {
    let names = std::iter::once(&None).chain(threads);
    let thread = |(index, name): (usize, &Option<&str>)| ThreadInfo {
        letter: crate::schedule::letter(index),
        name: name.map(str::to_owned),
        spawned: None,
        finished: false,
    };
    let object = |&(name, kind): &(&str, &str)| ObjectInfo { name: name.to_owned(), kind: kind.to_owned() };
    Trace {
        threads: names.enumerate().map(thread).collect(),
        objects: objects.iter().map(object).collect(),
        ..Trace::default()
    }
}

impl Trace {
    pub(super) fn step(mut self, thread: usize, object: usize, call: &str, effect: Effect, place: &Location) -> Self {
        self.steps.push(Step {
            thread,
            object: Some(object),
            call: call.to_owned(),
            result: None,
            effect,
            location: Some(place.clone()),
            at: Duration::ZERO,
            preempts: false,
            value: None,
            wakes: Vec::new(),
            order: None,
        });
        self
    }

    fn last(mut self, change: impl FnOnce(&mut Step)) -> Self {
        change(self.steps.last_mut().expect("a step stands before"));
        self
    }

    pub(super) fn preempting(self) -> Self {
        self.last(|step| step.preempts = true)
    }

    pub(super) fn without_object(self) -> Self {
        self.last(|step| step.object = None)
    }

    pub(super) fn gives(self, result: &str) -> Self {
        self.last(|step| step.result = Some(result.to_owned()))
    }

    pub(super) fn value(self, value: &str) -> Self {
        self.last(|step| step.value = Some(value.to_owned()))
    }

    pub(super) fn clock(self, thread: usize, millis: u64) -> Self {
        let place = Location { file: String::new(), line: 0, column: 0 };
        self.step(thread, 0, "", Effect::Clock, &place).without_object().last(|step| {
            step.at = Duration::from_millis(millis);
            step.location = None;
        })
    }
}

pub(super) fn failed(kind: FailureKind, trace: Trace, schedule: &str, found_after: u64) -> Failure {
    let preemptions = trace.steps.iter().filter(|step| step.preempts).count() as u32;
    let schedule: Schedule = schedule.parse().expect("the schedule of the fixture is valid");
    Failure { kind, trace, schedule, preemptions, found_after }
}

/// `count` philosophers, each with the left fork in hand.
pub(super) fn philosophers(count: usize) -> Failure {
    let first = place("philosophers.rs", "lock();");
    let second = Location { line: first.line + 1, column: first.column + 2, ..first.clone() };
    let names: Vec<String> = (0..count).map(|seat| format!("P{seat}")).collect();
    let forks: Vec<String> = (0..count).map(|seat| format!("fork{seat}")).collect();
    let mut trace = trace(
        &names.iter().map(|name| Some(name.as_str())).collect::<Vec<_>>(),
        &forks.iter().map(|fork| (fork.as_str(), "lock")).collect::<Vec<_>>(),
    );
    trace = trace.step(1, 0, "lock()", Effect::Acquires, &first);
    for seat in (1..count).rev() {
        trace = trace.step(seat + 1, seat, "lock()", Effect::Acquires, &first);
        trace = if seat == count - 1 { trace.preempting() } else { trace };
        trace = trace.step(seat + 1, (seat + 1) % count, "lock()", Effect::Blocks, &second);
    }
    trace = trace.step(1, 1, "lock()", Effect::Blocks, &second);
    let waiting = |thread: usize| Waiting {
        thread,
        on: WaitingOn::Object(thread % count),
        held_by: vec![thread % count + 1],
        call: "lock()".to_owned(),
        location: Some(second.clone()),
    };
    let mut waiting: Vec<Waiting> = (1..=count).map(waiting).collect();
    let join = place("philosophers.rs", "join()");
    let main =
        Waiting { thread: 0, on: WaitingOn::Thread(1), held_by: vec![], call: "join(b)".into(), location: Some(join) };
    waiting.push(main);
    waiting.reverse(); // the text follows the cycle, whatever the order here
    let kind = FailureKind::Deadlock { waiting, cycle: (1..=count).collect() };
    failed(kind, trace, "a2b3d3cb", 147)
}

/// Two threads read 0 and both write 1: b, interrupted in between, overwrites what c wrote.
pub(super) fn lost_update() -> Trace {
    let (get, set) = (place("lost_update.rs", "get()"), place("lost_update.rs", "set("));
    let trace = trace(&[None, None], &[("total", "shared")]);
    let trace = trace.step(1, 0, "get()", Effect::Reads, &get).gives("0").value("0");
    let trace = trace.step(2, 0, "get()", Effect::Reads, &get).preempting().gives("0").value("0");
    let trace = trace.step(2, 0, "set(1)", Effect::Writes, &set).value("1");
    trace.step(1, 0, "set(1)", Effect::Writes, &set).value("1")
}

/// The same, with what main does before and after.
pub(super) fn lost_update_with_main() -> Trace {
    let (start, join, get) =
        (place("lost_update.rs", "spawn("), place("lost_update.rs", "join()"), place("lost_update.rs", "get()"));
    let mut trace = lost_update();
    let racing = std::mem::take(&mut trace.steps);
    trace = trace.step(0, 0, "spawn(b, c)", Effect::Plain, &start).without_object();
    trace.steps.extend(racing);
    trace = trace.step(0, 0, "join(b)", Effect::Plain, &join).without_object();
    trace = trace.step(0, 0, "join(c)", Effect::Plain, &join).without_object();
    trace.step(0, 0, "get()", Effect::Reads, &get).gives("1").value("1")
}

/// Two threads give way to each other for ever.
pub(super) fn livelock() -> Failure {
    let (mine, other) = (place("misc.rs", "lock();"), place("misc.rs", "try_lock()"));
    let mut trace = trace(&[Some("polite"), Some("kind")], &[("left", "lock"), ("right", "lock")]);
    for _ in 0..3 {
        for (thread, own) in [(1, 0), (2, 1)] {
            trace = trace.step(thread, own, "lock()", Effect::Acquires, &mine);
        }
        for (thread, own) in [(1, 0), (2, 1)] {
            trace = trace.step(thread, 1 - own, "try_lock()", Effect::Refused, &other).gives("None");
        }
        for (thread, own) in [(1, 0), (2, 1)] {
            trace = trace.step(thread, own, "unlock()", Effect::Releases, &mine);
        }
    }
    failed(FailureKind::Livelock { from: 0, period: 6 }, trace, "bcbcbc", 2)
}

/// A worker that waits, is woken after a jump of the clock, and fails.
pub(super) fn panic() -> Failure {
    let (wait, assert) = (place("misc.rs", "wait()"), place("misc.rs", "assert_eq!"));
    let (sleep, get, set) = (place("misc.rs", "sleep("), place("misc.rs", "get(), 2"), place("misc.rs", "set("));
    let trace = trace(&[Some("consumer"), Some("consumer")], &[("ready", "event"), ("balance", "shared")]);
    let trace = trace.step(1, 0, "wait()", Effect::Blocks, &wait);
    let trace = trace.step(2, 0, "sleep(10 ms)", Effect::Blocks, &sleep).without_object();
    let trace = trace.clock(2, 10).step(2, 0, "sleep(10 ms)", Effect::Plain, &sleep).without_object();
    let trace = trace.step(2, 1, "set(1)", Effect::Writes, &set).value("1");
    let trace = trace.step(2, 0, "set()", Effect::Plain, &set).value("true");
    let trace = trace.step(1, 0, "wait()", Effect::Plain, &wait).preempting();
    let trace = trace.step(1, 1, "get()", Effect::Reads, &get).gives("1").value("1");
    let trace = trace.step(1, 1, "panic", Effect::Panics, &assert).without_object();
    let message = "assertion `left == right` failed: the balance is what it was\n  left: 1\n right: 2".to_owned();
    failed(FailureKind::Panic { thread: 1, message, location: Some(assert) }, trace, "bc!3b", 12)
}

/// A read and a write that nothing orders.
pub(super) fn data_race() -> Failure {
    let (get, set) = (place("lost_update.rs", "get()"), place("lost_update.rs", "set("));
    let access =
        |thread, write, place, step| Access { thread, write, location: Some(place), step: Some(step), early: false };
    let kind = FailureKind::DataRace { object: 0, first: access(1, false, get, 0), second: access(2, true, set, 2) };
    failed(kind, lost_update(), "bc2b", 1)
}

/// A loop over a lock, so long that it is folded.
pub(super) fn long(rounds: usize) -> Trace {
    let (lock, print) = (place("misc.rs", "lock();"), place("misc.rs", "println!"));
    let mut trace = trace(&[Some("one"), Some("two")], &[("counter", "lock")]);
    for thread in [1, 2] {
        for round in 0..rounds {
            trace = trace.step(thread, 0, "lock()", Effect::Acquires, &lock);
            trace = trace.step(thread, 0, "unlock()", Effect::Releases, &lock);
            if round % 10 == 9 {
                trace = trace.step(thread, 0, "print(\"ten more\")", Effect::Plain, &print).without_object();
            }
        }
    }
    trace
}

/// What the other kinds say of a trace that they share.
pub(super) fn of_kind(kind: FailureKind) -> Failure {
    failed(kind, lost_update(), "bc2b", 3)
}

/// A thread that waits for something that nobody is left to give, and main, which waits for the thread.
pub(super) fn stranded(name: &str, kind: &str, call: &str, held_by: Vec<usize>) -> Failure {
    let (wait, print) = (place("misc.rs", "wait()"), place("misc.rs", "println!"));
    let mut trace = trace(&[Some("consumer"), Some("producer")], &[(name, kind)]);
    trace.threads[2].finished = true;
    if held_by.contains(&2) {
        trace = trace.step(2, 0, call, Effect::Acquires, &print);
    }
    let trace = trace.step(2, 0, "print(\"done\")", Effect::Plain, &print).without_object();
    let trace = trace.step(1, 0, call, Effect::Blocks, &wait);
    let on = |thread, on, held_by| Waiting { thread, on, held_by, call: call.to_owned(), location: Some(wait.clone()) };
    let waiting = vec![on(0, WaitingOn::Thread(1), vec![1]), on(1, WaitingOn::Object(0), held_by)];
    failed(FailureKind::Deadlock { waiting, cycle: vec![] }, trace, "c", 1)
}

/// A thread that takes a lock twice.
pub(super) fn self_deadlock() -> Failure {
    let (lock, again) = (place("misc.rs", "lock();"), place("misc.rs", "try_lock()"));
    let trace = trace(&[None], &[("left fork", "lock")]);
    let trace = trace.step(1, 0, "lock()", Effect::Acquires, &lock).step(1, 0, "lock()", Effect::Blocks, &again);
    let on = WaitingOn::Object(0);
    let waiting = vec![Waiting { thread: 1, on, held_by: vec![1], call: "lock()".to_owned(), location: Some(again) }];
    failed(FailureKind::Deadlock { waiting, cycle: vec![1] }, trace, "", 1)
}

/// Two semaphores, one of which is a signal, and a source line with a tab that is wider than any terminal.
pub(super) fn signals() -> Trace {
    let (acquire, print) = (place("misc.rs", "acquire()"), place("misc.rs", "println!"));
    let trace = trace(&[Some("consumer"), Some("producer")], &[("items", "semaphore"), ("slots", "semaphore")]);
    let trace = trace.step(1, 0, "acquire()", Effect::Blocks, &acquire);
    let trace = trace.step(2, 1, "acquire()", Effect::Acquires, &acquire).value("0");
    let trace = trace.step(2, 0, "release()", Effect::Releases, &print).value("1");
    let trace = trace.step(1, 0, "acquire()", Effect::Acquires, &acquire).preempting().value("0");
    trace.step(2, 1, "release()", Effect::Releases, &acquire).preempting().value("1")
}

/// Names, values and messages that try to break the layout, and files that are not there.
pub(super) fn hostile() -> Failure {
    let nowhere = Location { file: "/nowhere/\x1b[2Jlost.rs".to_owned(), line: 7, column: 900 };
    let trace = trace(&[Some("\x1b[31mred\nline"), Some("日本語の名前")], &[("a\tb", "shared")]);
    let trace = trace.step(1, 0, "set(\"\r\n\")", Effect::Writes, &nowhere).value("\u{202e}reversed");
    let trace = trace.step(2, 9, "get()", Effect::Reads, &nowhere).gives("数".repeat(90).as_str()).preempting();
    let message = "\x1b]0;title\x07\nsecond\u{200b} line".to_owned();
    failed(FailureKind::Panic { thread: 7, message, location: Some(nowhere) }, trace, "b(30)!", 2)
}
