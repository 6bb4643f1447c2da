//! `progress`: how far the learner is, a line a chapter.

use colored::Colorize as _;

use crate::course::{Course, Exercise};
use crate::exit::Exit;
use crate::learner::{Learner, State};
use crate::places::Places;
use crate::show::{self, title};

/// How many columns a full bar has.
const BAR: usize = 20;

/// Runs the command. It changes nothing.
pub(crate) fn run(places: &Places) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let mut learner = Learner::look(places, &course);
    show::notices(learner.take_notices());
    let width = course.chapters.iter().map(|chapter| chapter.title.chars().count()).max().unwrap_or(0);
    for chapter in &course.chapters {
        let all: Vec<&Exercise> = chapter.exercises.iter().collect();
        println!("{:width$}  {}", chapter.title, line(&learner, &all));
    }
    let all: Vec<&Exercise> = course.exercises().collect();
    println!("{:width$}  {}", "", line(&learner, &all).bold());
    let count = |state: State| all.iter().filter(|exercise| learner.state(exercise) == state).count();
    let hints: usize = all.iter().map(|exercise| learner.record(exercise).hints).sum();
    let mut besides = vec![(count(State::Begun), "begun"), (count(State::Skipped), "skipped")];
    besides.extend([(count(State::GivenUp), "given up"), (hints, if hints == 1 { "hint seen" } else { "hints seen" })]);
    besides.retain(|(count, _)| *count > 0);
    if !besides.is_empty() {
        let besides: Vec<String> = besides.iter().map(|(count, what)| format!("{count} {what}")).collect();
        println!("\n{}", besides.join(" · "));
    }
    match learner.to_do() {
        Some(exercise) => println!("\nnext: {}: cargo xtask start {}", title(exercise), exercise.name),
        None => println!("\neverything is passed"),
    }
    Ok(Exit::Success)
}

/// `████████············   2 of 5 passed, 3 of 8 points`.
fn line(learner: &Learner<'_>, exercises: &[&Exercise]) -> String {
    let passed: Vec<&&Exercise> = exercises.iter().filter(|exercise| learner.record(exercise).passed).collect();
    let points = passed.iter().map(|exercise| exercise.points).sum::<u32>();
    let of_points = exercises.iter().map(|exercise| exercise.points).sum::<u32>();
    let (done, all) = (passed.len(), exercises.len());
    let full = (BAR * done).checked_div(all).unwrap_or(0);
    let bar = "█".repeat(full) + &"·".repeat(BAR - full);
    format!("{bar} {done:3} of {all} passed, {points} of {of_points} points")
}
