//! The generated package: one small program an exercise, which joins the learner's file with the exercise's check.
//!
//! Design: the learner's file is a module by `#[path]`, never a copy, so that the compiler and the timelines speak
//! of the file that the learner edits. Each program states the hash of what it includes: cargo sees changes by time
//! stamps alone and would miss a file that was replaced by an older one.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::TempDir;

use crate::compile::take_over;
use crate::course::Exercise;
use crate::hash::Hash;
use crate::places::Places;
use crate::work::replace;

/// One program of the package.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// Its name, unique in the package.
    pub(crate) bin: String,
    /// The exercise that it checks.
    pub(crate) exercise: String,
    /// The file that is checked.
    pub(crate) learner: PathBuf,
    /// The program as it was given, where the check needs it.
    given: Option<PathBuf>,
    check: PathBuf,
}

impl Program {
    /// The program that checks this file as if it were the learner's.
    pub(crate) fn new(exercise: &Exercise, learner: &Path, bin: String) -> Self {
        Self {
            bin,
            exercise: exercise.name.clone(),
            learner: learner.to_path_buf(),
            given: exercise.kind.breaks().then(|| exercise.file("starter.rs")),
            check: exercise.file("check.rs"),
        }
    }

    fn source(&self) -> String {
        let mut text = String::from("// Made by `cargo xtask verify`.\n#[macro_use]\nextern crate threadcraft;\n");
        let module = |attribute: &str, path: &Path, name: &str| {
            let hash = Hash::of(&fs::read(path).unwrap_or_default());
            format!("// {hash}\n#[path = {:?}]\n{attribute}mod {name};\n", path.display().to_string())
        };
        text += &module("#[forbid(unsafe_code)]\n", &self.learner, "learner");
        if let Some(given) = &self.given {
            // Its schedule is nobody's: the learner's own is used.
            text += &module("#[forbid(unsafe_code)]\n#[expect(dead_code)]\n", given, "given");
        }
        text += &module("", &self.check, "check");
        let name = &self.exercise;
        // The learner's program stays, also where the check uses other parts of the file, or its schedule alone.
        text += &format!(
            "fn main() -> std::process::ExitCode {{\n    let _ = learner::main;\n    \
             threadcraft_harness::main({name:?}, check::check)\n}}\n"
        );
        text
    }
}

/// The package, locked: nobody else writes or compiles it meanwhile.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its folder.
    pub(crate) dir: PathBuf,
    /// Where cargo builds; shared by all packages, as the crates below them are the same.
    pub(crate) target: PathBuf,
    /// Where this run's programs lie, out of the way of later builds.
    pub(crate) run: PathBuf,
    _lock: File,
}

impl Package {
    /// Waits until nobody else has the package, and brings what is common to all programs up to date.
    pub(crate) fn open(places: &Places) -> anyhow::Result<Self> {
        let own = places.of_this_work();
        let dir = own.join("package");
        let lock_file = places.generated.join("build.lock");
        fs::create_dir_all(dir.join("src/bin")).with_context(|| format!("{} cannot be made", dir.display()))?;
        let lock = File::create(&lock_file).with_context(|| format!("{} cannot be made", lock_file.display()))?;
        lock.lock().with_context(|| format!("{} cannot be locked", lock_file.display()))?;
        let package = Self {
            target: places.generated.join("build"),
            run: own.join("run").join(std::process::id().to_string()),
            dir,
            _lock: lock,
        };
        package.common(places).with_context(|| format!("{} cannot be written", package.dir.display()))?;
        Ok(package)
    }

