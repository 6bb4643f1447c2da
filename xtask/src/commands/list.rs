//! `list`: the course, and how far the learner is.

use colored::Colorize as _;
use serde::Serialize;

use crate::cli::ListFormat;
use crate::course::{Course, Exercise};
use crate::exit::Exit;
use crate::learner::{Learner, State};
use crate::places::Places;
use crate::results::Standing;
use crate::show::{self, mark};

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
    skipped: bool,
}

/// Runs the command. It changes nothing: before the first `verify` all is as given.
pub(crate) fn run(places: &Places, format: ListFormat) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let mut learner = Learner::look(places, &course);
    show::notices(learner.take_notices());
    match format {
        ListFormat::Human => human(&course, &learner),
        ListFormat::Json => {
            let entries: Vec<Entry<'_>> = course.exercises().map(|exercise| entry(exercise, &learner)).collect();
            println!("{}", serde_json::to_string_pretty(&entries)?);
        }
    }
    Ok(Exit::Success)
}

fn entry<'a>(exercise: &'a Exercise, learner: &Learner<'_>) -> Entry<'a> {
    let record = learner.record(exercise);
    Entry {
        number: exercise.number,
        name: &exercise.name,
        chapter: &exercise.chapter,
        kind: exercise.kind.letters(),
        stars: exercise.stars,
        points: exercise.points,
        concepts: &exercise.concepts,
        passed: record.passed,
        edited: learner.is_edited(exercise),
        hints: record.hints,
        gave_up: record.gave_up,
        skipped: record.skipped,
    }
}

fn human(course: &Course, learner: &Learner<'_>) {
    let name_width = course.exercises().map(|exercise| exercise.name.len()).max().unwrap_or(0);
    for chapter in &course.chapters {
        println!("{}", chapter.title.bold());
        for exercise in &chapter.exercises {
            let state = learner.state(exercise);
            let standing = if state == State::Passed { Standing::Done } else { Standing::ToDo };
            let line = format!(
                "{:>4} {:name_width$}  {:<3}  {:3}  {:<8}  {}",
                exercise.number,
                exercise.name,
                exercise.stars(),
                exercise.kind.letters(),
                state.word(),
                exercise.concepts.join(", ").dimmed()
            );
            println!("  {}{}", mark(standing), line.trim_end());
        }
    }
    let passed: Vec<&Exercise> = course.exercises().filter(|exercise| learner.record(exercise).passed).collect();
    let points: u32 = passed.iter().map(|exercise| exercise.points).sum();
    let of_points: u32 = course.exercises().map(|exercise| exercise.points).sum();
    println!("\n{} of {} passed, {points} of {of_points} points", passed.len(), course.exercises().count());
}
