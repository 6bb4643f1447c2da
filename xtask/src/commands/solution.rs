//! `solution`: ours, and why it is right, once the exercise is passed or given up.

use std::fs;

use anyhow::Context as _;

use crate::course::Course;
use crate::exit::Exit;
use crate::places::Places;
use crate::progress::Store;
use crate::show::{markdown, title};
use crate::work;

/// Runs the command.
pub(crate) fn run(places: &Places, name: &str, give_up: bool) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let exercise = course.exercise(name)?;
    let mut store = Store::new(&places.work);
    let progress = work::make(places, &course, &mut store)?;
    let record = progress.of(&exercise.name);
    let name = &exercise.name;
    if !record.passed && !record.gave_up {
        if !give_up {
            super::say_notices(&mut store);
            println!("{} is not passed yet, and finding it yourself is the point.", title(exercise));
            println!("  a hint                    cargo xtask hint {name}");
            println!("  the solution all the same cargo xtask solution {name} --give-up");
            return Ok(Exit::Failed);
        }
        store.update(|progress| progress.entry(name).gave_up = true);
    }
    super::say_notices(&mut store);
    let read = |file: &str| {
        let path = exercise.file(file);
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", places.shown(&path)))
    };
    println!("{}\n\n{}", title(exercise), read("solution.rs")?.trim_end());
    println!("\n{}", markdown(&read("after.md")?).trim_end());
    Ok(Exit::Success)
}
