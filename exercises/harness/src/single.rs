//! One program on one given schedule: the breaking part of an exercise, and what `--schedule` shows.

use std::fmt::Debug;

use threadcraft_explore::Replayed;
use threadcraft_explore::check::{Claim, Part, PartKind};
use threadcraft_explore::report::{FailureKind, Report};
use threadcraft_explore::schedule::Schedule;

use crate::compare::{Compare, Outcome};
use crate::goal::Goal;
use crate::search::{self, Run};

/// The schedule does not break the program (yet).
const NOT_BROKEN: &str = "not-broken";

/// The schedule cannot be read or followed.
const BAD_SCHEDULE: &str = "bad-schedule";

/// Runs the given program on the learner's schedule and says whether that reaches the goal.
pub(crate) fn break_part<R: Debug + 'static>(run: &Run<R>, text: &str, goal: &Goal) -> Part {
    let empty = text.trim().is_empty();
    let (replayed, answer) = follow(run, text, search::outcome_of::<R>(Compare::Nothing, None));
    let answer = answer.and_then(|()| {
        let execution = &replayed.as_ref().expect("followed").execution;
        goal.reached(execution).map_err(|seen| {
            let seen = if empty { format!("SCHEDULE is still empty: as it stands, {seen}") } else { seen };
            (NOT_BROKEN, seen)
        })
    });
    part("break it", PartKind::Break, replayed, vec![claim(goal.text().to_owned(), answer)])
}

/// Runs a program on a schedule that was asked for.
pub(crate) fn replay_part<R: Debug + 'static>(
    title: &str,
    run: &Run<R>,
    text: &str,
    outcome: Option<Box<Outcome>>,
) -> Part {
    let (replayed, answer) = follow(run, text, outcome);
    part(title, PartKind::Replay, replayed, vec![claim("the schedule can be followed".to_owned(), answer)])
}

/// Says of a part that it is run only when the program is broken.
pub(crate) fn put_off(title: &str) -> Claim {
    claim(format!("{title}: checked once the program is broken"), Err((NOT_BROKEN, "not run yet".to_owned())))
}

/// Reads and follows a schedule: what came of it, and what is wrong with the schedule itself.
fn follow<R: Debug + 'static>(
    run: &Run<R>,
    text: &str,
    outcome: Option<Box<Outcome>>,
) -> (Option<Replayed>, Result<(), (&'static str, String)>) {
    let schedule: Schedule = match text.parse() {
        Ok(schedule) => schedule,
        Err(error) => return (None, Err((BAD_SCHEDULE, format!("`{text}` is not a schedule: {error}")))),
    };
    let replayed = search::run_on(run, &schedule, outcome);
    let answer = match &replayed.failure {
        Some(failure) => match &failure.kind {
            FailureKind::Diverged { step, why } => {
                Err((BAD_SCHEDULE, format!("`{text}` cannot be followed at letter {step}: {why}")))
            }
            _ => Ok(()),
        },
        None => Ok(()),
    };
    (Some(replayed), answer)
}

fn claim(text: String, answer: Result<(), (&'static str, String)>) -> Claim {
    let holds = answer.is_ok();
    let (verdict, seen) = answer.err().unwrap_or((NOT_BROKEN, String::new()));
    Claim { text, holds, verdict: verdict.to_owned(), seen, refuted_by: None }
}

fn part(title: &str, kind: PartKind, replayed: Option<Replayed>, claims: Vec<Claim>) -> Part {
    let report = replayed.as_ref().map_or_else(|| Report::empty("the schedule cannot be read"), Report::of_one);
    let examples = replayed.map_or_else(Vec::new, search::only_example);
    Part { title: title.to_owned(), kind, report, claims, snapshot: None, examples }
}
