//! The folders of the course: what lies in them, and what can be said of their texts without running anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::seeds;
use crate::course::{Course, Exercise, FILES, Kind, rust_files};
use crate::hints;
use crate::lines::Fault;
use crate::places::Places;

/// What is to be written is marked so; in two pieces, as tidy looks for the word.
pub(crate) const MARK: &str = concat!("TO", "DO");

/// A task is read before anything else: it has one screen.
const TASK_LINES: usize = 25;

/// The texts are shown beside code, in a terminal.
const COLUMNS: usize = 88;

/// What is said when an exercise is passed, besides why its solution is right, or why the program goes wrong.
const AFTER: [&str; 2] = ["## The law", "## In Python"];

/// All faults of the course's list and of its folders.
pub(crate) fn faults(places: &Places) -> Vec<Fault> {
    let (course, mut faults) = Course::read_what_there_is(places);
    faults.extend(in_order(places, &course));
    for chapter in &course.chapters {
        faults.extend(readme(places, &chapter.dir));
    }
    faults.extend(unlisted(places, &course));
    faults.extend(course.exercises().flat_map(|exercise| of_exercise(places, exercise)));
    faults.extend(seeds::faults(places, &course));
    faults.sort();
    faults
}

/// The faults of one exercise's folder.
pub(crate) fn of_exercise(places: &Places, exercise: &Exercise) -> Vec<Fault> {
    Folder { places, exercise }.faults()
}

/// The numbers go up: the list is the course's order.
fn in_order(places: &Places, course: &Course) -> Vec<Fault> {
    let all: Vec<&Exercise> = course.exercises().collect();
    let list = places.shown(&places.course());
    let pairs = all.windows(2).filter(|pair| pair[1].number < pair[0].number);
    let what = |pair: &[&Exercise]| format!("number {} stands after {}: move it", pair[1].number, pair[0].number);
    pairs.map(|pair| Fault::new(&list, pair[1].line, what(pair))).collect()
}

/// A chapter says what it is about, and the course says that there is the chapter.
fn readme(places: &Places, chapter: &str) -> Vec<Fault> {
    let dir = places.exercises().join(chapter);
    let file = dir.join("README.md");
    let mut faults = marks(places, &file);
    if !file.is_file() {
        faults.push(Fault::new(places.shown(&file), 0, "missing: say in one screen what the chapter is about"));
    }
    let course = places.exercises().join("README.md");
    if !text(&course).contains(&format!("({chapter}/README.md)")) {
        let what = format!("the chapter {chapter} is not in the list: add `[…]({chapter}/README.md)`");
        faults.push(Fault::new(places.shown(&course), 0, what));
    }
    faults
}

/// Folders that nobody lists.
fn unlisted(places: &Places, course: &Course) -> Vec<Fault> {
    let listed: BTreeSet<&PathBuf> = course.exercises().map(|exercise| &exercise.dir).collect();
    let chapters = course.chapters.iter().map(|chapter| places.exercises().join(&chapter.dir));
    let folders = chapters.flat_map(|chapter| entries(&chapter));
    let unlisted = folders.filter(|path| path.is_dir() && !listed.contains(path));
    let what = "not listed in exercises/course.toml: add it there, or delete it";
    unlisted.map(|path| Fault::new(places.shown(&path), 0, what)).collect()
}

/// One exercise's folder.
struct Folder<'a> {
    places: &'a Places,
    exercise: &'a Exercise,
}

