//! What `verify` does: chooses, checks what has changed, remembers, and shows.

mod bar;
mod checker;
mod diagnosis;
mod human;
mod machine;
mod outside;

use std::sync::Mutex;

pub(crate) use bar::Told;
pub(crate) use checker::{Checked, Checker, Played, Ready, Subject};
pub(crate) use diagnosis::{Picture, holds};

use crate::cli::{Format, Verify};
use crate::course::{Course, Exercise};
use crate::exit::{Exit, Mistake};
use crate::findings::{Later, Summary};
use crate::learner::Learner;
use crate::places::Places;
use crate::process::{Limits, is_fenced};
use crate::progress::Progress;
use crate::results::{self, Standing};
use crate::verdict::Verdict;
use crate::work;

/// One exercise with what was found, for showing.
pub(crate) struct Row<'a> {
    /// The exercise.
    pub(crate) exercise: &'a Exercise,
    /// In short.
    pub(crate) summary: Summary,
    /// In full, where it may be shown.
    pub(crate) details: Later,
    /// True if it was not checked now, as nothing had changed.
    pub(crate) unchanged: bool,
    /// How the learner stands to it.
    pub(crate) standing: Standing,
    /// How many rungs of its hints were shown.
    pub(crate) hints: usize,
    /// True if its solution was shown before it had passed.
    pub(crate) gave_up: bool,
}

/// Everything that is shown of one `verify`.
pub(crate) struct Outcome<'a> {
    pub(crate) places: &'a Places,
    pub(crate) options: &'a Verify,
    pub(crate) course: &'a Course,
    /// The exercise to do next, if one is left.
    pub(crate) next: Option<&'a Exercise>,
    pub(crate) rows: Vec<Row<'a>>,
    /// How many exercises were asked for, in all shards.
    pub(crate) selected: usize,
    /// What is to be said besides: about the progress file.
    pub(crate) notices: Vec<String>,
    /// True if Ctrl-C left some out.
    pub(crate) interrupted: bool,
}

/// Runs the command.
pub(crate) fn run(places: &Places, options: &Verify) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let mut chosen = course.select(&options.names)?;
    if options.schedule.is_some() && chosen.len() != 1 {
        return Err(Mistake(
            "--schedule runs one exercise: name it, as in `cargo xtask verify lost_update --schedule bc`".into(),
        )
        .into());
    }
    let selected = chosen.len();
    if let Some(shard) = options.shard {
        let mut place = 0..;
        chosen.retain(|_| place.next().is_some_and(|place| shard.has(place)));
    }
    // Our own solutions are nobody's progress.
    let learner = if options.solutions { None } else { Some(Learner::open(places, &course)?) };
    let progress = learner.as_ref().map(|learner| learner.progress().clone()).unwrap_or_default();
    let subjects: Vec<Subject<'_>> = chosen.iter().map(|exercise| subject(exercise, options.solutions)).collect();
    let learner = Mutex::new(learner);
    // Each pass is saved at once: a later crash does not take it away.
    let remember = |checked: &Checked, subject: &Subject<'_>| {
        if checked.summary.verdict.is_passed()
            && options.schedule.is_none()
            && let Some(learner) = learner.lock().expect("nobody panics with it").as_mut()
        {
            learner.pass(subject.exercise);
        }
    };
    let checked = checker(places, options).check(&subjects, &remember)?;
    let interrupted = checked.iter().any(Option::is_none);
    let mut learner = learner.into_inner().expect("nobody panics with it");
    let mut notices = learner.as_mut().map(Learner::take_notices).unwrap_or_default();
    if !is_fenced() {
        notices.push("this system has no Landlock: a program could write outside its folder".to_owned());
    }
    let next = learner.as_ref().and_then(Learner::to_do);
    let rows = rows(checked, &subjects, &progress);
    let outcome = Outcome { places, options, course: &course, next, rows, selected, notices, interrupted };
    match options.format {
        Format::Human => human::show(&outcome),
        format => machine::results(&outcome).show(format)?,
    }
    Ok(outcome.exit())
}

fn checker<'a>(places: &'a Places, options: &'a Verify) -> Checker<'a> {
    let limits = Limits { time: options.time_limit, memory: options.memory_limit << 20, ..Limits::default() };
    Checker {
        places,
        limits,
        offline: options.offline,
        again: options.no_cache || options.schedule.is_some(),
        afresh: false,
        schedule: options.schedule.as_ref(),
        progress: if options.format == Format::Human { Told::Bar } else { Told::Hidden },
    }
}

fn subject<'a>(exercise: &'a Exercise, solutions: bool) -> Subject<'a> {
    if solutions {
        let bin = format!("solution-{}", exercise.name);
        return Subject { exercise, file: exercise.file("solution.rs"), bin };
    }
    Subject { exercise, file: exercise.work_file.clone(), bin: exercise.name.clone() }
}

fn rows<'a>(checked: Vec<Option<Checked>>, subjects: &[Subject<'a>], progress: &Progress) -> Vec<Row<'a>> {
    let with_subjects = checked.into_iter().zip(subjects);
    with_subjects.filter_map(|(checked, subject)| Some(row(checked?, subject.exercise, progress))).collect()
}

fn row<'a>(checked: Checked, exercise: &'a Exercise, progress: &Progress) -> Row<'a> {
    let record = progress.of(&exercise.name);
    let begun = || record.passed || work::is_edited(exercise, progress);
    let standing = match checked.summary.verdict {
        Verdict::Passed => Standing::Done,
        _ if begun() => Standing::Failing,
        _ => Standing::ToDo,
    };
    let Checked { summary, details, unchanged } = checked;
    Row { exercise, summary, details, unchanged, standing, hints: record.hints, gave_up: record.gave_up }
}

impl Outcome<'_> {
    /// Without names a fresh start is no failure; with names, or strictly, all that was asked for must pass.
    fn is_strict(&self) -> bool {
        self.options.strict || self.options.solutions || !self.options.names.is_empty()
    }

    fn exit(&self) -> Exit {
        let rows = self.rows.iter().map(|row| (row.summary.verdict, row.standing));
        results::exit(self.is_strict(), self.interrupted, rows)
    }
}
