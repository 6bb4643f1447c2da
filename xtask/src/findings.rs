//! What was found of one exercise, and the memory of it: what has not changed is not checked again.
//!
//! A finding is kept under a key: the hash of all that can change it. The crates' sources count by path, length and
//! time stamp, as for cargo; the learner's file and the exercise's folder, where people replace and restore files,
//! by contents. The file has two lines: the little that every list shows, and the rest, which is read when shown.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use threadcraft_timeline::check::CheckReport;
use threadcraft_timeline::schedule::Schedule;

use crate::course::Exercise;
use crate::hash::Hash;
use crate::places::Places;
use crate::verdict::Verdict;
use crate::work::replace;

/// What every list shows of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// What was checked, in a few words; for a program that could not be checked, why.
    pub(crate) checked: String,
    /// What its check took of a processor.
    #[serde(default)]
    pub(crate) milliseconds: u64,
}

/// All that is shown of a finding when it is shown in full.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Details {
    /// What the runner itself has to say.
    pub(crate) said: Vec<String>,
    /// What the compiler says, with colours.
    pub(crate) compiler: Vec<String>,
    /// What the check reports.
    pub(crate) report: Option<CheckReport>,
    /// The decisive fault in the report.
    pub(crate) fault: Option<Fault>,
    /// What the process printed past the explorer.
    pub(crate) printed: Printed,
}

/// The beginning and the end of what a process printed, made harmless.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Printed {
    /// The beginning.
    pub(crate) head: String,
    /// How many bytes are missing after it.
    pub(crate) missing: u64,
    /// The end; empty if nothing is missing.
    pub(crate) tail: String,
}

/// The first thing that is wrong in a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// In which part.
    pub(crate) part: usize,
    /// What.
    pub(crate) what: What,
}

/// What can be wrong in a part of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    /// The exploration failed.
    Failure,
    /// This claim does not hold.
    Claim(usize),
    /// The snapshot says something else.
    Snapshot {
        /// What it says.
        expected: String,
    },
}

/// What was found of one exercise.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// In short.
    pub(crate) summary: Summary,
    /// In full.
    pub(crate) details: Details,
}

impl Finding {
    /// A finding that the runner makes by itself.
    pub(crate) fn said(verdict: Verdict, said: impl Into<String>) -> Self {
        let details = Details { said: vec![said.into()], ..Details::default() };
        Self { summary: Summary { verdict, checked: verdict.meaning().to_owned(), milliseconds: 0 }, details }
    }
}

/// The first line of a kept finding.
#[derive(Serialize, Deserialize)]
struct Head {
    key: String,
    /// The contents of the learner's file, to know whether a failing schedule is that of an older version.
    learner: String,
    failing: Option<Schedule>,
    /// The title of the part of the check that went wrong.
    #[serde(default)]
    failing_part: Option<String>,
    #[serde(flatten)]
    summary: Summary,
}

/// Where findings are kept for one learner's folder.
#[derive(Debug)]
pub(crate) struct Findings {
    folder: PathBuf,
    /// The hash of all that is common to all exercises.
    common: Hash,
}

/// The verdict of an exercise when it was last checked, in whatever version.
pub(crate) fn last_verdict(places: &Places, exercise: &str) -> Option<Verdict> {
    let findings = Findings { folder: places.of_this_work().join("findings"), common: Hash::new() };
    Some(head(&findings.file(exercise))?.summary.verdict)
}

/// What is kept of one exercise, if it still holds.
pub(crate) struct Kept {
    /// In short.
    pub(crate) summary: Summary,
    /// In full.
    pub(crate) details: Later,
}

/// Details that are read when they are shown: of most findings they never are.
#[derive(Debug, Clone)]
pub(crate) enum Later {
    /// They were just found.
    Known(Box<Details>),
    /// They lie in this file.
    Kept(PathBuf),
}

