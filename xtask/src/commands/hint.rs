//! `hint`: three rungs, one more each time: where to look, the idea, the tool.

use colored::Colorize as _;

use crate::course::Course;
use crate::exit::Exit;
use crate::learner::{Learner, Rungs};
use crate::places::Places;
use crate::show::{self, markdown, title};

/// Runs the command.
pub(crate) fn run(places: &Places, name: Option<&str>, all: bool) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let mut learner = Learner::open(places, &course)?;
    let exercise = super::meant(&course, &learner, name)?;
    let hints = learner.hints(exercise, if all { Rungs::All } else { Rungs::OneMore })?;
    show::notices(learner.take_notices());
    println!("{}", title(exercise));
    for (meaning, text) in &hints.rungs {
        println!("\n{}\n{}", meaning.bold(), markdown(text).trim_end());
    }
    match hints.left {
        0 => println!("\nthat is all; our solution: cargo xtask solution {} --give-up", exercise.name),
        1 => println!("\none more hint: the same command again"),
        more => println!("\n{more} more hints: the same command again"),
    }
    Ok(Exit::Success)
}
