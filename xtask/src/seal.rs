//! Notices when files of the course change while programs run: then no result is believed.
//!
//! A file counts as changed when its length, its number or one of its times differs. The time of change cannot be set
//! by a program, so contents need not be read. The learner's own folder is left out: people save while checks run.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::places::Places;

/// The files of the course as they were.
#[derive(Debug)]
pub(crate) struct Seal<'a> {
    places: &'a Places,
    files: Files,
}

/// By their paths as plain text: to compare paths component by component takes longer than to ask for the files.
type Files = BTreeMap<OsString, Stamp>;

/// What is known of a file without reading it; of a folder, only that it is there.
#[derive(Debug, Default, PartialEq, Eq)]
struct Stamp {
    length: u64,
    number: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(data: &Metadata) -> Self {
        Self {
            length: data.len(),
            number: data.ino(),
            written: (data.mtime(), data.mtime_nsec()),
            changed: (data.ctime(), data.ctime_nsec()),
        }
    }
}

impl<'a> Seal<'a> {
    /// Of the course as it is now.
    pub(crate) fn new(places: &'a Places) -> Self {
        Self { places, files: files(places) }
    }

    /// The first file that has changed since, come or gone.
    pub(crate) fn broken(&self) -> Option<PathBuf> {
        let now = files(self.places);
        if now == self.files {
            return None;
        }
        let changed = self.files.iter().find(|(file, stamp)| now.get(*file) != Some(*stamp));
        let come = || now.keys().find(|file| !self.files.contains_key(*file));
        changed.map(|(file, _)| file).or_else(come).map(PathBuf::from)
    }
}

fn files(places: &Places) -> Files {
    let mut files = BTreeMap::new();
    collect(&places.exercises(), &places.work, &mut files);
    files
}

/// Collects the files below a folder. Links are not followed: what they lead to is not the course's.
fn collect(folder: &Path, without: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(data) = entry.metadata() else { continue };
        if data.is_dir() && path != without {
            collect(&path, without, files);
            files.insert(path.into(), Stamp::default());
        } else if !data.is_dir() {
            files.insert(path.into(), Stamp::of(&data));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_removed_or_added_breaks_the_seal_and_the_learner_s_files_do_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().to_path_buf();
        let places = Places { work: root.join("exercises/work"), generated: root.join("target"), root };
        let check = places.exercises().join("01/one/check.rs");
        fs::create_dir_all(check.parent().expect("a folder")).expect("made");
        fs::create_dir_all(&places.work).expect("made");
        fs::write(&check, "check").expect("written");
        let seal = Seal::new(&places);
        fs::write(places.work.join("one.rs"), "mine").expect("written");
        assert_eq!(seal.broken(), None);
        // Of the same length, and with the old time of writing.
        let written = fs::metadata(&check).and_then(|data| data.modified()).expect("a time");
        fs::write(&check, "CHECK").expect("written");
        fs::File::options().write(true).open(&check).and_then(|file| file.set_modified(written)).expect("set");
        assert_eq!(seal.broken(), Some(check.clone()));
        let seal = Seal::new(&places);
        fs::remove_file(&check).expect("removed");
        assert_eq!(seal.broken(), Some(check.clone()));
        let seal = Seal::new(&places);
        fs::write(&check, "check").expect("written");
        assert_eq!(seal.broken(), Some(check));
        let seal = Seal::new(&places);
        let chapter = places.exercises().join("02");
        fs::create_dir(&chapter).expect("made");
        assert_eq!(seal.broken(), Some(chapter));
    }
}
