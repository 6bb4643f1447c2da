//! `reset` and `undo`: exercises back to their start, and what that took away back again. Copies are always kept.

use crate::cli::Reset;
use crate::course::Course;
use crate::exit::Exit;
use crate::learner::{Changed, Learner};
use crate::places::Places;
use crate::show::{self, from_here};
use crate::work::Put;

/// Runs `reset`.
pub(crate) fn run(places: &Places, Reset { names, all: _ }: &Reset) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    // No names mean all, which clap lets through with `--all` only.
    let exercises = course.select(names)?;
    let mut learner = Learner::open(places, &course)?;
    let changed = learner.reset(&exercises)?;
    show::notices(learner.take_notices());
    let mut replaced = false;
    for Changed { exercise, put } in &changed {
        let file = from_here(&exercise.work_file);
        match put {
            Put::Unchanged if changed.len() > 1 => {}
            Put::Unchanged => println!("{file} is as it was given"),
            Put::Made => println!("{file} was not there: made anew"),
            Put::Replaced(copy) => {
                replaced = true;
                println!("{file} is at its start again\n  your version is kept: {}", from_here(copy));
            }
        }
    }
    if changed.len() > 1 && !replaced {
        println!("all files are as they were given");
    }
    if !learner.progress().undo.is_empty() {
        println!("to take this back: cargo xtask undo");
    }
    Ok(Exit::Success)
}

/// Runs `undo`.
pub(crate) fn undo(places: &Places) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let mut learner = Learner::open(places, &course)?;
    let changed = learner.undo()?;
    show::notices(learner.take_notices());
    for Changed { exercise, put } in &changed {
        let file = from_here(&exercise.work_file);
        match put {
            Put::Unchanged => println!("{file} stays as it is; what was remembered of it is back"),
            Put::Made => println!("{file} is back"),
            Put::Replaced(copy) => println!("{file} is back\n  what was there is kept: {}", from_here(copy)),
        }
    }
    if changed.is_empty() {
        println!("there is nothing to undo: nothing was reset");
        return Ok(Exit::Failed);
    }
    println!("the same command again takes this back");
    Ok(Exit::Success)
}