impl Folder<'_> {
    fn faults(&self) -> Vec<Fault> {
        [self.entry(), self.strays(), self.programs(), self.texts(), self.unfinished(), self.given_away()].concat()
    }

    fn at(&self, file: &str) -> PathBuf {
        self.exercise.file(file)
    }

    fn fault(&self, file: &str, line: usize, what: impl Into<String>) -> Fault {
        Fault::new(self.places.shown(&self.at(file)), line, what)
    }

    /// The entry in the list.
    fn entry(&self) -> Vec<Fault> {
        let Exercise { name, line, concepts, .. } = self.exercise;
        let list = self.places.shown(&self.places.course());
        let fault = |what: String| Fault::new(&list, *line, what);
        let mut seen = BTreeSet::new();
        let mut faults: Vec<Fault> = concepts
            .iter()
            .filter(|concept| !seen.insert(*concept))
            .map(|concept| fault(format!("{name}: the concept `{concept}` stands there twice: once is enough")))
            .collect();
        if concepts.is_empty() || concepts.iter().any(|concept| concept.trim().is_empty() || concept == MARK) {
            faults.push(fault(format!("{name}: name the concepts that it teaches")));
        }
        let wanted = if self.exercise.stars == 3 { 3 } else { 2 };
        if self.exercise.wrong.len() < wanted {
            let found = self.exercise.wrong.len();
            faults.push(fault(format!("{name}: {found} near misses, and it needs {wanted}: add wrong/*.rs")));
        }
        if rust_files(&self.at("right")).is_empty() {
            faults.push(fault(format!("{name}: add a second right solution, of another shape, as right/*.rs")));
        }
        faults
    }

    /// Files that no part of the course looks at: misspelt, or left over.
    fn strays(&self) -> Vec<Fault> {
        let places = self.places;
        let mut faults = Vec::new();
        for path in entries(&self.exercise.dir) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let known = FILES.contains(&name.as_str()) || name.ends_with(".snap");
            if !(known || path.is_dir() && ["right", "wrong"].contains(&name.as_str())) {
                faults.push(Fault::new(places.shown(&path), 0, stray(&name, &FILES)));
            }
        }
        for folder in ["right", "wrong"] {
            for path in entries(&self.at(folder)) {
                let is = |end: &str| path.extension().is_some_and(|extension| extension == end);
                let of_a_near_miss = folder == "wrong" && is("snap") && path.with_extension("rs").is_file();
                if !is("rs") && !of_a_near_miss {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    faults.push(Fault::new(places.shown(&path), 0, stray(&name, &[])));
                }
            }
        }
        faults
    }

    /// The programs say what they are, and no two are the same.
    fn programs(&self) -> Vec<Fault> {
        let mut files: Vec<String> = ["starter.rs", "solution.rs"].map(str::to_owned).into();
        let mut faults = Vec::new();
        for (folder, word) in [("right", "Right"), ("wrong", "Wrong")] {
            for name in rust_files(&self.at(folder)) {
                let file = format!("{folder}/{name}");
                if !text(&self.at(&file)).starts_with(&format!("//! {word}: ")) {
                    faults.push(self.fault(&file, 1, format!("begin with `//! {word}: …` and why")));
                }
                files.push(file);
            }
        }
        let mut seen: BTreeMap<String, &String> = BTreeMap::new();
        for file in &files {
            let text = text(&self.at(file));
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            if code.trim().is_empty() {
                continue;
            }
            if let Some(other) = seen.get(&code) {
                faults.push(self.fault(file, 0, format!("the same program as {other}: delete one")));
            } else {
                seen.insert(code, file);
            }
        }
        faults
    }

    fn texts(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for file in ["task.md", "hints.md", "after.md"] {
            for (index, line) in text(&self.at(file)).lines().enumerate() {
                let width = line.chars().count();
                if width > COLUMNS {
                    faults.push(self.fault(file, index + 1, format!("{width} columns: break the line at {COLUMNS}")));
                }
            }
        }
        faults.extend(self.task());
        if self.at("hints.md").is_file() {
            let wrong = hints::faults(&text(&self.at("hints.md")));
            faults.extend(wrong.into_iter().map(|(line, what)| self.fault("hints.md", line, what)));
        }
        let after = text(&self.at("after.md"));
        let breaks = self.exercise.kind == Kind::Break;
        let why = if breaks { "## Why it goes wrong" } else { "## Why it is right" };
        for heading in
            [&[why], &AFTER[..]].concat().iter().filter(|heading| !after.lines().any(|line| line == **heading))
        {
            if self.at("after.md").is_file() {
                faults.push(self.fault("after.md", 0, format!("add `{heading}`")));
            }
        }
        faults
    }

    fn task(&self) -> Vec<Fault> {
        let task = text(&self.at("task.md"));
        if !self.at("task.md").is_file() {
            return Vec::new();
        }
        let mut faults = Vec::new();
        let Exercise { number, name, .. } = self.exercise;
        let title = format!("# {number} · {name} {}", self.exercise.stars());
        let first = task.lines().next().unwrap_or_default();
        let rest = first.strip_prefix(title.as_str());
        if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" (")) {
            faults.push(self.fault("task.md", 1, format!("begin with `{title}`, as in course.toml")));
        }
        let lines = task.lines().count();
        if lines > TASK_LINES {
            faults.push(self.fault("task.md", TASK_LINES + 1, format!("{lines} lines: {TASK_LINES} must do")));
        }
        if !task.contains("**Example") {
            faults.push(self.fault("task.md", 0, "add an **Example** that is unlike the test"));
        }
        faults
    }

    /// The starter says where to begin, and nothing else has anything left to do.
    fn unfinished(&self) -> Vec<Fault> {
        let mut files: Vec<String> =
            FILES.iter().filter(|file| **file != "starter.rs").map(ToString::to_string).collect();
        for folder in ["right", "wrong"] {
            files.extend(rust_files(&self.at(folder)).into_iter().map(|name| format!("{folder}/{name}")));
        }
        let mut faults: Vec<Fault> = files.iter().flat_map(|file| marks(self.places, &self.at(file))).collect();
        if self.at("starter.rs").is_file() && !text(&self.at("starter.rs")).contains(MARK) {
            faults.push(self.fault("starter.rs", 0, format!("mark the place to work at with `// {MARK}: …`")));
        }
        faults
    }

    /// The schedule that breaks the program is for the learner to find.
    fn given_away(&self) -> Vec<Fault> {
        let solution = text(&self.at("solution.rs"));
        let line = solution.lines().find_map(|line| line.strip_prefix("pub const SCHEDULE: &str = \""));
        let Some(schedule) = line.map(|line| line.trim_end_matches("\";")) else {
            let lacks = self.exercise.kind.breaks() && self.at("solution.rs").is_file();
            let what = "add `pub const SCHEDULE: &str = \"…\";`, which breaks the given program";
            return if lacks { vec![self.fault("solution.rs", 0, what)] } else { Vec::new() };
        };
        let mut files = vec!["task.md", "hints.md", "starter.rs"];
        if self.exercise.kind == Kind::Break {
            files.push("check.rs");
        }
        let tells = |file: &&str| {
            let text = text(&self.at(file));
            let at =
                text.lines().position(|line| ["`", "\""].iter().any(|q| line.contains(&format!("{q}{schedule}{q}"))));
            Some(self.fault(file, at? + 1, format!("gives the answer `{schedule}` away: take another example")))
        };
        files.iter().filter_map(tells).collect()
    }
}

/// What to say of a file that does not belong where it lies.
fn stray(name: &str, known: &[&str]) -> String {
    let nearest = known.iter().map(|known| (similar::TextDiff::from_chars(name, *known).ratio(), known));
    match nearest.max_by(|left, right| left.0.total_cmp(&right.0)).filter(|(ratio, _)| *ratio > 0.7) {
        Some((_, known)) => format!("nothing reads this: should it be `{known}`?"),
        None if name.ends_with(".snap.new") => "waits for review: `cargo insta review`, or delete it".to_owned(),
        None => "nothing reads this: delete it".to_owned(),
    }
}

/// What is still marked as to be written.
fn marks(places: &Places, file: &Path) -> Vec<Fault> {
    let text = text(file);
    let marked = text.lines().enumerate().filter(|(_, line)| line.contains(MARK));
    let what = format!("`{MARK}`: write what is missing here");
    marked.map(|(index, _)| Fault::new(places.shown(file), index + 1, &what)).collect()
}

/// The text of a file; what is missing is told elsewhere.
fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_default()
}

/// What lies in a folder, in order.
fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
