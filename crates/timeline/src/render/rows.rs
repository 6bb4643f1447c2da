//! The rows of a timeline, before anything is known of columns and widths: one a step, long traces folded.
//!
//! A short trace is shown step by step, as its numbers are those that labels speak of. From [`LONG`] rows on, a lock
//! taken and given back at once is one row, equal rows in a row are one with a count, and from [`MOST`] rows on the
//! middle is left out, except for what the diagnostic speaks of.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::held::Held;
use super::names::Names;
use super::text::{counted, duration, quoted};
use crate::report::{Effect, Location, ObjectIndex, Step, ThreadIndex, Trace};

/// From so many rows on, a trace is folded.
const LONG: usize = 24;

/// From so many rows on, the middle is left out.
const MOST: usize = 60;

/// How many rows stay at the start and at the end when the middle is left out.
const ENDS: (usize, usize) = (4, 24);

/// Which part of a trace is to be shown.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    /// The steps that repeat for ever; nothing after them is shown.
    pub(super) repeats: Option<Range<usize>>,
    /// Steps that labels speak of.
    pub(super) keep: BTreeSet<usize>,
    /// What is said of single steps.
    pub(super) marks: BTreeMap<usize, String>,
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The steps in it.
    pub(super) steps: Range<usize>,
    pub(super) body: Body,
    /// A thread that could have gone on is interrupted before it.
    pub(super) preempts: bool,
    /// It belongs to the part that repeats for ever.
    pub(super) repeats: bool,
    /// The object touched and its value afterwards.
    pub(super) value: Option<(ObjectIndex, String)>,
    pub(super) location: Option<Location>,
    /// What each thread is doing meanwhile.
    pub(super) meanwhile: Vec<Meanwhile>,
    /// What is said of it.
    pub(super) mark: Option<String>,
}

/// What stands in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    /// A thread's call, what came of it, and how many times in a row.
    Call { thread: ThreadIndex, text: String, ending: Ending, times: usize },
    /// The clock jumps.
    Clock(String),
    /// Rows that are left out.
    Gap(String),
}

/// What a call does to its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Plain,
    Blocks,
    GoesOn,
    Refused,
    Panics,
}

impl Ending {
    /// The sign after the call.
    pub(super) fn sign(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Blocks => Some("⏸"),
            Self::GoesOn => Some("▶"),
            Self::Refused | Self::Panics => Some("✗"),
        }
    }
}

/// What a thread is doing in a row that is another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meanwhile {
    Nothing,
    /// It holds so many things.
    Holds(usize),
    /// It is blocked and holds nothing.
    Blocked,
}

/// The rows of a trace.
pub(super) fn rows(names: Names<'_>, view: &View) -> Vec<Row> {
    let trace = names.trace;
    let end = view.repeats.as_ref().map_or(trace.steps.len(), |part| part.end.min(trace.steps.len()));
    let mut held = Held::new(trace);
    let mut rows: Vec<Row> = Vec::with_capacity(end);
    for (index, step) in trace.steps[..end].iter().enumerate() {
        let ending = held.take(step);
        rows.push(Row {
            steps: index..index + 1,
            body: body(names, step, ending),
            preempts: step.preempts,
            repeats: view.repeats.as_ref().is_some_and(|part| part.contains(&index)),
            value: step.object.zip(step.value.clone()),
            location: step.location.clone(),
            meanwhile: held.meanwhile(),
            mark: view.marks.get(&index).cloned(),
        });
    }
    if rows.len() > LONG {
        rows = equal_ones_together(guards_together(rows, trace));
    }
    leave_out_the_middle(rows, view)
}

fn body(names: Names<'_>, step: &Step, ending: Ending) -> Body {
    if step.effect == Effect::Clock {
        return Body::Clock(duration(step.at));
    }
    let mut text = names.call(step);
    if let Some(result) = &step.result {
        text = format!("{text} → {}", quoted(result));
    }
    Body::Call { thread: step.thread, text, ending, times: 1 }
}

