//! How a program stands after some steps, in words: a card a thread, a line an object, and the steps so far.

use std::borrow::Cow;

use super::names::Names;
use super::rows::{self, View};
use super::source::Sources;
use super::style::Style;
use super::table;
use super::text::{Page, duration, harmless, listed};
use crate::check::Played;
use crate::report::{Location, ThreadIndex, Trace, Waiting, WaitingOn};
use crate::schedule::Schedule;
use crate::standing::{ObjectStanding, Standing, ThreadStanding, ThreadStatus};

/// How a program stands, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// The threads that were started, in the order of spawning.
    pub cards: Vec<Card>,
    /// The objects that were used: their values, and who holds them.
    pub objects: Vec<String>,
    /// What was printed so far, with the letter of who did.
    pub printed: Vec<String>,
    /// The steps so far; empty before the first.
    pub timeline: String,
}

/// What is known of one thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its letter in schedules.
    pub letter: String,
    /// The name that the program gave it, if it did; main is called so.
    pub name: Option<String>,
    /// Whether it can go on.
    pub status: ThreadStatus,
    /// The same as a sentence: `can go on`, `waits for fork1, held by P2`.
    pub state: String,
    /// Its next step: `counter.set(1)`; empty if it is not known or there is none.
    pub next: String,
    /// Where that stands.
    pub location: Option<Location>,
    /// That line of the program, if it can be read.
    pub source: Option<String>,
    /// The ways in which it can go on, each as a schedule of one step.
    pub choices: Vec<Schedule>,
}

/// How it stands, in words.
pub(super) fn scene(played: &Played, style: &Style) -> Scene {
    let Played { standing, trace } = played;
    let names = Names::new(trace);
    let mut sources = Sources::default();
    let mut card = |(index, thread): (ThreadIndex, &ThreadStanding)| {
        let next = thread.next.as_ref();
        let location = next.and_then(|next| next.location.clone());
        Card {
            letter: names.letter(index),
            name: names.given(index),
            status: thread.status,
            state: state(names, standing, thread),
            next: next.map_or_else(String::new, |next| names.call_on(next.object, &next.call)),
            source: location.as_ref().and_then(|place| Some(sources.line(place, style)?.trim().to_owned())),
            location,
            choices: thread.choices.clone(),
        }
    };
    let printed = trace.printed.iter().take(standing.printed);
    Scene {
        cards: standing.threads.iter().enumerate().map(&mut card).collect(),
        objects: standing.objects.iter().filter_map(|object| object_line(names, object)).collect(),
        printed: printed.map(|line| format!("{}: {}", names.letter(line.thread), harmless(&line.line))).collect(),
        timeline: timeline(trace, standing, &mut sources, style),
    }
}

/// Whether a thread can go on, and if not, why.
fn state(names: Names<'_>, standing: &Standing, thread: &ThreadStanding) -> String {
    let until = thread.until.map(|until| duration(until.saturating_sub(standing.at)));
    match thread.status {
        ThreadStatus::Ended => "has ended".to_owned(),
        ThreadStatus::Panicked => "has panicked".to_owned(),
        ThreadStatus::New if !thread.choices.is_empty() => "can begin".to_owned(),
        ThreadStatus::Ready if !thread.choices.is_empty() => "can go on".to_owned(),
        ThreadStatus::New | ThreadStatus::Ready => "lets others go first".to_owned(),
        ThreadStatus::Blocked => {
            let what = match (&thread.waits, &until) {
                (Some(waits), _) => waits_for(names, waits),
                (None, Some(time)) => return format!("sleeps for {time} more"),
                (None, None) => "waits".to_owned(),
            };
            until.map_or(what.clone(), |time| format!("{what}, for {time} at most"))
        }
    }
}

fn waits_for(names: Names<'_>, waits: &Waiting) -> String {
    match waits.on {
        WaitingOn::Thread(thread) => format!("waits for {} to end", names.who(thread)),
        WaitingOn::Object(object) if waits.held_by.is_empty() => format!("waits for {}", names.object(object)),
        WaitingOn::Object(object) => {
            format!("waits for {}, held by {}", names.object(object), listed(&names.all(&waits.held_by)))
        }
    }
}

