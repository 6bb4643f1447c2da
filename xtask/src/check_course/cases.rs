//! The programs of an exercise, and what each must get.

use std::borrow::Cow;
use std::fs;
use std::path::PathBuf;

use crate::course::{Exercise, Kind, rust_files};
use crate::places::Places;
use crate::verdict::Verdict;
use crate::verify::Subject;

/// What a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// As the learner gets it.
    Starter,
    /// Ours.
    Solution,
    /// Another right one.
    Right,
    /// A near miss.
    Wrong,
    /// An empty file, or a `main` that does nothing.
    Empty,
}

/// A program that is checked, and what it must get.
#[derive(Debug, Clone)]
pub(crate) struct Case<'a> {
    /// The program.
    pub(crate) subject: Subject<'a>,
    /// What it is.
    pub(crate) role: Role,
    /// The verdict, and the line of course.toml if it is declared there.
    expected: Expected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Passed,
    Declared(Verdict, usize),
    /// Whatever is not a pass.
    AnyFailure,
}

impl Case<'_> {
    /// Where the fault lies and what it is, if this verdict is not the one that the program must get: the file, or a line
    /// of course.toml.
    pub(crate) fn refuted_by(&self, verdict: Verdict) -> Option<(Option<usize>, String)> {
        let file = self.subject.file.file_name().unwrap_or_default().to_string_lossy();
        match self.expected {
            Expected::Passed if verdict.is_passed() => None,
            Expected::Passed => Some((None, format!("it must pass, and gets `{verdict}`: mend it, or the check"))),
            Expected::Declared(declared, _) if declared == verdict => None,
            Expected::Declared(declared, line) if verdict.is_passed() => {
                let what = match self.role {
                    Role::Starter => "leave the learner something to do, or mend the check",
                    _ => "the check misses the mistake; if there is none, move the file to right/",
                };
                Some((Some(line), format!("{file} is declared to get `{declared}`, and passes: {what}")))
            }
            Expected::Declared(declared, line) => Some((
                Some(line),
                format!(
                    "{file} is declared to get `{declared}`, and gets `{verdict}`: declare that, or mend the check"
                ),
            )),
            Expected::AnyFailure if !verdict.is_passed() && verdict != Verdict::CourseError => None,
            Expected::AnyFailure => Some((
                None,
                format!("{file} must fail, and gets `{verdict}`: let the check ask for the threads or for the result"),
            )),
        }
    }
}

/// All programs of an exercise.
pub(crate) fn of<'a>(places: &Places, exercise: &'a Exercise) -> anyhow::Result<Vec<Case<'a>>> {
    let own = |file: &str, role: Role, expected: Expected| case(exercise, exercise.file(file), role, expected);
    let starter = Expected::Declared(exercise.starter.verdict, exercise.starter.line);
    let mut cases =
        vec![own("starter.rs", Role::Starter, starter), own("solution.rs", Role::Solution, Expected::Passed)];
    for file in rust_files(&exercise.file("right")) {
        cases.push(own(&format!("right/{file}"), Role::Right, Expected::Passed));
    }
    cases.extend(near_misses(exercise));
    for file in empty(places, exercise)? {
        cases.push(case(exercise, file, Role::Empty, Expected::AnyFailure));
    }
    Ok(cases)
}

/// The near misses that are declared.
pub(crate) fn near_misses(exercise: &Exercise) -> impl Iterator<Item = Case<'_>> {
    exercise.wrong.iter().map(move |(file, declared)| {
        let expected = Expected::Declared(declared.verdict, declared.line);
        case(exercise, exercise.file("wrong").join(file), Role::Wrong, expected)
    })
}

fn case(exercise: &Exercise, file: PathBuf, role: Role, expected: Expected) -> Case<'_> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let folder = file.parent().and_then(|folder| folder.file_name()).unwrap_or_default().to_string_lossy();
    let place = if folder == exercise.name.as_str() { Cow::Borrowed("own") } else { folder };
    let bin = format!("{}-{place}-{stem}", exercise.name);
    Case { subject: Subject { exercise, file, bin }, role, expected }
}

/// Makes the files that no exercise may let pass: nothing, and a `main` that does nothing, beside a schedule that solves
/// the breaking part.
fn empty(places: &Places, exercise: &Exercise) -> anyhow::Result<[PathBuf; 2]> {
    let folder = places.of_this_work().join("empty").join(&exercise.name);
    fs::create_dir_all(&folder)?;
    let solution = fs::read_to_string(exercise.file("solution.rs")).unwrap_or_default();
    let schedule = solution.lines().find(|line| line.starts_with("pub const SCHEDULE")).unwrap_or_default();
    // Where the schedule is all that is asked for, it must not be given.
    let schedule = if exercise.kind == Kind::Break { "pub const SCHEDULE: &str = \"\";" } else { schedule };
    let texts = [("nothing.rs", String::new()), ("empty_main.rs", format!("{schedule}\npub fn main() {{}}\n"))];
    for (file, text) in &texts {
        let file = folder.join(file);
        // Written only if it changes: time stamps tell cargo what to compile.
        if fs::read_to_string(&file).ok().as_ref() != Some(text) {
            fs::write(&file, text)?;
        }
    }
    Ok(texts.map(|(file, _)| folder.join(file)))
}
