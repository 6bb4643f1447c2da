//! One cargo call for all programs that are asked for, and what the compiler says of each.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::exit::Mistake;
use crate::interrupt;
use crate::package::{Package, Program};
use crate::process::{Companion, die_with, kill_group};

/// What became of one program.
#[derive(Debug)]
pub(crate) enum Built {
    /// It compiles; here it lies. Besides, what the compiler warns of in the learner's file.
    Ready { program: PathBuf, warnings: Vec<String> },
    /// It does not.
    Rejected(Vec<Diagnostic>),
}

/// What the compiler says, as cargo passes it on.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Diagnostic {
    pub(crate) message: String,
    level: String,
    code: Option<Code>,
    #[serde(default)]
    spans: Vec<Span>,
    rendered: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Code {
    code: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Span {
    file_name: PathBuf,
    is_primary: bool,
    expansion: Option<Box<Expansion>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Expansion {
    span: Span,
}

impl Diagnostic {
    /// As rustc shows it, with colours.
    pub(crate) fn rendered(&self) -> &str {
        self.rendered.as_deref().unwrap_or(&self.message)
    }

    /// The error code, such as `E0603`.
    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_ref().map(|code| code.code.as_str())
    }

    /// True if it is about this file: its own lines, or a macro that they call.
    pub(crate) fn is_in(&self, file: &Path) -> bool {
        self.spans.iter().filter(|span| span.is_primary).any(|span| span.is_in(file))
    }

    fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }
}

impl Span {
    fn is_in(&self, file: &Path) -> bool {
        self.file_name == file || self.expansion.as_ref().is_some_and(|expansion| expansion.span.is_in(file))
    }
}

/// A line of cargo's JSON.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-message")]
    Said { target: Target, message: Diagnostic },
    #[serde(rename = "compiler-artifact")]
    Made { target: Target, executable: Option<PathBuf> },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Target {
    fn is_program(&self) -> bool {
        self.kind.iter().any(|kind| kind == "bin")
    }
}

/// Who is told what becomes of a build.
pub(crate) struct Listener<'a> {
    /// Of each thing that is compiled.
    pub(crate) step: &'a dyn Fn(&str),
    /// Of each program, as soon as it is made or rejected: the others are still being compiled.
    pub(crate) ready: &'a mut dyn FnMut(&str, Built),
}

/// Compiles the programs; false if interrupted.
pub(crate) fn compile(
    package: &Package,
    programs: &[Program],
    offline: bool,
    listener: &mut Listener<'_>,
) -> anyhow::Result<bool> {
    package.write(programs)?;
    fs::create_dir_all(&package.run).context("there is no place for programs")?;
    let mut build = Build::new(package, programs);
    let Some(errors) = cargo(package, programs, offline, &mut |message| build.take(message, listener))? else {
        return Ok(false);
    };
    if !build.foreign.is_empty() {
        let told: String =
            build.foreign.iter().map(|diagnostic| crate::terminal::plain(diagnostic.rendered())).collect();
        return Err(Mistake(format!("the course's own crates do not compile, nothing was checked\n{told}")).into());
    }
    // Cargo's own words for it name a feature of cargo, not what to do.
    let nothing_made = build.missing.len() == programs.len() && build.said.is_empty();
    if offline && nothing_made && errors.contains("--offline") {
        return Err(Mistake(format!(
            "some crates were never downloaded to this machine: run this once without `--offline`\n{}",
            errors.trim_end()
        ))
        .into());
    }
    build.end(&errors, listener)?;
    Ok(true)
}

/// What was heard from cargo so far.
struct Build<'a> {
    package: &'a Package,
    /// The programs that were neither made nor rejected, by name.
    missing: BTreeMap<&'a str, &'a Program>,
    said: BTreeMap<String, Vec<Diagnostic>>,
    /// Errors in crates that no learner writes.
    foreign: Vec<Diagnostic>,
    /// Why a program that was made cannot be run.
    failed: Option<anyhow::Error>,
}

impl<'a> Build<'a> {
    fn new(package: &'a Package, programs: &'a [Program]) -> Self {
        let missing = programs.iter().map(|program| (program.bin.as_str(), program)).collect();
        Self { package, missing, said: BTreeMap::new(), foreign: Vec::new(), failed: None }
    }

    fn take(&mut self, message: Message, listener: &mut Listener<'_>) {
        match message {
            Message::Said { target, message } if target.is_program() => {
                self.said.entry(target.name).or_default().push(message);
            }
            Message::Said { message, .. } if message.is_error() => self.foreign.push(message),
            Message::Made { target, executable } => {
                (listener.step)(&target.name);
                if let Some(executable) = executable.filter(|_| target.is_program()) {
                    match self.made(&target.name, &executable) {
                        Ok(Some(built)) => (listener.ready)(&target.name, built),
                        Ok(None) => {}
                        Err(error) => self.failed = Some(error),
                    }
                }
            }
            Message::Said { .. } | Message::Other => {}
        }
    }

