//! The course's list and its folders: all that can be said of them without running anything.

use crate::check_course;
use crate::lines::Fault;
use crate::places::Places;

pub(super) fn check(places: &Places) -> Vec<Fault> {
    check_course::of_folders(places)
}
