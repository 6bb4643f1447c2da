//! `prove`, for course authors: that every check can tell right from wrong.
//!
//! Of each exercise: the starter and each near miss get their declared verdicts, the solution and every other right
//! solution passes, an empty file and an empty `main` (beside a schedule that solves the breaking part) fail. One cargo
//! call compiles all.

use std::borrow::Cow;
use std::fs;
use std::path::PathBuf;

use colored::Colorize as _;
use serde::Serialize;

use crate::cli::Format;
use crate::course::{Course, Exercise, Kind, rust_files};
use crate::exit::Exit;
use crate::places::Places;
use crate::process::Limits;
use crate::verdict::Verdict;
use crate::verify::{Checked, Checker, Picture, Subject};

/// What a file must get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Exactly(Verdict),
    /// Whatever is not a pass.
    AnyFailure,
}

impl Expected {
    fn is_met_by(self, verdict: Verdict) -> bool {
        match self {
            Self::Exactly(expected) => verdict == expected,
            Self::AnyFailure => !verdict.is_passed() && verdict != Verdict::CourseError,
        }
    }
}

/// One file, and what came of it.
#[derive(Serialize)]
struct Proof<'a> {
    exercise: &'a str,
    /// From the repository on; an empty file by its name alone.
    file: String,
    /// What it must get.
    expected: &'static str,
    verdict: Verdict,
    /// True if that is what it must get.
    met: bool,
    /// What was checked, in a few words.
    checked: &'a str,
    /// What a learner reads of it, at 80 columns and without colours.
    diagnosis: String,
}

/// Runs the command.
pub(crate) fn run(places: &Places, names: &[String], format: Format) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let mut cases = Vec::new();
    for exercise in course.select(names)? {
        cases.extend(self::cases(exercise, &Empty::make(places, exercise)?));
    }
    let subjects: Vec<Subject<'_>> = cases.iter().map(|(subject, _)| subject.clone()).collect();
    let bar = format == Format::Human;
    let checker = Checker { places, limits: Limits::default(), offline: false, again: false, schedule: None, bar };
    let results = checker.check(&subjects, &|_, _| {})?;
    let mut proofs = Vec::new();
    for (checked, (subject, expected)) in results.iter().zip(&cases) {
        let Some(checked) = checked else { return Ok(Exit::Interrupted) };
        proofs.push(proof(places, checked, subject, *expected));
    }
    match format {
        Format::Human => tell(&proofs),
        Format::Json => println!("{}", serde_json::to_string_pretty(&proofs)?),
    }
    Ok(if proofs.iter().all(|proof| proof.met) { Exit::Success } else { Exit::Failed })
}

/// Files that no exercise may let pass.
struct Empty {
    nothing: PathBuf,
    empty_main: PathBuf,
}

impl Empty {
    fn make(places: &Places, exercise: &Exercise) -> anyhow::Result<Self> {
        let folder = places.generated.join("empty").join(&exercise.name);
        fs::create_dir_all(&folder)?;
        let empty = Self { nothing: folder.join("nothing.rs"), empty_main: folder.join("empty_main.rs") };
        let solution = fs::read_to_string(exercise.file("solution.rs"))?;
        let schedule = solution.lines().find(|line| line.starts_with("pub const SCHEDULE")).unwrap_or_default();
        // Where the schedule is all that is asked for, it must not be given.
        let schedule = if exercise.kind == Kind::Break { "pub const SCHEDULE: &str = \"\";" } else { schedule };
        // Written only if it changes: time stamps tell cargo what to compile.
        for (file, text) in
            [(&empty.nothing, String::new()), (&empty.empty_main, format!("{schedule}\npub fn main() {{}}\n"))]
        {
            if fs::read_to_string(file).ok().as_ref() != Some(&text) {
                fs::write(file, text)?;
            }
        }
        Ok(empty)
    }
}

/// All files of an exercise, with what they must get.
fn cases<'a>(exercise: &'a Exercise, empty: &Empty) -> Vec<(Subject<'a>, Expected)> {
    let case = |file: PathBuf, expected: Expected| {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let folder = file.parent().and_then(|folder| folder.file_name()).unwrap_or_default().to_string_lossy();
        let place = if folder == exercise.name.as_str() { Cow::Borrowed("own") } else { folder };
        let bin = format!("{}-{place}-{stem}", exercise.name);
        (Subject { exercise, file, bin }, expected)
    };
    let mut cases = vec![
        case(exercise.file("starter.rs"), Expected::Exactly(exercise.starter.verdict)),
        case(exercise.file("solution.rs"), Expected::Exactly(Verdict::Passed)),
    ];
    for file in rust_files(&exercise.file("right")) {
        cases.push(case(exercise.file("right").join(file), Expected::Exactly(Verdict::Passed)));
    }
    for (file, declared) in &exercise.wrong {
        cases.push(case(exercise.file("wrong").join(file), Expected::Exactly(declared.verdict)));
    }
    cases.push(case(empty.nothing.clone(), Expected::AnyFailure));
    cases.push(case(empty.empty_main.clone(), Expected::AnyFailure));
    cases
}

fn proof<'a>(places: &Places, checked: &'a Checked, subject: &'a Subject<'_>, expected: Expected) -> Proof<'a> {
    let verdict = checked.summary.verdict;
    let (exercise, path) = (subject.exercise.name.as_str(), subject.file.as_path());
    let picture = Picture { exercise, file: path, places, width: 80, colors: false };
    let generated = path.starts_with(&places.generated).then(|| path.file_name().unwrap_or_default().to_string_lossy());
    Proof {
        exercise,
        file: generated.map_or_else(|| places.shown(path), Cow::into_owned),
        expected: match expected {
            Expected::Exactly(verdict) => verdict.name(),
            Expected::AnyFailure => "a failure",
        },
        verdict,
        met: expected.is_met_by(verdict),
        checked: &checked.summary.checked,
        diagnosis: picture.draw(&checked.summary, &checked.details.read()),
    }
}

/// A line a file; what is not as it must be is shown in full.
fn tell(proofs: &[Proof<'_>]) {
    for Proof { exercise, file, expected, verdict, met, checked, diagnosis } in proofs {
        let mark = if *met { "✓".green() } else { "✗".red() };
        println!("{mark} {exercise:12} {file}: {verdict}: {checked}");
        if !met {
            println!("  it must get: {expected}\n{diagnosis}\n");
        }
    }
    let right = proofs.iter().filter(|proof| proof.met).count();
    println!("\n{right} of {} files get the verdict that they must get", proofs.len());
}