    /// Cargo.toml, and the repository's Cargo.lock: the course is built with the versions that were tested, and
    /// without the network.
    fn common(&self, places: &Places) -> io::Result<()> {
        write_if_changed(&self.dir.join("Cargo.toml"), &manifest(places))?;
        let locked = fs::read_to_string(places.root.join("Cargo.lock"))?;
        let stamp = self.dir.join("Cargo.lock.of-the-repository");
        // Cargo drops from its lock file what this package does not use, so the two are never equal.
        if fs::read_to_string(&stamp).ok().as_deref() != Some(&locked) || !self.dir.join("Cargo.lock").exists() {
            replace(&self.dir.join("Cargo.lock"), locked.as_bytes())?;
            replace(&stamp, locked.as_bytes())?;
        }
        Ok(())
    }

    /// Brings these programs up to date.
    pub(crate) fn write(&self, programs: &[Program]) -> anyhow::Result<()> {
        for program in programs {
            let file = self.dir.join(format!("src/bin/{}.rs", program.bin));
            write_if_changed(&file, &program.source())
                .with_context(|| format!("{} cannot be written", file.display()))?;
        }
        Ok(())
    }
}

/// Deletes the programs of a run when it is over, and those of runs that were killed.
pub(crate) struct RunFolder(PathBuf);

impl RunFolder {
    /// Of this process.
    pub(crate) fn new(places: &Places) -> Self {
        let all = places.of_this_work().join("run");
        for entry in fs::read_dir(&all).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().unwrap_or_default();
            let pid = name.split('-').next().and_then(|pid| pid.parse::<i32>().ok());
            // SAFETY:
            // * signal 0 is not sent; the call only says whether the process exists.
            let gone = pid.is_some_and(|pid| unsafe { libc::kill(pid, 0) } == -1);
            if gone {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        Self(all.join(std::process::id().to_string()))
    }

    /// Gives a program of this run a place of its own, which lasts as long as the folder that is returned.
    pub(crate) fn outlasting(&self, program: &Path) -> io::Result<(TempDir, PathBuf)> {
        let all = self.0.parent().unwrap_or(Path::new("."));
        let folder = tempfile::Builder::new().prefix(&format!("{}-", std::process::id())).tempdir_in(all)?;
        let place = folder.path().join(program.file_name().unwrap_or_default());
        take_over(program, &place)?;
        Ok((folder, place))
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        // What cannot be deleted now is deleted by a later run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Leaves the time stamp alone where nothing changed, so that cargo has nothing to do.
fn write_if_changed(file: &Path, text: &str) -> io::Result<()> {
    if fs::read(file).is_ok_and(|found| found == text.as_bytes()) { Ok(()) } else { replace(file, text.as_bytes()) }
}

/// Debug information is left out: locations come from `#[track_caller]`, and linking is half of the learner's wait. So is
/// what incremental builds keep: programs as small as these are compiled anew in half the time. Without symbols a program
/// takes a third of the space, and a course has hundreds. Assertions are for those who work on the crates; a learner's own
/// code has them.
fn manifest(places: &Places) -> String {
    // The real places: a repository that is reached by a link is still the same one to cargo.
    let path = |relative: &str| {
        let path = places.root.join(relative);
        path.canonicalize().unwrap_or(path).display().to_string()
    };
    format!(
        "# Made by `cargo xtask verify`.\n[package]\nname = \"threadcraft-{}\"\nversion = \"0.0.0\"\n\
         edition = \"2024\"\npublish = false\n\n[workspace]\n\n[dependencies]\n\
         threadcraft = {{ path = {:?}, features = [\"explore\"] }}\nthreadcraft-harness = {{ path = {:?} }}\n\
         threadcraft-suites = {{ path = {:?} }}\n\n\
         [profile.dev]\ndebug = false\nstrip = \"symbols\"\nincremental = false\n[profile.dev.package.\"*\"]\ndebug = false\n\
         debug-assertions = false\noverflow-checks = false\n\
         [profile.dev.package.threadcraft-explore]\nopt-level = 1\n",
        // Cargo tells packages of one target folder apart by their names, not by where they lie: two of one name would
        // take each other's programs for their own.
        places.of_this_work().file_name().unwrap_or_default().display(),
        path("crates/threadcraft"),
        path("exercises/harness"),
        path("tests/suites"),
    )
}
