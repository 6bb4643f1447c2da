//! Checks a list of programs: what is known and unchanged is taken from memory, the rest is compiled in one cargo
//! call, and run as soon as it is compiled, as many at a time as there are processors.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, mpsc};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use clap::ValueEnum;
use serde::Serialize;
use tempfile::TempDir;
use threadcraft_timeline::schedule::Schedule;

use super::bar::{Bar, Told};
use crate::compile::{Built, Listener, compile};
use crate::course::Exercise;
use crate::findings::{Finding, Findings, Key, Later, Summary};
use crate::hash::Hash;
use crate::interrupt;
use crate::judge::{self, Case};
use crate::package::{Package, Program, RunFolder};
use crate::places::Places;
use crate::process::{self, Limits};
use crate::seal::Seal;
use crate::snapshot::Snapshots;
use crate::verdict::Verdict;

/// A source file longer than this was not written by hand.
const LONGEST_SOURCE: u64 = 1 << 20;

/// How often a file may change while it is compiled before we take it as it is.
const TRIES: usize = 3;

/// What is to be checked: a file in the place of the learner's.
#[derive(Debug, Clone)]
pub(crate) struct Subject<'a> {
    /// By the check of this exercise.
    pub(crate) exercise: &'a Exercise,
    /// This file.
    pub(crate) file: PathBuf,
    /// As a program of this name, unlike all others of the package.
    pub(crate) bin: String,
}

/// What was found of one subject.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    /// In short.
    pub(crate) summary: Summary,
    /// In full.
    pub(crate) details: Later,
    /// True if it was known.
    pub(crate) unchanged: bool,
}

/// How to check.
pub(crate) struct Checker<'a> {
    /// Where everything lies.
    pub(crate) places: &'a Places,
    /// What each program may take.
    pub(crate) limits: Limits,
    /// Never use the network.
    pub(crate) offline: bool,
    /// Check what is known, too.
    pub(crate) again: bool,
    /// Do not begin with schedules on which older versions failed: what is found is what anybody finds.
    pub(crate) afresh: bool,
    /// Only this schedule.
    pub(crate) schedule: Option<&'a Schedule>,
    /// Who is told what is being done.
    pub(crate) progress: Told<'a>,
}

/// What a program is asked.
#[derive(Default)]
struct Question<'a> {
    /// Only this schedule.
    schedule: Option<&'a Schedule>,
    /// Of the program with this title.
    title: Option<String>,
    /// This schedule first.
    saved: Option<&'a Schedule>,
    /// The schedule is played, on this program.
    play: Option<Played>,
}

/// A program of an exercise that is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Played {
    /// The program that is to be broken
    Given,
    /// Your own
    Yours,
}

/// A program that was compiled once, to be asked again and again.
pub(crate) struct Ready<'a> {
    checker: Checker<'a>,
    subject: Subject<'a>,
    program: PathBuf,
    /// The title of the part of the check that is played, if one went wrong.
    title: Option<String>,
    /// Where the program lies, whatever else is checked meanwhile.
    _folder: TempDir,
}

impl<'a> Ready<'a> {
    /// Compiles it. `Err` is what is wrong with it; `None`: interrupted.
    pub(crate) fn new(checker: Checker<'a>, subject: Subject<'a>) -> anyhow::Result<Option<Result<Self, Finding>>> {
        if let Err(finding) = readable(&subject.file, checker.places) {
            return Ok(Some(Err(*finding)));
        }
        let findings = Findings::new(checker.places, "");
        let key = findings.key(subject.exercise, &subject.file);
        let folder = RunFolder::new(checker.places);
        let bar = Bar::new(checker.progress);
        let mut built = None;
        let pending = vec![Pending { index: 0, subject: &subject, key }];
        if !checker.build(&findings, pending, &bar, &mut |_, one| built = Some(one))? {
            return Ok(None);
        }
        Ok(Some(match built.context("one program was asked for")? {
            Built::Rejected(errors) => Err(judge::rejected(checker.places, &subject.file, &errors)),
            Built::Ready { program, .. } => {
                let (folder, program) = folder.outlasting(&program).context("there is no place for the program")?;
                let title = findings.failed_in(&subject.bin);
                Ok(Self { checker, subject, program, title, _folder: folder })
            }
        }))
    }

    /// Plays a schedule on one of the exercise's programs; `None`: interrupted.
    pub(crate) fn play(&self, schedule: &Schedule, program: Played) -> anyhow::Result<Option<Finding>> {
        let title = self.title.clone();
        let question = Question { schedule: Some(schedule), title, play: Some(program), ..Question::default() };
        self.checker.run(&self.subject, &self.program, &question)
    }
}

/// A subject that must be run.
struct Pending<'a> {
    index: usize,
    subject: &'a Subject<'a>,
    key: Key,
}