impl Later {
    /// The details; none if the file is damaged, as then all that is lost is a picture.
    pub(crate) fn read(&self) -> Cow<'_, Details> {
        match self {
            Self::Known(details) => Cow::Borrowed(details),
            Self::Kept(file) => {
                let text = fs::read_to_string(file).unwrap_or_default();
                let rest = text.split_once('\n').and_then(|(_, rest)| serde_json::from_str(rest).ok());
                Cow::Owned(rest.unwrap_or_default())
            }
        }
    }
}

impl Findings {
    /// Of this repository, as it is now.
    pub(crate) fn new(places: &Places, limits: &str) -> Self {
        let mut stamps = Vec::new();
        for part in ["crates", "exercises/harness", "tests/suites", "Cargo.lock", "Cargo.toml"] {
            stamp(&places.root.join(part), &mut stamps);
        }
        stamps.extend(std::env::current_exe().ok().and_then(|program| one_stamp(&program)));
        stamps.sort();
        let common = stamps.iter().fold(Hash::of(limits.as_bytes()), |hash, stamp| hash.with(stamp.as_bytes()));
        Self { folder: places.of_this_work().join("findings"), common }
    }

    /// The key of one exercise: all that its finding depends on.
    pub(crate) fn key(&self, exercise: &Exercise, learner: &Path) -> Key {
        let own = contents(learner);
        let mut key = self.common.with(own.to_string().as_bytes()).with(learner.as_os_str().as_encoded_bytes());
        for file in files(&exercise.dir) {
            key = key.with(file.as_os_str().as_encoded_bytes()).with(contents(&file).to_string().as_bytes());
        }
        key = key.with(exercise.kind.letters().as_bytes()).with(exercise.name.as_bytes());
        Key { all: key.to_string(), learner: own.to_string() }
    }

    /// What is known of a program (by its name) under this key.
    pub(crate) fn find(&self, bin: &str, key: &Key) -> Option<Kept> {
        let file = self.file(bin);
        let head = head(&file)?;
        (head.key == key.all).then_some(Kept { summary: head.summary, details: Later::Kept(file) })
    }

    /// The schedule on which an older version of the learner's file failed: worth trying first.
    pub(crate) fn failed_on(&self, bin: &str, key: &Key) -> Option<Schedule> {
        let head = head(&self.file(bin))?;
        // Not for the same version: a check that is repeated must find what it found.
        head.failing.filter(|_| head.learner != key.learner)
    }

    /// The program that went wrong when this was last checked, in whatever version: the title of its part of the check.
    pub(crate) fn failed_in(&self, bin: &str) -> Option<String> {
        head(&self.file(bin))?.failing_part
    }

    /// Keeps a finding. That it cannot be kept costs time and nothing else.
    pub(crate) fn keep(&self, bin: &str, key: &Key, finding: &Finding) {
        if !finding.summary.verdict.is_lasting() {
            return;
        }
        let head = Head {
            key: key.all.clone(),
            learner: key.learner.clone(),
            failing: finding.details.failing_schedule(),
            failing_part: finding.details.failing_part(),
            summary: finding.summary.clone(),
        };
        let details = finding.details.worth_keeping(finding.summary.verdict);
        if let (Ok(head), Ok(details)) = (serde_json::to_string(&head), serde_json::to_string(&details)) {
            let _ = replace(&self.file(bin), format!("{head}\n{details}").as_bytes());
        }
    }

    fn file(&self, bin: &str) -> PathBuf {
        self.folder.join(format!("{bin}.json"))
    }
}

/// All that a finding depends on, as hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    all: String,
    learner: String,
}

impl Details {
    /// The title of the part with the decisive fault.
    fn failing_part(&self) -> Option<String> {
        Some(self.report.as_ref()?.parts.get(self.fault.as_ref()?.part)?.title.clone())
    }