    /// Cargo says all that it has to say of a program before it says that it is made.
    fn made(&mut self, bin: &str, executable: &Path) -> anyhow::Result<Option<Built>> {
        let Some(program) = self.missing.remove(bin) else { return Ok(None) };
        let said = self.said.remove(bin).unwrap_or_default();
        let warnings = said.iter().filter(|diagnostic| diagnostic.is_in(&program.learner));
        let warnings = warnings.map(|diagnostic| diagnostic.rendered().to_owned()).collect();
        let place = self.package.run.join(bin);
        take_over(executable, &place).with_context(|| format!("{} cannot be run", executable.display()))?;
        Ok(Some(Built::Ready { program: place, warnings }))
    }

    /// What was not made was rejected.
    fn end(self, errors: &str, listener: &mut Listener<'_>) -> anyhow::Result<()> {
        let Self { missing, mut said, failed, .. } = self;
        if let Some(error) = failed {
            return Err(error);
        }
        for (bin, program) in missing {
            let said = said.remove(bin).unwrap_or_default();
            let rejected: Vec<Diagnostic> = said.into_iter().filter(Diagnostic::is_error).collect();
            if rejected.is_empty() {
                bail!("cargo made no program for `{}` and did not say why\n{}", program.exercise, errors.trim_end());
            }
            (listener.ready)(bin, Built::Rejected(rejected));
        }
        Ok(())
    }
}

/// Gives a program a second name, which later builds do not touch.
pub(crate) fn take_over(executable: &Path, place: &Path) -> io::Result<()> {
    match fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::hard_link(executable, place).or_else(|_| fs::copy(executable, place).map(drop))
}

/// Runs cargo to its end and returns what it wrote to its standard error; `None` if interrupted.
fn cargo(
    package: &Package,
    programs: &[Program],
    offline: bool,
    take: &mut dyn FnMut(Message),
) -> anyhow::Result<Option<String>> {
    let mut cargo = Companion::start(&mut command(package, programs, offline)).context("cargo cannot be started")?;
    let child = cargo.child();
    let (sender, receiver) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut errors = child.stderr.take().expect("it is piped");
    let reader = std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if let Ok(message) = serde_json::from_str(&line) {
                // Nobody listens any more after an interruption.
                let _ = sender.send(message);
            }
        }
    });
    let complaints = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = errors.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let finished = listen(&receiver, take);
    if !finished {
        kill_group(child);
    }
    cargo.wait().context("cargo cannot be waited for")?;
    reader.join().expect("reading does not panic");
    let complaints = complaints.join().expect("reading does not panic");
    Ok(finished.then_some(complaints))
}

/// Passes messages on until there are no more; false if an end was asked for.
fn listen(receiver: &mpsc::Receiver<Message>, take: &mut dyn FnMut(Message)) -> bool {
    loop {
        match receiver.recv_timeout(Duration::from_millis(50)) {
            Ok(message) => take(message),
            Err(RecvTimeoutError::Disconnected) => return true,
            Err(RecvTimeoutError::Timeout) if interrupt::requested() => return false,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn command(package: &Package, programs: &[Program], offline: bool) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["build", "--keep-going", "--message-format=json-diagnostic-rendered-ansi"])
        .arg("--manifest-path")
        .arg(package.dir.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&package.target)
        .args(offline.then_some("--offline"))
        .args(programs.iter().flat_map(|program| ["--bin", program.bin.as_str()]))
        // The folder decides which `.cargo/config.toml` counts: that of the repository.
        .current_dir(&package.dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A group of its own: one stroke ends cargo and its compilers.
        .process_group(0);
    // What cargo told *us* as its child is not meant for this build.
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") || told == "CARGO_TARGET_DIR" {
            command.env_remove(&name);
        }
    }
    let parent = std::process::id();
    // SAFETY:
    // * between fork and exec the closure only makes system calls; it allocates nothing and takes no lock.
    unsafe { command.pre_exec(move || die_with(parent)) };
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(spans: &str) -> Diagnostic {
        let text = format!(r#"{{"message":"m","level":"error","code":null,"spans":[{spans}],"rendered":null}}"#);
        serde_json::from_str(&text).expect("the form of cargo's messages")
    }

    #[test]
    fn an_error_is_in_the_file_of_its_primary_span_or_of_the_macro_call() {
        let learner = Path::new("/w/spawn.rs");
        let own = r#"{"file_name":"/w/spawn.rs","is_primary":true,"expansion":null}"#;
        let noted = r#"{"file_name":"/w/spawn.rs","is_primary":false,"expansion":null}"#;
        let check = r#"{"file_name":"/c/check.rs","is_primary":true,"expansion":null}"#;
        let within = format!(r#"{{"file_name":"/std/macros.rs","is_primary":true,"expansion":{{"span":{own}}}}}"#);
        assert!(diagnostic(own).is_in(learner));
        assert!(diagnostic(&within).is_in(learner));
        assert!(!diagnostic(&format!("{check},{noted}")).is_in(learner));
        assert!(!diagnostic("").is_in(learner));
    }

    #[test]
    fn messages_of_other_kinds_are_passed_over() {
        assert!(matches!(serde_json::from_str(r#"{"reason":"build-script-executed","x":1}"#), Ok(Message::Other)));
    }
}
