//! What the learner has done: `exercises/work/progress.toml`.
//!
//! Design: nothing is ever lost and nothing is ever half written. Every change locks the folder, reads the file
//! afresh (another runner may have written it), and replaces it by a rename. A file that cannot be read is put aside
//! and said; a file of a newer version is left alone, and this run remembers nothing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::lines::line_of;

/// The version of the file's form.
const VERSION: u32 = 1;

const FILE: &str = "progress.toml";

const HEAD: &str = "# Written by `cargo xtask`: what you have done. Commit it with your work.\n";

/// Everything that is remembered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    version: u32,
    /// By the name of the exercise.
    #[serde(default)]
    exercise: BTreeMap<String, Record>,
}

/// What is remembered of one exercise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The hash of the file as the learner was given it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) given: Option<String>,
    /// True once it has passed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) passed: bool,
    /// How many rungs of its hints were shown.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) hints: usize,
    /// True if its solution was shown before it had passed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) gave_up: bool,
    /// What a friendly other version wrote: kept.
    #[serde(flatten)]
    rest: toml::Table,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(value: &usize) -> bool {
    *value == 0
}

impl Progress {
    /// What is remembered of an exercise; nothing if it is new.
    pub(crate) fn of(&self, exercise: &str) -> Record {
        self.exercise.get(exercise).cloned().unwrap_or_default()
    }

    /// To change what is remembered.
    pub(crate) fn entry(&mut self, exercise: &str) -> &mut Record {
        self.exercise.entry(exercise.to_owned()).or_default()
    }
}

/// The file, and whether it may be written.
#[derive(Debug)]
pub(crate) struct Store {
    folder: PathBuf,
    /// What people are to be told, once each.
    notices: Vec<String>,
}

/// What the file holds.
enum Found {
    Usable(Progress),
    Damaged(String),
    Newer(u32),
}

impl Store {
    /// The store in this folder, which must exist when it is first used.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), notices: Vec::new() }
    }

    /// What is remembered.
    pub(crate) fn read(&mut self) -> Progress {
        self.update(|_| {})
    }

    /// Changes what is remembered, and returns all of it. That it could not be saved is a notice, not an error: the
    /// verdicts of this run hold all the same.
    pub(crate) fn update(&mut self, change: impl FnOnce(&mut Progress)) -> Progress {
        let mut progress = Progress::default();
        if let Err(error) = self.try_update(&mut progress, change) {
            self.notice(format!("progress could not be saved: {error}; what you see here holds all the same"));
        }
        progress
    }

    /// What people are to be told, each once.
    pub(crate) fn take_notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }

    fn notice(&mut self, notice: String) {
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }

    fn try_update(&mut self, progress: &mut Progress, change: impl FnOnce(&mut Progress)) -> io::Result<()> {
        // The lock is the folder's own: it needs no file that a learner could wonder about, and ends with the handle.
        let lock = File::open(&self.folder)?;
        lock.lock()?;
        let file = self.folder.join(FILE);
        let mut frozen = false;
        match find(&file)? {
            Found::Usable(found) => *progress = found,
            Found::Damaged(why) => {
                let aside = put_aside(&file)?;
                let aside = aside.file_name().unwrap_or_default().to_string_lossy().into_owned();
                self.notice(format!("{FILE} was damaged ({why}): it is kept as {aside}, and progress is rebuilt"));
            }
            Found::Newer(version) => {
                frozen = true;
                self.notice(format!(
                    "{FILE} is of version {version}, this xtask knows version {VERSION}: it is left alone, and nothing \
                     of this run is remembered; update the repository with `git pull`"
                ));
            }
        }
        let before = progress.clone();
        change(progress);
        if *progress == before || frozen { Ok(()) } else { self.write(&file, progress) }
    }

    /// Replaces the file as a whole.
    fn write(&self, file: &Path, progress: &Progress) -> io::Result<()> {
        let progress = Progress { version: VERSION, ..progress.clone() };
        let text = toml::to_string(&progress).map_err(io::Error::other)?;
        let mut temporary = tempfile::Builder::new().prefix(".progress").tempfile_in(&self.folder)?;
        temporary.write_all(HEAD.as_bytes())?;
        temporary.write_all(text.as_bytes())?;
        // Without this a crash of the machine could leave the new name with the old length of zero.
        temporary.as_file().sync_data()?;
        temporary.persist(file)?;
        Ok(())
    }
}