    /// The schedule of the decisive fault.
    fn failing_schedule(&self) -> Option<Schedule> {
        let fault = self.fault.as_ref()?;
        let part = self.report.as_ref()?.parts.get(fault.part)?;
        match fault.what {
            What::Failure => part.report.failure.as_ref().map(|failure| failure.schedule.clone()),
            What::Claim(claim) => {
                let refuted = part.claims.get(claim)?.refuted_by.as_ref();
                refuted.map(|failure| failure.schedule.clone())
            }
            What::Snapshot { .. } => None,
        }
    }

    /// Of what passed only the warnings are ever shown again.
    fn worth_keeping(&self, verdict: Verdict) -> Self {
        let mut kept = self.clone();
        if verdict.is_passed() {
            kept.report = None;
        }
        kept
    }
}

fn head(file: &Path) -> Option<Head> {
    let text = fs::read_to_string(file).ok()?;
    serde_json::from_str(text.lines().next()?).ok()
}

fn contents(file: &Path) -> Hash {
    // What cannot be read is never kept, so it needs no hash of its own.
    Hash::of(&fs::read(file).unwrap_or_default())
}

/// The files of an exercise's folder that its check reads, in order. Near misses and texts change no verdict.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs" || extension == "snap"));
    files.sort();
    files
}

/// Collects a stamp of each source file below a path.
fn stamp(path: &Path, stamps: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(path) else {
        stamps.extend(one_stamp(path));
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_source = path.extension().is_some_and(|extension| extension == "rs" || extension == "toml");
        // `file_type` comes with the entry; `is_dir` on the path would be one more system call a file.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) || is_source {
            stamp(&path, stamps);
        }
    }
}

fn one_stamp(file: &Path) -> Option<String> {
    let data = fs::metadata(file).ok()?;
    let modified = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", file.display(), data.len(), modified.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(folder: &Path) -> Findings {
        Findings { folder: folder.to_path_buf(), common: Hash::new() }
    }

    fn key(all: &str, learner: &str) -> Key {
        Key { all: all.to_owned(), learner: learner.to_owned() }
    }

    fn finding(verdict: Verdict) -> Finding {
        Finding::said(verdict, "why")
    }

    #[test]
    fn a_finding_is_known_as_long_as_its_key_holds() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let findings = findings(folder.path());
        findings.keep("spawn", &key("1", "a"), &finding(Verdict::Deadlock));
        let kept = findings.find("spawn", &key("1", "a")).expect("known");
        assert_eq!(kept.summary.verdict, Verdict::Deadlock);
        assert_eq!(kept.details.read().said, ["why"]);
        assert!(findings.find("spawn", &key("2", "a")).is_none(), "something changed");
        assert!(findings.find("send", &key("1", "a")).is_none(), "another exercise");
    }

    #[test]
    fn what_depends_on_the_machine_is_checked_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let findings = findings(folder.path());
        findings.keep("spawn", &key("1", "a"), &finding(Verdict::Timeout));
        assert!(findings.find("spawn", &key("1", "a")).is_none());
    }

    #[test]
    fn a_damaged_memory_is_no_memory() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let findings = findings(folder.path());
        fs::write(folder.path().join("spawn.json"), "{").expect("written");
        assert!(findings.find("spawn", &key("1", "a")).is_none());
        assert!(findings.failed_on("spawn", &key("1", "a")).is_none());
    }

    #[test]
    fn every_source_file_counts_by_name_length_and_time() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("src")).expect("a folder");
        let file = folder.path().join("src/lib.rs");
        let stamps = || {
            let mut stamps = Vec::new();
            stamp(folder.path(), &mut stamps);
            stamps
        };
        fs::write(&file, "1").expect("written");
        fs::write(folder.path().join("src/notes.md"), "1").expect("written");
        let before = stamps();
        assert_eq!(before.len(), 1, "notes do not count: {before:?}");
        fs::write(&file, "22").expect("written");
        assert_ne!(stamps(), before);
    }
}
