//! `start`, `next` and `skip`: go to an exercise, and show what it asks for.

use crate::course::{Course, Exercise};
use crate::exit::Exit;
use crate::learner::Learner;
use crate::places::Places;
use crate::show::{self, from_here, title};

/// Runs `start`: goes to the exercise that is named, or to the one to do.
pub(crate) fn start(places: &Places, name: Option<&str>) -> anyhow::Result<Exit> {
    let is_first = !places.work.exists();
    let course = Course::load(places)?;
    let mut learner = Learner::open(places, &course)?;
    if is_first {
        println!("your copies of the exercises lie in {}\n", from_here(&places.work));
    }
    let exercise = name.map(|name| course.exercise(name)).transpose()?.or_else(|| learner.to_do());
    Ok(go(&mut learner, exercise))
}

/// Runs `skip`: puts an exercise off.
pub(crate) fn skip(places: &Places, name: Option<&str>) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let mut learner = Learner::open(places, &course)?;
    let exercise = super::meant(&course, &learner, name)?;
    let next = learner.skip(exercise);
    println!("{} is put off; to come back: cargo xtask start {}\n", title(exercise), exercise.name);
    Ok(go(&mut learner, next.filter(|next| next.name != exercise.name)))
}

fn go(learner: &mut Learner<'_>, exercise: Option<&Exercise>) -> Exit {
    if let Some(exercise) = exercise {
        learner.go_to(exercise);
        show::task(exercise);
    } else if learner.to_do().is_none() {
        println!("everything is passed: there is nothing left to do");
    } else {
        println!("nothing else is left to do");
    }
    show::notices(learner.take_notices());
    Exit::Success
}
