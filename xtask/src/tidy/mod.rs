//! `tidy`: the rules of this repository that no compiler checks, all faults at once, as `path:line: what, do this
//! instead`.
//!
//! A rule is a function from files to faults, so that its test is a few lines of text. What rustc, clippy or rustfmt
//! can check is left to them.

mod code;
mod course;
mod links;
mod manifests;
mod text;

use std::fs;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::exit::Exit;
use crate::lines::Fault;
use crate::places::Places;

/// Where a learner's copies stand.
const LEARNERS: &str = "exercises/work/";

/// One file of the repository.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// From the repository on, with `/`.
    path: String,
    text: String,
}

impl File {
    /// A fault on a line of it.
    fn fault(&self, line: usize, what: impl Into<String>) -> Fault {
        Fault::new(self.path.clone(), line, what)
    }

    /// Its lines with their numbers.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// Runs the command.
pub(crate) fn run(places: &Places) -> anyhow::Result<Exit> {
    let faults = faults(places)?;
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() {
        println!("tidy");
        return Ok(Exit::Success);
    }
    println!("\n{} faults", faults.len());
    Ok(Exit::Failed)
}

/// All faults of the repository, in order.
fn faults(places: &Places) -> anyhow::Result<Vec<Fault>> {
    let files = files(places)?;
    let mut faults: Vec<Fault> =
        files.iter().flat_map(|file| [text::check(file), code::check(file)].concat()).collect();
    faults.extend(manifests::check(&files));
    faults.extend(links::check(&files, |path| places.root.join(path).exists()));
    faults.extend(course::check(places));
    faults.sort();
    Ok(faults)
}

/// The files that git knows or would take, and that are texts.
fn files(places: &Places) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    let tracked = git_files(places, &["--cached"])?;
    let list = git_files(places, &["--cached", "--others", "--exclude-standard"])?;
    // What a learner's own clone makes is no part of the course, until somebody commits it here.
    let learners = |path: &String| path.starts_with(LEARNERS) && !tracked.contains(path);
    for path in list.iter().filter(|path| !learners(path)) {
        // A file that was deleted is listed until git is told.
        if let Ok(bytes) = fs::read(places.root.join(path))
            && let Ok(text) = String::from_utf8(bytes)
        {
            files.push(File { path: path.to_owned(), text });
        }
    }
    Ok(files)
}

/// The paths that `git ls-files` lists.
fn git_files(places: &Places, which: &[&str]) -> anyhow::Result<Vec<String>> {
    let mut git = Command::new("git");
    git.arg("-C").arg(&places.root).args(["ls-files", "-z"]).args(which);
    let output = git.output().context("git cannot be started; tidy asks it which files there are")?;
    ensure!(output.status.success(), "git: {}", String::from_utf8_lossy(&output.stderr).trim());
    let list = String::from_utf8_lossy(&output.stdout);
    Ok(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// A file for tests of rules.
#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

/// The faults as people read them, for tests of rules.
#[cfg(test)]
fn told(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(Fault::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        let faults = faults(&Places::find()).expect("git is there");
        assert!(faults.is_empty(), "\n{}\n", crate::lines::listed(&faults));
    }
}
