//! `solution`: ours, and why it is right, once the exercise is passed or given up.

use std::fs;

use anyhow::Context as _;

use crate::course::Course;
use crate::exit::Exit;
use crate::learner::Learner;
use crate::places::Places;
use crate::show::{self, markdown, title};

/// Runs the command.
pub(crate) fn run(places: &Places, name: Option<&str>, give_up: bool) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let mut learner = Learner::open(places, &course)?;
    let exercise = super::meant(&course, &learner, name)?;
    let may = learner.may_see_solution(exercise, give_up);
    show::notices(learner.take_notices());
    if !may {
        let name = &exercise.name;
        println!("{} is not passed yet, and finding it yourself is the point.", title(exercise));
        println!("  a hint                    cargo xtask hint {name}");
        println!("  the solution all the same cargo xtask solution {name} --give-up");
        return Ok(Exit::Failed);
    }
    let read = |file: &str| {
        let path = exercise.file(file);
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", places.shown(&path)))
    };
    println!("{}\n\n{}", title(exercise), read("solution.rs")?.trim_end());
    println!("\n{}", markdown(&read("after.md")?).trim_end());
    Ok(Exit::Success)
}
