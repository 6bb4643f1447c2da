//! `exercises/course.toml`: the only list of the course. Read whole, checked whole; every fault is told at once,
//! with its line, so that an author repairs it in one go.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::exit::Mistake;
use crate::lines::{Fault, line_of, listed};
use crate::places::Places;
use crate::verdict::Verdict;

/// The version of the file's form.
const VERSION: u32 = 1;

/// What every exercise's folder holds.
const FILES: [&str; 6] = ["task.md", "starter.rs", "solution.rs", "check.rs", "hints.md", "after.md"];

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
    /// The verdict of the starter as it is given.
    pub(crate) starter: Verdict,
    /// The verdict that each near miss must get, by its file under `wrong/`.
    pub(crate) wrong: BTreeMap<String, Verdict>,
    /// The folder.
    pub(crate) dir: PathBuf,
    /// The learner's copy.
    pub(crate) work_file: PathBuf,
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
        let path = places.course();
        let shown = places.shown(&path);
        let text = fs::read_to_string(&path).map_err(|error| vec![Fault::new(&shown, 0, error.to_string())])?;
        let form: FileForm = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_of(&text, span.start));
            vec![Fault::new(&shown, line, error.message().replace('\n', " "))]
        })?;
        let mut reader = Reader { text: &text, shown, places, faults: Vec::new() };
        let course = reader.course(form);
        reader.faults.sort();
        if reader.faults.is_empty() { Ok(course) } else { Err(reader.faults) }
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

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    version: Spanned<u32>,
    #[serde(default)]
    chapter: Vec<ChapterForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChapterForm {
    dir: Spanned<String>,
    title: String,
    #[serde(default)]
    exercise: Vec<ExerciseForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExerciseForm {
    number: Spanned<u32>,
    name: Spanned<String>,
    kind: Kind,
    stars: Spanned<u8>,
    concepts: Vec<String>,
    starter: Spanned<Verdict>,
    points: Option<u32>,
    wrong: Spanned<BTreeMap<String, Spanned<Verdict>>>,
}

/// Turns the form into a course and collects what does not fit.
struct Reader<'a> {
    text: &'a str,
    shown: String,
    places: &'a Places,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault<T>(&mut self, at: &Spanned<T>, what: impl Into<String>) {
        self.faults.push(Fault::new(self.shown.clone(), line_of(self.text, at.span().start), what));
    }

    fn course(&mut self, form: FileForm) -> Course {
        if *form.version.get_ref() != VERSION {
            self.fault(
                &form.version,
                format!("version {} is not known; this xtask reads version {VERSION}", form.version.get_ref()),
            );
        }
        if form.chapter.is_empty() {
            self.faults.push(Fault::new(self.shown.clone(), 0, "the course has no chapter: add a [[chapter]]"));
        }
        let (mut names, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        for exercise in form.chapter.iter().flat_map(|chapter| &chapter.exercise) {
            if !names.insert(exercise.name.get_ref().clone()) {
                self.fault(&exercise.name, format!("the name `{}` is taken: choose another", exercise.name.get_ref()));
            }
            if !numbers.insert(*exercise.number.get_ref()) {
                self.fault(
                    &exercise.number,
                    format!("the number {} is taken: choose another", exercise.number.get_ref()),
                );
            }
        }
        Course { chapters: form.chapter.into_iter().map(|chapter| self.chapter(chapter)).collect() }
    }

    fn chapter(&mut self, form: ChapterForm) -> Chapter {
        let dir = form.dir.get_ref().clone();
        if !is_name(&dir) || !self.places.exercises().join(&dir).is_dir() {
            self.fault(&form.dir, format!("there is no folder exercises/{dir}"));
        }
        let exercises = form.exercise.into_iter().map(|exercise| self.exercise(&dir, exercise)).collect();
        Chapter { title: form.title, exercises, dir }
    }

    fn exercise(&mut self, chapter: &str, form: ExerciseForm) -> Exercise {
        let name = form.name.get_ref().clone();
        if !is_name(&name) {
            self.fault(&form.name, format!("the name `{name}` may have small letters, digits and _ only"));
        }
        if !(1..=3).contains(form.stars.get_ref()) {
            self.fault(&form.stars, "stars go from 1 to 3");
        }
        if form.starter.get_ref().is_passed() {
            self.fault(&form.starter, "a starter that passes leaves nothing to do: declare how it fails");
        }
        let dir = self.places.exercises().join(chapter).join(&name);
        for file in FILES.iter().filter(|file| !dir.join(file).is_file()) {
            self.fault(&form.name, format!("{} is missing", self.places.shown(&dir.join(file))));
        }
        self.near_misses(&dir, &form.wrong);
        Exercise {
            number: *form.number.get_ref(),
            chapter: chapter.to_owned(),
            kind: form.kind,
            stars: *form.stars.get_ref(),
            concepts: form.concepts,
            points: form.points.unwrap_or(u32::from(*form.stars.get_ref())),
            starter: *form.starter.get_ref(),
            wrong: form.wrong.into_inner().into_iter().map(|(file, verdict)| (file, verdict.into_inner())).collect(),
            work_file: self.places.work.join(chapter).join(format!("{name}.rs")),
            dir,
            name,
        }
    }

    /// The declared near misses are those that lie in `wrong/`.
    fn near_misses(&mut self, dir: &Path, declared: &Spanned<BTreeMap<String, Spanned<Verdict>>>) {
        let there = rust_files(&dir.join("wrong"));
        for (file, verdict) in declared.get_ref() {
            if verdict.get_ref().is_passed() {
                self.fault(verdict, format!("{file} is a near miss, it cannot be declared to pass"));
            }
            if !there.contains(file) {
                self.fault(verdict, format!("{} is missing", self.places.shown(&dir.join("wrong").join(file))));
            }
        }
        for file in there.iter().filter(|file| !declared.get_ref().contains_key(*file)) {
            let path = self.places.shown(&dir.join("wrong").join(file));
            self.fault(declared, format!("{path} has no declared verdict: add it to `wrong`"));
        }
    }
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
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
