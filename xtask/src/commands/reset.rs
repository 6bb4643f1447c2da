//! `reset`: an exercise back to its start, with a copy of what was there.

use crate::course::Course;
use crate::exit::Exit;
use crate::places::Places;
use crate::progress::Store;
use crate::show::from_here;
use crate::work::{self, Reset};

/// Runs the command.
pub(crate) fn run(places: &Places, name: &str) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let exercise = course.exercise(name)?;
    let mut store = Store::new(&places.work);
    work::make(places, &course, &mut store)?;
    let file = from_here(&exercise.work_file);
    match work::reset(places, exercise, &mut store)? {
        Reset::Unchanged => println!("{file} is as it was given: nothing to do"),
        Reset::Made => println!("{file} was not there: made anew"),
        Reset::Replaced(copy) => println!("{file} is at its start again\nyour version is kept: {}", from_here(&copy)),
    }
    super::say_notices(&mut store);
    Ok(Exit::Success)
}
