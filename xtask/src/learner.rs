//! The learner's place in the course, and everything that moves it: one set of operations for all commands and views.
//!
//! Design: each operation changes the state file once, under its lock, and leaves a [`Learner`] that shows what is now
//! remembered. Nothing here prints; what people are to be told comes back, or waits in [`Learner::take_notices`].

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::course::{Course, Exercise};
use crate::exit::Mistake;
use crate::findings;
use crate::hash::Hash;
use crate::hints::{self, RUNGS};
use crate::places::Places;
use crate::progress::{Progress, Record, Store, TakenAway};
use crate::work::{self, Put};

/// How far the learner is with an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It has passed.
    Passed,
    /// The solution was shown before it had passed.
    GivenUp,
    /// Put off.
    Skipped,
    /// The file is not as it was given.
    Begun,
    /// Nothing was done.
    Fresh,
}

impl State {
    /// The word in lists; none for what is fresh.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::GivenUp => "given up",
            Self::Skipped => "skipped",
            Self::Begun => "begun",
            Self::Fresh => "",
        }
    }
}

/// One learner in one course.
#[derive(Debug)]
pub(crate) struct Learner<'a> {
    places: &'a Places,
    course: &'a Course,
    store: Store,
    progress: Progress,
}

/// The hints that may be seen.
#[derive(Debug)]
pub(crate) struct Hints {
    /// What people read above each rung, and its text as Markdown.
    pub(crate) rungs: Vec<(&'static str, String)>,
    /// How many there are besides.
    pub(crate) left: usize,
}

/// How much of the hints is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rungs {
    /// One more.
    OneMore,
    /// All.
    All,
}

/// An exercise whose file was changed, and what that did.
#[derive(Debug)]
pub(crate) struct Changed<'a> {
    /// The exercise.
    pub(crate) exercise: &'a Exercise,
    /// What became of the file.
    pub(crate) put: Put,
}

impl<'a> Learner<'a> {
    /// Makes what is missing of the learner's folder, and reads the state.
    pub(crate) fn open(places: &'a Places, course: &'a Course) -> anyhow::Result<Self> {
        let mut store = Store::new(&places.work);
        let progress = work::make(places, course, &mut store)?;
        Ok(Self { places, course, store, progress })
    }

    /// Reads the state if there is one, and makes nothing.
    pub(crate) fn look(places: &'a Places, course: &'a Course) -> Self {
        let mut store = Store::new(&places.work);
        let progress = if places.work.is_dir() { store.read() } else { Progress::default() };
        Self { places, course, store, progress }
    }

    /// What is remembered of an exercise.
    pub(crate) fn record(&self, exercise: &Exercise) -> Record {
        self.progress.of(&exercise.name)
    }

    /// Everything that is remembered.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What people are to be told about the state file, each once.
    pub(crate) fn take_notices(&mut self) -> Vec<String> {
        self.store.take_notices()
    }

    /// How far the learner is with an exercise.
    pub(crate) fn state(&self, exercise: &Exercise) -> State {
        let record = self.record(exercise);
        match (record.passed, record.gave_up, record.skipped) {
            (true, ..) => State::Passed,
            (_, true, _) => State::GivenUp,
            (.., true) => State::Skipped,
            _ if self.is_edited(exercise) => State::Begun,
            _ => State::Fresh,
        }
    }

    /// True if the learner's file is not as it was given; before the first use nothing was given.
    pub(crate) fn is_edited(&self, exercise: &Exercise) -> bool {
        self.record(exercise).given.is_some() && work::is_edited(exercise, &self.progress)
    }

