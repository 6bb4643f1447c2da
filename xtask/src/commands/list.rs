//! `list`: the course, and how far the learner is.

use colored::Colorize as _;
use serde::Serialize;

use crate::cli::Format;
use crate::course::{Course, Exercise};
use crate::exit::Exit;
use crate::places::Places;
use crate::progress::{Progress, Store};
use crate::show::mark;
use crate::verify::Standing;
use crate::work;

/// One exercise, for machines.
#[derive(Serialize)]
struct Entry<'a> {
    number: u32,
    name: &'a str,
    chapter: &'a str,
    kind: &'static str,
    stars: u8,
    points: u32,
    concepts: &'a [String],
    /// True if it has passed once.
    passed: bool,
    /// True if the learner's file is not as it was given.
    edited: bool,
    hints: usize,
    gave_up: bool,
}

/// Runs the command. It changes nothing: before the first `verify` all is as given.
pub(crate) fn run(places: &Places, format: Format) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let mut store = Store::new(&places.work);
    let progress = if places.work.is_dir() { store.read() } else { Progress::default() };
    super::say_notices(&mut store);
    match format {
        Format::Human => human(&course, &progress),
        Format::Json => {
            let entries: Vec<Entry<'_>> = course.exercises().map(|exercise| entry(exercise, &progress)).collect();
            println!("{}", serde_json::to_string_pretty(&entries)?);
        }
    }
    Ok(Exit::Success)
}

fn is_edited(exercise: &Exercise, progress: &Progress) -> bool {
    progress.of(&exercise.name).given.is_some() && work::is_edited(exercise, progress)
}

fn entry<'a>(exercise: &'a Exercise, progress: &Progress) -> Entry<'a> {
    let record = progress.of(&exercise.name);
    Entry {
        number: exercise.number,
        name: &exercise.name,
        chapter: &exercise.chapter,
        kind: exercise.kind.letters(),
        stars: exercise.stars,
        points: exercise.points,
        concepts: &exercise.concepts,
        passed: record.passed,
        edited: is_edited(exercise, progress),
        hints: record.hints,
        gave_up: record.gave_up,
    }
}

fn human(course: &Course, progress: &Progress) {
    let name_width = course.exercises().map(|exercise| exercise.name.len()).max().unwrap_or(0);
    for chapter in &course.chapters {
        println!("{}", chapter.title.bold());
        for exercise in &chapter.exercises {
            let record = progress.of(&exercise.name);
            let standing = if record.passed { Standing::Done } else { Standing::ToDo };
            let state = match (record.passed, record.gave_up, is_edited(exercise, progress)) {
                (true, ..) => "passed",
                (false, true, _) => "given up",
                (false, false, true) => "begun",
                (false, false, false) => "",
            };
            let line = format!(
                "{:>4} {:name_width$}  {:<3}  {:3}  {:<8}  {}",
                exercise.number,
                exercise.name,
                exercise.stars(),
                exercise.kind.letters(),
                state,
                exercise.concepts.join(", ").dimmed()
            );
            println!("  {}{}", mark(standing), line.trim_end());
        }
    }
    let passed: Vec<&Exercise> = course.exercises().filter(|exercise| progress.of(&exercise.name).passed).collect();
    let points: u32 = passed.iter().map(|exercise| exercise.points).sum();
    let of_points: u32 = course.exercises().map(|exercise| exercise.points).sum();
    println!("\n{} of {} passed, {points} of {of_points} points", passed.len(), course.exercises().count());
}
