//! Where everything lies: the repository, the learner's folder, and what is generated.

use std::env;
use std::path::{Path, PathBuf};

use crate::hash::Hash;

/// The folders that all commands start from.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The repository.
    pub(crate) root: PathBuf,
    /// The learner's copies: `exercises/work`.
    pub(crate) work: PathBuf,
    /// Everything that is generated and may be deleted: `target/threadcraft`.
    pub(crate) generated: PathBuf,
}

impl Places {
    /// Finds them. Tests set `THREADCRAFT_ROOT`, `THREADCRAFT_WORK` and `THREADCRAFT_TARGET`.
    pub(crate) fn find() -> Self {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").filter(|dir| Path::new(dir).ends_with("xtask"));
        let manifest = manifest.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(absolute);
        let parent = manifest.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        let root = given("THREADCRAFT_ROOT").unwrap_or(parent);
        let work = given("THREADCRAFT_WORK").unwrap_or_else(|| root.join("exercises/work"));
        let target = given("THREADCRAFT_TARGET").or_else(|| given("CARGO_TARGET_DIR"));
        let generated = target.unwrap_or_else(|| root.join("target")).join("threadcraft");
        Self { root, work, generated }
    }

    /// The folder of the exercises.
    pub(crate) fn exercises(&self) -> PathBuf {
        self.root.join("exercises")
    }

    /// The only list of the course.
    pub(crate) fn course(&self) -> PathBuf {
        self.exercises().join("course.toml")
    }

    /// What is generated for this learner's folder: programs and findings name its files.
    pub(crate) fn of_this_work(&self) -> PathBuf {
        if self.work == self.exercises().join("work") && self.generated.starts_with(&self.root) {
            return self.generated.join("course");
        }
        // A target folder that others use, too: each repository and each learner's folder has its own part of it.
        let bytes = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
        self.generated.join(format!("course-{}", Hash::of(&bytes(&self.root)).with(&bytes(&self.work))))
    }

    /// A path as people should see it: from the repository on, where it lies there.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// A path given in the environment is meant from where the command was started.
fn absolute(path: std::ffi::OsString) -> PathBuf {
    std::path::absolute(&path).unwrap_or_else(|_| PathBuf::from(path))
}
