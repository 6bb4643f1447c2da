//! `exercises/course.toml`: the only list of the course. Read whole, checked whole; every fault is told at once,
//! with its line, so that an author repairs it in one go.

mod read;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

use crate::exit::Mistake;
use crate::lines::{Fault, listed};
use crate::places::Places;
use crate::verdict::Verdict;

/// What every exercise's folder holds.
pub(crate) const FILES: [&str; 6] = ["task.md", "starter.rs", "solution.rs", "check.rs", "hints.md", "after.md"];

/// The whole course, in order.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// Its chapters.
    pub(crate) chapters: Vec<Chapter>,
}

/// A chapter: a folder of exercises.
#[derive(Debug, Clone)]
pub(crate) struct Chapter {
    /// The folder, such as `02_races`.
    pub(crate) dir: String,
    /// What people read.
    pub(crate) title: String,
    /// Its exercises, in order.
    pub(crate) exercises: Vec<Exercise>,
}

/// One exercise.
#[derive(Debug, Clone)]
pub(crate) struct Exercise {
    /// Its number in the whole course.
    pub(crate) number: u32,
    /// Its name, unique in the course; also the name of its folder and of the learner's file.
    pub(crate) name: String,
    /// The folder of its chapter.
    pub(crate) chapter: String,
    /// How it is checked.
    pub(crate) kind: Kind,
    /// Its difficulty, 1 to 3.
    pub(crate) stars: u8,
    /// What it teaches.
    pub(crate) concepts: Vec<String>,
    /// What passing it is worth.
    pub(crate) points: u32,
    /// The line of course.toml that names it.
    pub(crate) line: usize,
    /// The verdict of the starter as it is given.
    pub(crate) starter: Declared,
    /// The verdict that each near miss must get, by its file under `wrong/`.
    pub(crate) wrong: BTreeMap<String, Declared>,
    /// Statements of the solution that it could do without.
    pub(crate) spare: Vec<Spare>,
    /// The folder.
    pub(crate) dir: PathBuf,
    /// The learner's copy.
    pub(crate) work_file: PathBuf,
}

/// A verdict that the course declares, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Declared {
    /// What a file must get.
    pub(crate) verdict: Verdict,
    /// The line of course.toml.
    pub(crate) line: usize,
}

/// A statement of the solution that has to do with synchronisation, and that the check does not miss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spare {
    /// Its text, with single spaces between its words.
    pub(crate) statement: String,
    /// Why the solution has it, though it is right without.
    pub(crate) reason: String,
    /// The line of course.toml.
    pub(crate) line: usize,
}

/// The kinds of check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Kind {
    /// What each thread prints.
    #[serde(rename = "O")]
    Output,
    /// The set of outcomes over all interleavings.
    #[serde(rename = "S")]
    Outcomes,
    /// A property on all interleavings.
    #[serde(rename = "P")]
    Property,
    /// It must compile, and then do what is asked.
    #[serde(rename = "C")]
    Compiles,
    /// The learner writes a schedule that breaks the given program.
    #[serde(rename = "B")]
    Break,
    /// First break it, then repair its outcomes.
    #[serde(rename = "B→S")]
    BreakThenOutcomes,
    /// First break it, then make a property hold.
    #[serde(rename = "B→P")]
    BreakThenProperty,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 7] = [
        Self::Output,
        Self::Outcomes,
        Self::Property,
        Self::Compiles,
        Self::Break,
        Self::BreakThenOutcomes,
        Self::BreakThenProperty,
    ];

    /// True if the learner's first task is a schedule: the check then needs the program as it was given.
    pub(crate) fn breaks(self) -> bool {
        matches!(self, Self::Break | Self::BreakThenOutcomes | Self::BreakThenProperty)
    }

    /// The letters in course.toml.
    pub(crate) fn letters(self) -> &'static str {
        match self {
            Self::Output => "O",
            Self::Outcomes => "S",
            Self::Property => "P",
            Self::Compiles => "C",
            Self::Break => "B",
            Self::BreakThenOutcomes => "B→S",
            Self::BreakThenProperty => "B→P",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    /// As in course.toml, or with `->` where a keyboard has no arrow.
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.letters() == text.replace("->", "→"));
        found.ok_or_else(|| format!("one of {}", Self::ALL.map(Self::letters).join(", ")))
    }
}