impl Checker<'_> {
    /// Checks all; `done` is told of each as soon as it is known. What was not reached before Ctrl-C is `None`.
    pub(crate) fn check(
        &self,
        subjects: &[Subject<'_>],
        done: &(dyn Fn(&Checked, &Subject<'_>) + Sync),
    ) -> anyhow::Result<Vec<Option<Checked>>> {
        let findings = Findings::new(self.places, &format!("{:?}", self.limits));
        let mut results: Vec<Option<Checked>> = Vec::with_capacity(subjects.len());
        let mut pending = Vec::new();
        for (index, subject) in subjects.iter().enumerate() {
            let key = findings.key(subject.exercise, &subject.file);
            let known = self.without_running(subject, &findings, &key);
            match &known {
                Some(checked) => done(checked, subject),
                None => pending.push(Pending { index, subject, key }),
            }
            results.push(known);
        }
        if !pending.is_empty() {
            let results = Mutex::new(&mut results);
            self.run_all(&findings, pending, &|index, checked| {
                done(&checked, &subjects[index]);
                results.lock().expect("nobody panics with it")[index] = Some(checked);
            })?;
        }
        Ok(results)
    }

    /// What can be said of a subject without running it.
    fn without_running(&self, subject: &Subject<'_>, findings: &Findings, key: &Key) -> Option<Checked> {
        if let Err(finding) = readable(&subject.file, self.places) {
            return Some(fresh(*finding));
        }
        let kept = findings.find(&subject.bin, key).filter(|_| !self.again)?;
        Some(Checked { summary: kept.summary, details: kept.details, unchanged: true })
    }

    /// Runs each program as soon as it is compiled, beside the compiling of the others.
    fn run_all(
        &self,
        findings: &Findings,
        pending: Vec<Pending<'_>>,
        done: &(dyn Fn(usize, Checked) + Sync),
    ) -> anyhow::Result<()> {
        let bar = Bar::new(self.progress);
        let _folder = RunFolder::new(self.places);
        let count = pending.len();
        let (ready, work) = mpsc::channel::<(Pending<'_>, Built)>();
        let work = Mutex::new(work);
        let seal = OnceLock::new();
        let failed = Mutex::new(None);
        let worker = || {
            // Whoever waits for work has the lock; who comes meanwhile waits for the lock.
            while let Ok((pending, built)) = { work.lock().expect("nobody panics with it").recv() } {
                if interrupt::requested() {
                    return;
                }
                bar.searches(&pending.subject.exercise.name);
                let seal = seal.get_or_init(|| Seal::new(self.places));
                match self.judge(findings, &pending, &built, seal) {
                    Ok(Some(finding)) => done(pending.index, fresh(finding)),
                    Ok(None) => return,
                    Err(error) => *failed.lock().expect("nobody panics with it") = Some(error),
                }
                bar.step();
            }
        };
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(count);
        let compiled = std::thread::scope(|scope| {
            (0..workers).for_each(|_| drop(scope.spawn(worker)));
            let compiled = self.build(findings, pending, &bar, &mut |pending, built| {
                bar.searching(count);
                // Nobody takes it any more after an interruption.
                let _ = ready.send((pending, built));
            });
            drop(ready);
            compiled
        });
        compiled?;
        failed.into_inner().expect("nobody panics with it").map_or(Ok(()), Err)
    }

    /// Compiles what is pending, and tells of each as soon as it is compiled; false if interrupted. What was saved
    /// meanwhile is compiled again, so that keys and programs belong together.
    fn build<'s>(
        &self,
        findings: &Findings,
        mut pending: Vec<Pending<'s>>,
        bar: &Bar<'_>,
        ready: &mut dyn FnMut(Pending<'s>, Built),
    ) -> anyhow::Result<bool> {
        bar.compiling();
        let package = Package::open(self.places)?;
        for tried in 1.. {
            let programs: Vec<Program> = pending
                .iter()
                .map(|Pending { subject, .. }| Program::new(subject.exercise, &subject.file, subject.bin.clone()))
                .collect();
            let mut waiting: BTreeMap<&str, Pending<'s>> =
                pending.drain(..).map(|pending| (pending.subject.bin.as_str(), pending)).collect();
            let mut saved_meanwhile = Vec::new();
            let mut compiled = |bin: &str, built: Built| {
                let Some(mut pending) = waiting.remove(bin) else { return };
                let now = findings.key(pending.subject.exercise, &pending.subject.file);
                let is_old = std::mem::replace(&mut pending.key, now) != pending.key;
                if is_old && tried < TRIES { saved_meanwhile.push(pending) } else { ready(pending, built) }
            };
            let mut listener = Listener { step: &|what| bar.compiled(what), ready: &mut compiled };
            if !compile(&package, &programs, self.offline, &mut listener)? {
                return Ok(false);
            }
            if saved_meanwhile.is_empty() {
                break;
            }
            pending = saved_meanwhile;
        }
        Ok(true)
    }

    fn judge(
        &self,
        findings: &Findings,
        pending: &Pending<'_>,
        built: &Built,
        seal: &Seal<'_>,
    ) -> anyhow::Result<Option<Finding>> {
        let Pending { subject, key, .. } = pending;
        let finding = match built {
            Built::Rejected(errors) => judge::rejected(self.places, &subject.file, errors),
            Built::Ready { program, warnings } => {
                let saved = findings.failed_on(&subject.bin, key).filter(|_| !self.afresh);
                let title = self.schedule.and_then(|_| findings.failed_in(&subject.bin));
                let question = Question { schedule: self.schedule, title, saved: saved.as_ref(), play: None };
                let Some(mut finding) = self.run(subject, program, &question)? else { return Ok(None) };
                if let Some(file) = seal.broken() {
                    finding = judge::tampered(&self.places.shown(&file));
                }
                let root = format!("{}/", self.places.root.display());
                finding.details.compiler = warnings.iter().map(|warning| warning.replace(&root, "")).collect();
                finding
            }
        };
        if self.schedule.is_none() {
            findings.keep(&subject.bin, key, &finding);
        }
        Ok(Some(finding))
    }

    /// Runs one program; `None` if interrupted.
    fn run(&self, subject: &Subject<'_>, program: &Path, question: &Question<'_>) -> anyhow::Result<Option<Finding>> {
        let snapshots = Snapshots::read(&subject.exercise.dir);
        let token = token();
        let scratch = tempfile::Builder::new().prefix("run").tempdir_in(program.parent().unwrap_or(Path::new(".")))?;
        let mut command = Command::new(program);
        // Backtraces would show the engine.
        command.env("RUST_BACKTRACE", "0");
        let request = |fd| {
            let request = serde_json::json!({
                "token": token, "fd": fd, "schedule": question.schedule.map(Schedule::to_string),
                "title": question.title, "saved": question.saved.map(Schedule::to_string), "play": question.play,
            });
            ("THREADCRAFT_CHECK", request.to_string())
        };
        let ran = process::run(command, scratch.path(), &self.limits, request)
            .with_context(|| format!("the check of `{}` cannot be run", subject.exercise.name))?;
        let exercise = subject.exercise.name.as_str();
        Ok(judge::ran(&Case { exercise, token: &token, snapshots: &snapshots, limits: &self.limits }, ran))
    }
}

fn fresh(finding: Finding) -> Checked {
    Checked { summary: finding.summary, details: Later::Known(Box::new(finding.details)), unchanged: false }
}

/// Says what is wrong with a file that the compiler should not even be shown.
fn readable(file: &Path, places: &Places) -> Result<(), Box<Finding>> {
    let shown = places.shown(file);
    let unreadable = |why: String| Box::new(Finding::said(Verdict::Unreadable, format!("{shown} {why}")));
    let data = fs::metadata(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let said = format!("{shown} is not there: `cargo xtask reset {name}` gives you a new one");
            Box::new(Finding::said(Verdict::MissingFile, said))
        }
        _ => unreadable(format!("cannot be read: {error}")),
    })?;
    if !data.is_file() {
        return Err(unreadable("is not a file: move it away, and `cargo xtask reset` gives you a new one".to_owned()));
    }
    if data.len() > LONGEST_SOURCE {
        return Err(unreadable(format!("has {} bytes: more than 1 MiB is no program of this course", data.len())));
    }
    let bytes = fs::read(file).map_err(|error| unreadable(format!("cannot be read: {error}")))?;
    if let Err(error) = std::str::from_utf8(&bytes) {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
        return Err(unreadable(format!("is not UTF-8 (line {line}): save it as UTF-8 in your editor")));
    }
    Ok(())
}

/// A word that a program cannot know before it is started, so that no old or invented report is taken for its own.
fn token() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    // Relaxed: only that no two are alike counts.
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Hash::of(&now.to_le_bytes()).with(&count.to_le_bytes()).with(&std::process::id().to_le_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(file: &Path) -> Option<(Verdict, String)> {
        let root = PathBuf::from("/nowhere");
        let places = Places { work: root.clone(), generated: root.clone(), root };
        readable(file, &places).err().map(|finding| (finding.summary.verdict, finding.details.said.join("")))
    }

    #[test]
    fn files_that_are_no_source_are_named_before_the_compiler_sees_them() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("spawn.rs");
        assert_eq!(verdict(&file).expect("missing").0, Verdict::MissingFile);
        fs::write(&file, "pub fn main() {}").expect("written");
        assert_eq!(verdict(&file), None);
        fs::write(&file, b"// one\n// \xff\n").expect("written");
        let (found, said) = verdict(&file).expect("not UTF-8");
        assert!(found == Verdict::Unreadable && said.contains("line 2"), "{said}");
        fs::write(&file, vec![b' '; (1 << 20) + 1]).expect("written");
        assert_eq!(verdict(&file).expect("too long").0, Verdict::Unreadable);
        assert!(verdict(folder.path()).expect("a folder").1.contains("not a file"));
        let link = folder.path().join("link.rs");
        std::os::unix::fs::symlink(folder.path().join("gone.rs"), &link).expect("a link");
        assert_eq!(verdict(&link).expect("it leads nowhere").0, Verdict::MissingFile);
    }

    #[test]
    fn no_two_tokens_are_alike() {
        assert_ne!(token(), token());
    }
}
