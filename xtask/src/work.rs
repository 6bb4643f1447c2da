//! The learner's folder: made at first use, added to when the course grows, and never written over without a copy.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::course::{Course, Exercise};
use crate::hash::Hash;
use crate::places::Places;
use crate::progress::{Progress, Store};

/// Where copies are kept, inside the learner's folder.
const KEPT: &str = ".kept";

/// Makes what is missing. A file that was given once and is gone is the learner's doing, and stays gone.
pub(crate) fn make(places: &Places, course: &Course, store: &mut Store) -> anyhow::Result<Progress> {
    let failed = |path: &Path| format!("{} cannot be made", places.shown(path));
    fs::create_dir_all(&places.work).with_context(|| failed(&places.work))?;
    let mut given = Vec::new();
    let progress = store.read();
    for exercise in course.exercises() {
        let file = &exercise.work_file;
        if progress.of(&exercise.name).given.is_some() {
            continue;
        }
        let starter = fs::read(exercise.file("starter.rs")).with_context(|| failed(file))?;
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).with_context(|| failed(parent))?;
        }
        match create(file, &starter) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(error).with_context(|| failed(file));
            }
            _ => given.push((&exercise.name, Hash::of(&starter).to_string())),
        }
    }
    package(places, course)?;
    if given.is_empty() {
        return Ok(progress);
    }
    Ok(store.update(|progress| {
        for (name, hash) in given {
            progress.entry(name).given = Some(hash);
        }
    }))
}

/// True if the learner's file is not as it was given.
pub(crate) fn is_edited(exercise: &Exercise, progress: &Progress) -> bool {
    let given = progress.of(&exercise.name).given;
    match fs::read(&exercise.work_file) {
        Ok(contents) => given.is_some_and(|given| given != Hash::of(&contents).to_string()),
        Err(_) => true,
    }
}

/// Copies a file into the folder of kept copies, under the first free number; what is kept already is not copied again.
pub(crate) fn keep(places: &Places, file: &Path) -> io::Result<PathBuf> {
    let contents = fs::read(file)?;
    let relative = file.strip_prefix(&places.work).unwrap_or(Path::new(file.file_name().unwrap_or_default()));
    let base = places.work.join(KEPT).join(relative);
    if let Some(parent) = base.parent() {
        fs::create_dir_all(parent)?;
    }
    let stem = base.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let end = base.extension().map_or_else(String::new, |end| format!(".{}", end.to_string_lossy()));
    let mut number = 1;
    loop {
        let copy = base.with_file_name(format!("{stem}.{number}{end}"));
        match create(&copy, &contents) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if fs::read(&copy).is_ok_and(|kept| kept == contents) {
                    return Ok(copy);
                }
                number += 1;
            }
            Err(error) => return Err(error),
            Ok(()) => return Ok(copy),
        }
    }
}

/// What putting a file in the place of a learner's did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// The file was like that.
    Unchanged,
    /// There was none.
    Made,
    /// It was replaced; the copy lies here.
    Replaced(PathBuf),
}

/// Puts these contents in the place of a learner's file, and keeps a copy of what was there.
pub(crate) fn put(places: &Places, file: &Path, contents: &[u8]) -> anyhow::Result<Put> {
    match fs::read(file) {
        Ok(found) if found == contents => Ok(Put::Unchanged),
        Ok(_) => {
            let copy = keep(places, file).context("no copy of your file could be kept, so it was left alone")?;
            replace(file, contents)?;
            Ok(Put::Replaced(copy))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            replace(file, contents)?;
            Ok(Put::Made)
        }
        Err(error) => {
            let shown = places.shown(file);
            Err(error).with_context(|| format!("{shown} cannot be read, so no copy could be kept: move it away"))
        }
    }
}

/// Writes a file as a whole or not at all.
pub(crate) fn replace(file: &Path, contents: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(contents)?;
    temporary.persist(file)?;
    #[cfg(unix)]
    {
        // A temporary file is private; a learner's file is like any other.
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(file, fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

/// Writes a file that must not exist yet.
fn create(file: &Path, contents: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(file)?.write_all(contents)
}

/// The learner's folder is a package, so that editors understand it and `cargo run --bin spawn` runs it for real.
fn package(places: &Places, course: &Course) -> anyhow::Result<()> {
    let manifest = places.work.join("Cargo.toml");
    let text = manifest_text(places, course);
    match fs::read(&manifest) {
        Ok(found) if found == text.as_bytes() => return Ok(()),
        Ok(_) => drop(keep(places, &manifest).context("no copy of your Cargo.toml could be kept")?),
        Err(_) => {}
    }
    replace(&manifest, text.as_bytes()).context("the package of your exercises cannot be written")?;
    let ignored = places.work.join(".gitignore");
    if !ignored.exists() {
        replace(&ignored, b"target/\nCargo.lock\n")?;
    }
    Ok(())
}

fn manifest_text(places: &Places, course: &Course) -> String {
    // In its usual place the folder moves with the repository; elsewhere it must find it.
    let umbrella = if places.work == places.root.join("exercises/work") {
        "../../crates/threadcraft".to_owned()
    } else {
        places.root.join("crates/threadcraft").display().to_string()
    };
    let mut text = format!(
        "# Made by `cargo xtask verify`. `cargo run --bin {}` in this folder runs your program on real threads.\n\
         [package]\nname = \"my-exercises\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [workspace]\n\n[dependencies]\nthreadcraft = {{ path = {umbrella:?} }}\n",
        course.exercises().next().map_or("spawn", |exercise| &exercise.name),
    );
    for exercise in course.exercises() {
        let (name, chapter) = (&exercise.name, &exercise.chapter);
        text.push_str(&format!("\n[[bin]]\nname = \"{name}\"\npath = \"{chapter}/{name}.rs\"\n"));
    }
    text
}

#[cfg(test)]
#[path = "work_tests.rs"]
mod tests;