/// Two rows that may become one: nothing happened in between, and both parts are alike in the margin.
fn adjoin(first: &Row, second: &Row) -> bool {
    let threads = match (&first.body, &second.body) {
        (Body::Call { thread: one, .. }, Body::Call { thread: two, .. }) => one == two,
        _ => false,
    };
    let unmarked = first.mark.is_none() && second.mark.is_none();
    threads && unmarked && !second.preempts && first.repeats == second.repeats && first.location == second.location
}

/// A lock taken and given back at once, as by a guard that is a temporary, becomes one row.
fn guards_together(rows: Vec<Row>, trace: &Trace) -> Vec<Row> {
    let mut folded: Vec<Row> = Vec::new();
    for row in rows {
        let step = &trace.steps[row.steps.start];
        let pair = folded.last().is_some_and(|last| {
            let before = &trace.steps[last.steps.start];
            let opens = last.steps.len() == 1 && before.effect == Effect::Acquires;
            opens && step.effect == Effect::Releases && before.object == step.object && adjoin(last, &row)
        });
        match folded.last_mut() {
            Some(Row { steps, body: Body::Call { text, .. }, value, meanwhile, .. }) if pair => {
                *steps = steps.start..row.steps.end;
                text.push_str(", ");
                text.push_str(&step.call);
                *value = row.value.or_else(|| value.take());
                *meanwhile = row.meanwhile;
            }
            _ => folded.push(row),
        }
    }
    folded
}

/// Equal rows one after the other become one with a count.
fn equal_ones_together(rows: Vec<Row>) -> Vec<Row> {
    let mut folded: Vec<Row> = Vec::new();
    for row in rows {
        let equal = folded.last().is_some_and(|last| adjoin(last, &row) && same_call(&last.body, &row.body));
        match folded.last_mut() {
            Some(Row { steps, body: Body::Call { times, .. }, value, .. }) if equal => {
                *steps = steps.start..row.steps.end;
                *times += 1;
                *value = row.value.or_else(|| value.take());
            }
            _ => folded.push(row),
        }
    }
    folded
}

fn same_call(one: &Body, two: &Body) -> bool {
    match (one, two) {
        (Body::Call { text: one, ending: a, .. }, Body::Call { text: two, ending: b, .. }) => one == two && a == b,
        _ => false,
    }
}

/// Leaves out the middle of a long trace: first what nobody speaks of, then all but the ends.
fn leave_out_the_middle(rows: Vec<Row>, view: &View) -> Vec<Row> {
    if rows.len() <= MOST {
        return rows;
    }
    let spoken_of = |row: &Row| row.mark.is_some() || row.steps.clone().any(|step| view.keep.contains(&step));
    let kept = keeping(&rows, |row| spoken_of(row) || row.preempts || row.repeats);
    if kept.len() <= MOST { kept } else { keeping(&rows, spoken_of) }
}

/// The ends, and what is to be kept; three or more other rows in a row become a gap.
fn keeping(rows: &[Row], keep: impl Fn(&Row) -> bool) -> Vec<Row> {
    let stays = |index: usize| index < ENDS.0 || index + ENDS.1 >= rows.len() || keep(&rows[index]);
    let mut kept: Vec<Row> = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let left_out = (at..rows.len()).take_while(|&index| !stays(index)).count();
        if left_out < 3 {
            kept.extend_from_slice(&rows[at..=(at + left_out).min(rows.len() - 1)]);
            at += left_out + 1;
            continue;
        }
        let (first, last) = (&rows[at], &rows[at + left_out - 1]);
        let steps = first.steps.start..last.steps.end;
        kept.push(Row {
            body: Body::Gap(counted(steps.len() as u64, "step")),
            steps,
            preempts: false,
            value: None,
            location: None,
            mark: None,
            ..last.clone()
        });
        at += left_out;
    }
    kept
}