/// An object of which something can be said.
fn object_line(names: Names<'_>, standing: &ObjectStanding) -> Option<String> {
    let name = names.object(standing.object);
    let value = standing.value.as_ref().map(|value| format!(" = {}", harmless(value)));
    let held = match &standing.held_by[..] {
        [] => None,
        holders => {
            Some(format!(", held by {}", listed(&holders.iter().map(|&one| names.who(one)).collect::<Vec<_>>())))
        }
    };
    let free = match (&value, &held, names.kind(standing.object)) {
        (None, None, "lock" | "rlock") => " is free",
        (None, None, _) => return None,
        _ => "",
    };
    let held = if value.is_none() { held.map(|held| held.replacen(", held", " is held", 1)) } else { held };
    Some(format!("{name}{}{}{free}", value.unwrap_or_default(), held.unwrap_or_default()))
}

/// The steps so far, as a timeline.
fn timeline(trace: &Trace, standing: &Standing, sources: &mut Sources, style: &Style) -> String {
    let so_far = if standing.rows < trace.steps.len() {
        Cow::Owned(Trace { steps: trace.steps[..standing.rows].to_vec(), ..trace.clone() })
    } else {
        Cow::Borrowed(trace)
    };
    let names = Names::new(&so_far);
    let mut page = Page::new();
    page.extend(table::table(names, &rows::rows(names, &View::default()), sources, style));
    page.render(style)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::render::fixtures::lost_update;
    use crate::standing::NextStep;

    fn thread(status: ThreadStatus) -> ThreadStanding {
        ThreadStanding { status, next: None, choices: Vec::new(), waits: None, until: None }
    }

    fn told(thread: ThreadStanding) -> String {
        let standing = Standing {
            taken: Schedule::default(),
            rows: 0,
            printed: 0,
            at: Duration::from_secs(1),
            threads: vec![thread],
            objects: Vec::new(),
        };
        let trace = lost_update();
        scene(&Played { standing, trace }, &Style::plain()).cards.remove(0).state
    }

    fn waits(on: WaitingOn, held_by: Vec<ThreadIndex>) -> ThreadStanding {
        let waits = Waiting { thread: 0, on, held_by, call: String::new(), location: None };
        ThreadStanding { waits: Some(waits), ..thread(ThreadStatus::Blocked) }
    }

    #[test]
    fn each_status_is_a_sentence() {
        let one_way = |status| ThreadStanding { choices: vec!["a".parse().expect("a schedule")], ..thread(status) };
        assert_eq!(told(thread(ThreadStatus::Ended)), "has ended");
        assert_eq!(told(thread(ThreadStatus::Panicked)), "has panicked");
        assert_eq!(told(one_way(ThreadStatus::New)), "can begin");
        assert_eq!(told(one_way(ThreadStatus::Ready)), "can go on");
        assert_eq!(told(thread(ThreadStatus::Ready)), "lets others go first");
    }

    #[test]
    fn who_waits_says_for_what_and_how_long() {
        let until = Some(Duration::from_secs(3));
        assert_eq!(told(waits(WaitingOn::Thread(1), vec![1])), "waits for thread b to end");
        assert_eq!(told(waits(WaitingOn::Object(0), vec![])), "waits for total");
        assert_eq!(told(waits(WaitingOn::Object(0), vec![2])), "waits for total, held by thread c");
        assert_eq!(told(ThreadStanding { until, ..thread(ThreadStatus::Blocked) }), "sleeps for 2 s more");
        let timed = ThreadStanding { until, ..waits(WaitingOn::Object(0), vec![]) };
        assert_eq!(told(timed), "waits for total, for 2 s at most");
    }

    #[test]
    fn objects_show_their_value_and_holders_and_the_timeline_ends_where_the_player_stands() {
        let trace = lost_update();
        let next = NextStep { object: Some(0), call: "set(1)".into(), location: None };
        let object =
            |value: Option<&str>, held_by| ObjectStanding { object: 0, value: value.map(str::to_owned), held_by };
        let standing = Standing {
            taken: "ab".parse().expect("a schedule"),
            rows: 2,
            printed: 0,
            at: Duration::ZERO,
            threads: vec![ThreadStanding { next: Some(next), ..thread(ThreadStatus::Ready) }],
            objects: vec![object(Some("0"), vec![]), object(None, vec![1, 2]), object(Some("1"), vec![1])],
        };
        let scene = scene(&Played { standing, trace }, &Style::plain());
        assert_eq!(scene.cards[0].next, "total.set(1)");
        let lines = ["total = 0", "total is held by thread b and thread c", "total = 1, held by thread b"];
        assert_eq!(scene.objects, lines);
        let steps = scene
            .timeline
            .lines()
            .filter(|line| line.trim_start_matches([' ', '↯']).starts_with(|c: char| c.is_ascii_digit()));
        assert_eq!(steps.count(), 2, "{}", scene.timeline);
    }
}