impl Chapter {
    /// True if this folder's name, with its number or without, is meant.
    pub(crate) fn is_called(&self, asked: &str) -> bool {
        self.dir == asked || self.dir.split_once('_').is_some_and(|(_, name)| name == asked)
    }
}

impl Exercise {
    /// The difficulty as people see it.
    pub(crate) fn stars(&self) -> String {
        "★".repeat(usize::from(self.stars))
    }

    /// One of the exercise's own files.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

impl Course {
    /// Reads the course; every fault of it is one [`Mistake`].
    pub(crate) fn load(places: &Places) -> anyhow::Result<Self> {
        Self::read(places).map_err(|faults| {
            let told = listed(&faults);
            Mistake(format!("the course is broken, nothing was checked; restore it with git\n{told}")).into()
        })
    }

    /// Reads the course, or tells all its faults.
    pub(crate) fn read(places: &Places) -> Result<Self, Vec<Fault>> {
        let (course, faults) = Self::read_what_there_is(places);
        if faults.is_empty() { Ok(course) } else { Err(faults) }
    }

    /// Reads as much of the course as there is, and tells all faults: for authors, who want to see more than the first.
    pub(crate) fn read_what_there_is(places: &Places) -> (Self, Vec<Fault>) {
        read::read(places)
    }

    /// All exercises, in order.
    pub(crate) fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.chapters.iter().flat_map(|chapter| &chapter.exercises)
    }

    /// The one exercise of this name or number.
    pub(crate) fn exercise(&self, asked: &str) -> anyhow::Result<&Exercise> {
        let found = self.exercises().find(|exercise| is_meant(exercise, asked));
        found.ok_or_else(|| self.unknown(asked).into())
    }

    /// The exercises that are meant by names, numbers and chapters, in the order of the course; all for none.
    pub(crate) fn select(&self, asked: &[String]) -> anyhow::Result<Vec<&Exercise>> {
        for name in asked {
            if !self.exercises().any(|exercise| is_meant(exercise, name) || is_chapter(exercise, name)) {
                return Err(self.unknown(name).into());
            }
        }
        let meant = |exercise: &Exercise| {
            asked.is_empty() || asked.iter().any(|name| is_meant(exercise, name) || is_chapter(exercise, name))
        };
        Ok(self.exercises().filter(|exercise| meant(exercise)).collect())
    }

    /// What to say of a name that nothing has.
    fn unknown(&self, asked: &str) -> Mistake {
        let nearest = self.exercises().map(|exercise| {
            let ratio = similar::TextDiff::from_chars(asked, exercise.name.as_str()).ratio();
            (ratio, exercise.name.as_str())
        });
        let nearest = nearest.max_by(|left, right| left.0.total_cmp(&right.0)).filter(|(ratio, _)| *ratio > 0.5);
        let guess = nearest.map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?"));
        Mistake(format!("there is no exercise `{asked}`{guess} (`cargo xtask list` shows all)"))
    }
}

fn is_meant(exercise: &Exercise, asked: &str) -> bool {
    exercise.name == asked || asked.parse() == Ok(exercise.number)
}

fn is_chapter(exercise: &Exercise, asked: &str) -> bool {
    let asked = asked.trim_end_matches('/');
    exercise.chapter == asked || exercise.chapter.split_once('_').is_some_and(|(_, name)| name == asked)
}

/// The names of the Rust files in a folder, sorted; none if there is no such folder.
pub(crate) fn rust_files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(".rs"));
    names.sort();
    names
}

/// Names become file names, module names and program names.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
