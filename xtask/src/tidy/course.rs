//! The course's list and its folders agree: what `verify` would refuse, and folders that nobody lists.

use std::collections::BTreeSet;
use std::fs;

use crate::course::Course;
use crate::lines::Fault;
use crate::places::Places;

pub(super) fn check(places: &Places) -> Vec<Fault> {
    let course = match Course::read(places) {
        Ok(course) => course,
        Err(faults) => return faults,
    };
    let listed: BTreeSet<_> = course.exercises().map(|exercise| exercise.dir.clone()).collect();
    let chapters = course.chapters.iter().map(|chapter| places.exercises().join(&chapter.dir));
    let folders = chapters.flat_map(|chapter| fs::read_dir(chapter).into_iter().flatten().flatten());
    let unlisted = folders.map(|folder| folder.path()).filter(|path| path.is_dir() && !listed.contains(path));
    let what = "not listed in exercises/course.toml: add it there, or delete it";
    unlisted.map(|path| Fault::new(places.shown(&path), 0, what)).collect()
}
