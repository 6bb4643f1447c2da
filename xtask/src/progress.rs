//! What the learner has done: `exercises/work/progress.toml`.
//!
//! Design: nothing is ever lost and nothing is ever half written. Every change locks the folder, reads the file
//! afresh (another runner may have written it), and replaces it by a rename; a copy of it goes to `.kept`. A file that
//! is damaged is put aside and said, and rebuilt from the copy; one that is gone is rebuilt, too. A file of a newer
//! version is left alone, and this run remembers nothing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::lines::line_of;
use crate::work::replace;

/// The version of the file's form.
const VERSION: u32 = 1;

const FILE: &str = "progress.toml";

/// Where the copy of the last save lies, in the learner's folder.
const COPY: &str = ".kept/progress.toml";

const HEAD: &str = "# Written by `cargo xtask`: what you have done. Commit it with your work.\n";

/// Everything that is remembered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    version: u32,
    /// The exercise that the learner went to last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) current: Option<String>,
    /// By the name of the exercise.
    #[serde(default)]
    exercise: BTreeMap<String, Record>,
    /// What the last reset took away, by the name of the exercise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) undo: BTreeMap<String, TakenAway>,
    /// What a friendly other version wrote: kept.
    #[serde(flatten)]
    rest: toml::Table,
}

/// What a reset took away, and `undo` gives back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TakenAway {
    /// The copy of the learner's file, from the learner's folder on; none if there was no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) copy: Option<String>,
    /// What was remembered.
    #[serde(default)]
    pub(crate) record: Record,
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
    /// The headings of those rungs, which depend on what went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hinted: Option<String>,
    /// True if its solution was shown before it had passed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) gave_up: bool,
    /// True if the learner put it off.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) skipped: bool,
    /// What a friendly other version wrote: kept.
    #[serde(flatten)]
    rest: toml::Table,
}

impl Record {
    /// Of an exercise whose file was just given, with these contents.
    pub(crate) fn given(contents: Hash) -> Self {
        Self { given: Some(contents.to_string()), ..Self::default() }
    }
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
    Missing,
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
            Found::Missing => *progress = self.copy(|| format!("{FILE} was gone")).unwrap_or_default(),
            Found::Damaged(why) => {
                let aside = put_aside(&file)?;
                let aside = aside.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let what = format!("{FILE} was damaged ({why}) and is kept as {aside}");
                *progress = self.copy(|| what.clone()).unwrap_or_else(|| {
                    self.notice(format!("{what}: progress is rebuilt by what passes the next `cargo xtask verify`"));
                    Progress::default()
                });
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

    /// The copy of the last save, if there is a usable one; then that, too, is said.
    fn copy(&mut self, what: impl FnOnce() -> String) -> Option<Progress> {
        let Ok(Found::Usable(progress)) = find(&self.folder.join(COPY)) else { return None };
        self.notice(format!(
            "{}: it is rebuilt from the copy of the last save (to begin anew: `cargo xtask reset --all`)",
            what()
        ));
        // Else each later run would say it again.
        if let Err(error) = self.write(&self.folder.join(FILE), &progress) {
            self.notice(format!("progress could not be saved: {error}; what you see here holds all the same"));
        }
        Some(progress)
    }

    /// Replaces the file as a whole.
    fn write(&self, file: &Path, progress: &Progress) -> io::Result<()> {
        let progress = Progress { version: VERSION, ..progress.clone() };
        let text = HEAD.to_owned() + &toml::to_string(&progress).map_err(io::Error::other)?;
        let mut temporary = tempfile::Builder::new()
            .prefix(".progress")
            .permissions(fs::Permissions::from_mode(0o644))
            .tempfile_in(&self.folder)?;
        temporary.write_all(text.as_bytes())?;
        // Without this a crash of the machine could leave the new name with the old length of zero.
        temporary.as_file().sync_data()?;
        temporary.persist(file)?;
        replace(&self.folder.join(COPY), text.as_bytes())
    }
}

/// What the file holds.
fn find(file: &Path) -> io::Result<Found> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
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
#[path = "progress_tests.rs"]
mod tests;
