//! `hint`: three rungs, one more each time: where to look, the idea, the tool.

use std::fs;

use anyhow::Context as _;
use colored::Colorize as _;

use crate::course::Course;
use crate::exit::{Exit, Mistake};
use crate::places::Places;
use crate::progress::Store;
use crate::show::{markdown, section, title};
use crate::work;

/// The rungs, in the order of climbing: the heading in hints.md, and what people read.
const RUNGS: [(&str, &str); 3] = [("look", "where to look"), ("idea", "the idea"), ("tool", "the tool")];

/// Runs the command.
pub(crate) fn run(places: &Places, name: &str, all: bool) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let exercise = course.exercise(name)?;
    let file = exercise.file("hints.md");
    let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", places.shown(&file)))?;
    let mut store = Store::new(&places.work);
    work::make(places, &course, &mut store)?;
    let progress = store.update(|progress| {
        let record = progress.entry(&exercise.name);
        record.hints = if all { RUNGS.len() } else { (record.hints + 1).min(RUNGS.len()) };
    });
    super::say_notices(&mut store);
    // What could not be remembered is shown all the same.
    let shown = progress.of(&exercise.name).hints.clamp(1, RUNGS.len());
    println!("{}", title(exercise));
    for (heading, meaning) in &RUNGS[..shown] {
        let section = section(&text, heading)
            .ok_or_else(|| Mistake(format!("{}: the section `## {heading}` is missing", places.shown(&file))))?;
        println!("\n{}\n{}", meaning.bold(), markdown(section).trim_end());
    }
    match RUNGS.len() - shown {
        0 => println!("\nthat is all; our solution: cargo xtask solution {} --give-up", exercise.name),
        1 => println!("\none more hint: the same command again"),
        more => println!("\n{more} more hints: the same command again"),
    }
    Ok(Exit::Success)
}