/// What the file holds; nothing is like an empty progress.
fn find(file: &Path) -> io::Result<Found> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Usable(Progress::default())),
        Err(error) => return Err(error),
    };
    let Ok(text) = String::from_utf8(bytes) else { return Ok(Found::Damaged("it is not UTF-8".to_owned())) };
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return Ok(Found::Damaged(place(&text, &error))),
    };
    match table.get("version").and_then(toml::Value::as_integer) {
        None => return Ok(Found::Damaged("it has no version".to_owned())),
        Some(version) if version > i64::from(VERSION) => {
            return Ok(Found::Newer(u32::try_from(version).unwrap_or(u32::MAX)));
        }
        Some(_) => {}
    }
    Ok(match toml::from_str(&text) {
        Ok(progress) => Found::Usable(progress),
        Err(error) => Found::Damaged(place(&text, &error)),
    })
}

fn place(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map_or(1, |span| line_of(text, span.start));
    format!("line {line}: {}", error.message().replace('\n', " "))
}

/// Renames a damaged file to the first free name.
fn put_aside(file: &Path) -> io::Result<PathBuf> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let free = (1..).map(|number| file.with_file_name(format!("{name}.damaged-{number}")));
    // The folder is locked, so nobody takes the name between the look and the rename.
    let aside = free.into_iter().find(|aside| !aside.exists()).expect("the numbers do not end");
    fs::rename(file, &aside)?;
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::new(folder.path());
        (folder, store)
    }

    #[test]
    fn what_is_remembered_is_there_for_the_next_run() {
        let (folder, mut store) = store();
        assert!(!store.read().of("spawn").passed);
        assert!(!folder.path().join(FILE).exists(), "reading writes nothing");
        store.update(|progress| progress.entry("spawn").passed = true);
        assert!(Store::new(folder.path()).read().of("spawn").passed);
        assert!(store.take_notices().is_empty());
    }

    #[test]
    fn two_runners_at_once_lose_nothing() {
        let (folder, mut store) = store();
        std::thread::scope(|scope| {
            for runner in 0..4 {
                let folder = folder.path();
                scope.spawn(move || {
                    let mut store = Store::new(folder);
                    for step in 0..10 {
                        store.update(|progress| progress.entry(&format!("e{runner}_{step}")).passed = true);
                    }
                });
            }
        });
        assert_eq!(store.read().exercise.len(), 40);
        let left = fs::read_dir(folder.path()).expect("the folder").count();
        assert_eq!(left, 1, "no temporary file is left");
    }

    #[test]
    fn a_damaged_file_is_put_aside_and_said() {
        for damage in ["", "version = ", "version = 1\n[exercise.spawn]\npassed = 3\n", "\u{0}"] {
            let (folder, mut store) = store();
            fs::write(folder.path().join(FILE), damage).expect("a file");
            store.update(|progress| progress.entry("lock").hints = 2);
            let notices = store.take_notices();
            assert!(notices.len() == 1 && notices[0].contains("progress.toml.damaged-1"), "{damage:?}: {notices:?}");
            let kept = fs::read_to_string(folder.path().join("progress.toml.damaged-1")).expect("kept");
            assert_eq!(kept, damage);
            assert_eq!(store.read().of("lock").hints, 2);
        }
    }

    #[test]
    fn a_second_damaged_file_does_not_replace_the_first() {
        let (folder, mut store) = store();
        for number in 1..=2 {
            fs::write(folder.path().join(FILE), [0xff, number]).expect("a file");
            store.read();
            let kept = folder.path().join(format!("progress.toml.damaged-{number}"));
            assert_eq!(fs::read(kept).expect("kept"), [0xff, number]);
        }
    }

    #[test]
    fn a_newer_file_is_left_alone_and_said() {
        let (folder, mut store) = store();
        let newer = "version = 2\nnews = true\n";
        fs::write(folder.path().join(FILE), newer).expect("a file");
        store.update(|progress| progress.entry("spawn").passed = true);
        assert_eq!(fs::read_to_string(folder.path().join(FILE)).expect("there"), newer);
        let notices = store.take_notices();
        assert!(notices.len() == 1 && notices[0].contains("version 2"), "{notices:?}");
    }

    #[test]
    fn line_ends_of_windows_and_unknown_keys_are_kept() {
        let (folder, mut store) = store();
        let text = "version = 1\r\n[exercise.spawn]\r\npassed = true\r\nmood = \"good\"\r\n";
        fs::write(folder.path().join(FILE), text).expect("a file");
        store.update(|progress| progress.entry("spawn").hints = 1);
        let written = fs::read_to_string(folder.path().join(FILE)).expect("there");
        assert!(written.contains("mood = \"good\"") && written.contains("passed = true"), "{written}");
        assert!(store.take_notices().is_empty());
    }

    #[test]
    fn what_cannot_be_saved_is_said_and_the_run_goes_on() {
        let (folder, mut store) = store();
        // A folder of that name cannot be replaced by a file, not even by root.
        fs::create_dir(folder.path().join(FILE)).expect("a folder");
        store.update(|progress| progress.entry("spawn").passed = true);
        let notices = store.take_notices();
        assert!(notices.len() == 1 && notices[0].contains("could not be saved"), "{notices:?}");
    }
}