    /// The exercise that the learner went to last; else the first.
    pub(crate) fn current(&self) -> Option<&'a Exercise> {
        let named = self.progress.current.as_deref();
        self.course
            .exercises()
            .find(|exercise| Some(exercise.name.as_str()) == named)
            .or(self.course.exercises().next())
    }

    /// The exercise to do now: the first from the current one on, around the course, that is neither passed nor put
    /// off; when there is none, the first that is not passed; when all are passed, none.
    pub(crate) fn to_do(&self) -> Option<&'a Exercise> {
        let start = self.current().map_or(0, |current| self.position(current));
        let around = || self.course.exercises().skip(start).chain(self.course.exercises().take(start));
        let is_open = |exercise: &&Exercise| !self.record(exercise).passed;
        let is_wanted = |exercise: &&Exercise| is_open(exercise) && !self.record(exercise).skipped;
        around().find(is_wanted).or_else(|| around().find(is_open))
    }

    fn position(&self, exercise: &Exercise) -> usize {
        self.course.exercises().position(|other| other.name == exercise.name).unwrap_or(0)
    }

    /// Goes to an exercise. One that was put off no longer is.
    pub(crate) fn go_to(&mut self, exercise: &Exercise) {
        self.update(|progress| {
            progress.current = Some(exercise.name.clone());
            if progress.of(&exercise.name).skipped {
                progress.entry(&exercise.name).skipped = false;
            }
        });
    }

    /// Puts an exercise off and goes to the one to do instead.
    pub(crate) fn skip(&mut self, exercise: &Exercise) -> Option<&'a Exercise> {
        self.update(|progress| {
            progress.entry(&exercise.name).skipped = true;
            progress.current = Some(exercise.name.clone());
        });
        let next = self.to_do();
        if let Some(next) = next {
            self.update(|progress| progress.current = Some(next.name.clone()));
        }
        next
    }

    /// Remembers that an exercise has passed.
    pub(crate) fn pass(&mut self, exercise: &Exercise) {
        if !self.record(exercise).passed {
            self.update(|progress| progress.entry(&exercise.name).passed = true);
        }
    }

    /// The hints of an exercise, as many as were seen or are asked for; that they were seen is remembered.
    pub(crate) fn hints(&mut self, exercise: &Exercise, rungs: Rungs) -> anyhow::Result<Hints> {
        let file = exercise.file("hints.md");
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", self.places.shown(&file)))?;
        let count = |seen: usize| match rungs {
            Rungs::OneMore => seen + 1,
            Rungs::All => RUNGS.len(),
        };
        let verdict = findings::last_verdict(self.places, &exercise.name).or(Some(exercise.starter.verdict));
        let rung = |&(rung, meaning): &(&str, &'static str)| {
            let found = hints::rung(&text, rung, verdict)
                .ok_or_else(|| Mistake(format!("{}: the section `## {rung}` is missing", self.places.shown(&file))))?;
            anyhow::Ok((meaning, found))
        };
        let all = RUNGS.iter().map(rung).collect::<anyhow::Result<Vec<_>>>()?;
        // Who has come to another question begins with its first rung.
        let question = all.iter().map(|(_, (heading, _))| *heading).collect::<Vec<_>>().join(" | ");
        let record = self.record(exercise);
        let seen = if record.hinted.as_ref().is_none_or(|hinted| *hinted == question) { record.hints } else { 0 };
        let shown = count(seen).min(RUNGS.len());
        // What could not be remembered is shown all the same.
        if shown > seen || record.hinted.as_ref() != Some(&question) {
            self.update(|progress| {
                let record = progress.entry(&exercise.name);
                (record.hints, record.hinted) = (shown, Some(question));
            });
        }
        let rungs = all[..shown].iter().map(|&(meaning, (_, text))| (meaning, text.to_owned())).collect();
        Ok(Hints { rungs, left: RUNGS.len() - shown })
    }

    /// True if the solution may be shown: the exercise was passed, or is given up (now, if that is said).
    pub(crate) fn may_see_solution(&mut self, exercise: &Exercise, give_up: bool) -> bool {
        let record = self.record(exercise);
        if record.passed || record.gave_up {
            return true;
        }
        if give_up {
            self.update(|progress| progress.entry(&exercise.name).gave_up = true);
        }
        give_up
    }

    /// Puts exercises back to their start: the files, of which copies are kept, and what is remembered of them. If one
    /// cannot be, those before it are done and can be undone.
    pub(crate) fn reset(&mut self, exercises: &[&'a Exercise]) -> anyhow::Result<Vec<Changed<'a>>> {
        let mut changed = Vec::new();
        let mut taken = Vec::new();
        let mut reset = |exercise: &'a Exercise| {
            let file = exercise.file("starter.rs");
            let starter = fs::read(&file).with_context(|| format!("{} cannot be read", self.places.shown(&file)))?;
            let put = work::put(self.places, &exercise.work_file, &starter)?;
            let fresh = Record::given(Hash::of(&starter));
            if put != Put::Unchanged || self.record(exercise) != fresh {
                taken.push((exercise.name.clone(), self.copy_of(&put), fresh));
            }
            changed.push(Changed { exercise, put });
            anyhow::Ok(())
        };
        let done = exercises.iter().try_for_each(|&exercise| reset(exercise));
        if !taken.is_empty() {
            self.update(|progress| {
                progress.undo.clear();
                for (name, copy, fresh) in taken {
                    let record = std::mem::replace(progress.entry(&name), fresh);
                    progress.undo.insert(name, TakenAway { copy, record });
                }
            });
        }
        done.map(|()| changed)
    }

    /// Gives back what the last reset took away, or what the last `undo` did; nothing if there is nothing.
    pub(crate) fn undo(&mut self) -> anyhow::Result<Vec<Changed<'a>>> {
        let mut changed = Vec::new();
        for (name, TakenAway { copy, record }) in self.progress.undo.clone() {
            let Some(exercise) = self.course.exercises().find(|exercise| exercise.name == name) else { continue };
            let put = match copy.map(|copy| self.places.work.join(copy)) {
                Some(copy) => {
                    let shown = self.places.shown(&copy);
                    let contents = fs::read(&copy).with_context(|| format!("{shown} cannot be read"))?;
                    work::put(self.places, &exercise.work_file, &contents)?
                }
                None => Put::Unchanged,
            };
            let copy = self.copy_of(&put);
            self.update(|progress| {
                let record = std::mem::replace(progress.entry(&name), record);
                progress.undo.insert(name, TakenAway { copy, record });
            });
            changed.push(Changed { exercise, put });
        }
        Ok(changed)
    }

    /// The copy that was kept, from the learner's folder on.
    fn copy_of(&self, put: &Put) -> Option<String> {
        let Put::Replaced(copy) = put else { return None };
        let copy: PathBuf = copy.strip_prefix(&self.places.work).unwrap_or(copy).to_path_buf();
        Some(copy.display().to_string())
    }

    fn update(&mut self, change: impl FnOnce(&mut Progress)) {
        self.progress = self.store.update(change);
    }
}

#[cfg(test)]
#[path = "learner_tests.rs"]
mod tests;
