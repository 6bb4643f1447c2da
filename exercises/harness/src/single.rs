//! One program on one given schedule: the breaking part of an exercise, what `--schedule` shows, and what `play` plays.

use threadcraft_explore::Replayed;
use threadcraft_explore::check::{Claim, Part, PartKind, Played, Snapshot};
use threadcraft_explore::report::{FailureKind, Report};
use threadcraft_explore::schedule::Schedule;

use crate::goal::Goal;
use crate::program::Program;
use crate::run::Run;
use crate::search::{self, Single};

/// The schedule does not break the program (yet).
const NOT_BROKEN: &str = "not-broken";

/// The schedule cannot be read or followed.
const BAD_SCHEDULE: &str = "bad-schedule";

/// Runs the given program on the learner's schedule and says whether that reaches the goal.
pub(crate) fn break_part(run: &Run, text: &str, goal: &Goal) -> Part {
    let mut part = broken(Single::new(run), text, goal);
    if text.trim().is_empty() {
        for claim in part.claims.iter_mut().filter(|claim| !claim.holds) {
            claim.seen = format!("SCHEDULE is still empty: as it stands, {}", claim.seen);
        }
    }
    part
}

/// The same for a schedule that is being played: besides, how the program stands.
pub(crate) fn play_given(run: &Run, text: &str, goal: &Goal) -> Part {
    broken(Single::new(run).played(), text, goal)
}

fn broken(single: Single<'_>, text: &str, goal: &Goal) -> Part {
    let (replayed, answer) = follow(single, text);
    let answer = answer.and_then(|()| {
        let execution = &replayed.as_ref().expect("followed").execution;
        goal.reached(execution).map_err(|seen| (NOT_BROKEN, seen))
    });
    part("break it", PartKind::Break, replayed, vec![claim(goal.text().to_owned(), answer)])
}

/// Runs a program on a schedule that was asked for.
pub(crate) fn replay_part(title: &str, single: Single<'_>, text: &str) -> Part {
    let (replayed, answer) = follow(single, text);
    part(title, PartKind::Replay, replayed, vec![claim(CAN_BE_FOLLOWED.to_owned(), answer)])
}

const CAN_BE_FOLLOWED: &str = "the schedule can be followed";

/// The learner's program on a schedule that is being played: how it stands, and what this one execution says of all that
/// must hold on every schedule.
pub(crate) fn play_yours(program: Program, text: &str) -> Part {
    let Program { run, claims, compare, outcome, settings, .. } = program;
    let outcome = search::outcome_of(&run, compare, outcome);
    let single = Single { outcome, settings, ..Single::new(&run) }.played();
    let (replayed, answer) = follow(single, text);
    let followed = claim(CAN_BE_FOLLOWED.to_owned(), answer);
    let execution = replayed.as_ref().map(|replayed| replayed.execution.clone()).filter(|_| followed.holds);
    let mut part = part("your program on this schedule", PartKind::Replay, replayed, vec![followed]);
    if let Some(execution) = execution {
        part.claims.extend(claims.into_iter().filter_map(|claim| claim.on_one(&execution)));
        part.snapshot = execution.outcome.as_deref().and_then(|outcome| {
            let (name, verdict) = compare.snapshot()?;
            Some(Snapshot { name: name.to_owned(), contents: outcome.to_owned(), verdict: verdict.to_owned() })
        });
    }
    part
}

/// Says of a part that it is run only when the program is broken.
pub(crate) fn put_off(title: &str) -> Claim {
    claim(format!("{title}: checked once the program is broken"), Err((NOT_BROKEN, "not run yet".to_owned())))
}

/// Reads and follows a schedule: what came of it, and what is wrong with the schedule itself.
fn follow(single: Single<'_>, text: &str) -> (Option<Replayed>, Result<(), (&'static str, String)>) {
    let schedule: Schedule = match text.parse() {
        Ok(schedule) => schedule,
        Err(error) => return (None, Err((BAD_SCHEDULE, format!("`{text}` is not a schedule: {error}")))),
    };
    let replayed = search::run_on(single, &schedule);
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
    let report = match &replayed {
        Some(replayed) => replayed.clone().into_report(),
        None => Report::empty("the schedule cannot be read"),
    };
    let played = replayed
        .as_ref()
        .and_then(|replayed| Some(Played { standing: replayed.standing.clone()?, trace: replayed.trace.clone() }));
    let examples = replayed.map_or_else(Vec::new, search::only_example);
    Part { title: title.to_owned(), kind, report, claims, snapshot: None, examples, played }
}
