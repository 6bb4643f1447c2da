//! From the file to the course: its form, and what does not fit.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::{Chapter, Course, Declared, Exercise, FILES, Kind, Spare, is_name, rust_files};
use crate::lines::{Fault, line_of};
use crate::places::Places;
use crate::verdict::Verdict;

/// The version of the file's form.
const VERSION: u32 = 1;

/// Reads as much of the course as there is, and tells all faults.
pub(super) fn read(places: &Places) -> (Course, Vec<Fault>) {
    let path = places.course();
    let shown = places.shown(&path);
    let nothing = |line: usize, what: String| (Course { chapters: Vec::new() }, vec![Fault::new(&shown, line, what)]);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => return nothing(0, error.to_string()),
    };
    let form: FileForm = match toml::from_str(&text) {
        Ok(form) => form,
        Err(error) => {
            let line = error.span().map_or(0, |span| line_of(&text, span.start));
            return nothing(line, error.message().replace('\n', " "));
        }
    };
    let mut reader = Reader { text: &text, shown, places, faults: Vec::new() };
    let course = reader.course(form);
    reader.faults.sort();
    (course, reader.faults)
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
    #[serde(default)]
    spare: BTreeMap<String, Spanned<String>>,
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
        self.faults.push(Fault::new(self.shown.clone(), self.line(at), what));
    }

    fn line<T>(&self, at: &Spanned<T>) -> usize {
        line_of(self.text, at.span().start)
    }

    fn declared(&self, verdict: &Spanned<Verdict>) -> Declared {
        Declared { verdict: *verdict.get_ref(), line: self.line(verdict) }
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
            line: self.line(&form.name),
            starter: self.declared(&form.starter),
            wrong: form.wrong.get_ref().iter().map(|(file, verdict)| (file.clone(), self.declared(verdict))).collect(),
            spare: form.spare.into_iter().map(|(statement, reason)| self.spare(statement, reason)).collect(),
            work_file: self.places.work.join(chapter).join(format!("{name}.rs")),
            dir,
            name,
        }
    }

    fn spare(&mut self, statement: String, reason: Spanned<String>) -> Spare {
        if reason.get_ref().trim().is_empty() {
            self.fault(&reason, format!("say why the solution does without `{statement}`"));
        }
        let line = self.line(&reason);
        Spare { statement, reason: reason.into_inner(), line }
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
