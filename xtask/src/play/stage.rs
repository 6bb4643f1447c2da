//! The stage: one program of an exercise, which shows how it stands after any schedule. Each question is a run of its
//! own, under the same limits as a check: a step back is the run of a shorter schedule.

use anyhow::Context as _;
use threadcraft_timeline::Schedule;
use threadcraft_timeline::check::{Part, Played as PlayedPart};
use threadcraft_timeline::report::FailureKind;

use crate::exit::Mistake;
use crate::findings::Finding;
use crate::snapshot::{Snapshots, normal};
use crate::terminal;
use crate::verify::{Picture, Played, Ready};

/// How a program stands after a schedule, and what that means for the goal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scene {
    /// What was played.
    pub(crate) played: PlayedPart,
    /// What is to be reached.
    pub(crate) goal: String,
    /// Whether it is reached by this schedule and by what follows of itself; what is seen, in either case.
    pub(crate) reached: Result<String, String>,
}

impl Scene {
    /// True if nothing follows any more.
    pub(crate) fn is_over(&self) -> bool {
        self.played.standing.rows == self.played.trace.steps.len()
    }

    /// The schedule that was played.
    pub(crate) fn taken(&self) -> &Schedule {
        &self.played.standing.taken
    }
}

/// Something that can be asked how it stands after a schedule.
pub(crate) trait Stage {
    /// How it stands.
    fn after(&self, schedule: &Schedule) -> anyhow::Result<Scene>;
}

/// A program of an exercise on the stage.
pub(crate) struct Compiled<'a> {
    ready: Ready<'a>,
    program: Played,
    snapshots: Snapshots,
}

impl<'a> Compiled<'a> {
    /// The program of this exercise.
    pub(crate) fn new(ready: Ready<'a>, program: Played, snapshots: Snapshots) -> Self {
        Self { ready, program, snapshots }
    }
}

impl Stage for Compiled<'_> {
    fn after(&self, schedule: &Schedule) -> anyhow::Result<Scene> {
        let finding = self.ready.play(schedule, self.program)?.context("interrupted")?;
        let part = finding.details.report.as_ref().and_then(|report| report.parts.first());
        match part.and_then(|part| Some((part, part.played.clone()?))) {
            Some((part, played)) => scene(part, played, self.program, &self.snapshots),
            None => Err(Mistake(format!("this program cannot be played: {}", finding.details.said.join("\n"))).into()),
        }
    }
}

/// What is wrong with a program that cannot be played.
pub(crate) fn unplayable(picture: &Picture<'_>, finding: &Finding) -> Mistake {
    let told = picture.draw(&finding.summary, &finding.details);
    Mistake(format!("this program cannot be played\n{}", terminal::plain(&told).trim_end()))
}

/// From the part of a report to a scene.
fn scene(part: &Part, played: PlayedPart, program: Played, snapshots: &Snapshots) -> anyhow::Result<Scene> {
    if let Some(FailureKind::Diverged { step, why }) = part.report.failure.as_ref().map(|failure| &failure.kind) {
        return Err(Mistake(format!("the schedule cannot be followed at letter {step}: {why}")).into());
    }
    let (goal, reached) = match program {
        Played::Given => {
            let claim = part.claims.first().context("the part to be broken has a goal")?;
            (claim.text.clone(), if claim.holds { Ok(ending(part)) } else { Err(claim.seen.clone()) })
        }
        Played::Yours => {
            let goal = "it goes wrong: a deadlock, a race, a lost panic, or against something that must hold";
            let wrong = goes_wrong(part, snapshots);
            (goal.to_owned(), wrong.map_or_else(|| Err(ending(part)), Ok))
        }
    };
    Ok(Scene { played, goal, reached })
}

/// What is wrong with one execution, if anything is.
fn goes_wrong(part: &Part, snapshots: &Snapshots) -> Option<String> {
    if part.report.failure.is_some() {
        return Some(ending(part));
    }
    if let Some(claim) = part.claims.iter().find(|claim| !claim.holds) {
        return Some(format!("it does not hold that {}: {}", claim.text, claim.seen));
    }
    let snapshot = part.snapshot.as_ref()?;
    let expected = snapshots.expected(&snapshot.name).ok()?;
    let allowed = crate::verify::holds(expected, &normal(&snapshot.contents));
    (!allowed).then(|| format!("it ends with `{}`, which must not be", snapshot.contents))
}

/// How the execution ends.
fn ending(part: &Part) -> String {
    match (&part.report.failure, part.examples.first()) {
        (Some(failure), _) => format!("it ends in a {}", failure.kind.name().replace('-', " ")),
        (None, Some(example)) if !example.outcome.is_empty() => format!("it ends with `{}`", example.outcome),
        (None, _) => "it ends well".to_owned(),
    }
}
