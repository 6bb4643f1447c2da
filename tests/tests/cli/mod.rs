//! Runs the real `cargo xtask` in folders of its own, so that nobody's work is touched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lies in the repository").to_path_buf()
}

/// The runner's program, built once.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--package", "xtask", "--message-format=json"]).current_dir(repository());
        let output = build.stderr(Stdio::inherit()).output().expect("cargo is there");
        assert!(output.status.success(), "xtask does not compile");
        let messages = String::from_utf8(output.stdout).expect("UTF-8");
        let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut programs = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
        programs.next_back().expect("xtask is a program")
    })
}

/// A learner's folder, and a course.
pub(crate) struct Sandbox {
    /// The repository whose course is taken.
    pub(crate) root: PathBuf,
    /// The learner's folder.
    pub(crate) work: PathBuf,
}

impl Sandbox {
    /// The real course and an empty learner's folder, always at the same place: what was compiled stays of use.
    pub(crate) fn new(name: &str) -> Self {
        let own = own_folder(name);
        Self { root: repository(), work: own.join("work") }
    }

    /// A course of our own: each program is an exercise of the same name, with the check that every outcome is `ok`.
    pub(crate) fn with_course(name: &str, programs: &[(&str, &str)]) -> Self {
        let root = own_folder(name);
        let chapter = root.join("exercises/01_bad");
        let mut list = String::from("version = 1\n[[chapter]]\ndir = \"01_bad\"\ntitle = \"Bad\"\n");
        for (number, (name, program)) in programs.iter().enumerate() {
            list += &format!(
                "[[chapter.exercise]]\nnumber = {number}\nname = \"{name}\"\nkind = \"S\"\nstars = 1\nconcepts = []\n\
                 starter = \"nothing-recorded\"\nwrong = {{}}\n"
            );
            exercise(&chapter.join(name));
            let file = root.join(format!("exercises/work/01_bad/{name}.rs"));
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, program).expect("written");
        }
        fs::write(root.join("exercises/course.toml"), list).expect("written");
        fs::create_dir_all(root.join("tests")).expect("a folder");
        for shared in ["crates", "exercises/harness", "tests/suites", "Cargo.lock", "Cargo.toml"] {
            std::os::unix::fs::symlink(repository().join(shared), root.join(shared)).expect("a link");
        }
        Self { work: root.join("exercises/work"), root }
    }

    /// A command that is ready to run.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(&self.root);
        command.env("THREADCRAFT_ROOT", &self.root).env("THREADCRAFT_WORK", &self.work);
        command.env("THREADCRAFT_TARGET", target()).env_remove("CARGO_MANIFEST_DIR");
        for color in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(color);
        }
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().expect("xtask runs"))
    }

    /// Runs `verify --format json` and gives each exercise's result by its name.
    pub(crate) fn verify_json(&self, arguments: &[&str]) -> Value {
        let ended = self.xtask(&[&["verify", "--format", "json"], arguments].concat());
        by_name(&ended)
    }

    /// One of the learner's files, written.
    pub(crate) fn write(&self, file: &str, contents: &str) {
        let file = self.work.join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, contents).expect("written");
    }

    /// One of the learner's files.
    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.work.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }
}

/// Where the course's programs are built: the one place of the developer's own runs, so that it is warm.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from)
}

fn own_folder(name: &str) -> PathBuf {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    if own.exists() {
        fs::remove_dir_all(&own).expect("an old sandbox can be removed");
    }
    fs::create_dir_all(&own).expect("a folder");
    own
}

fn exercise(dir: &Path) {
    const CHECK: &str = "use threadcraft_harness::{Check, Program};\n\npub fn check(check: &mut Check) {\n    \
        check.explore(Program::new(\"every schedule\", crate::learner::main).outcomes());\n}\n";
    fs::create_dir_all(dir).expect("a folder");
    let hints = "## look\nat it\n## idea\nan idea\n## tool\na tool\n";
    let files = [
        ("task.md", "# a task\n"),
        ("starter.rs", "pub fn main() {}\n"),
        ("solution.rs", "use threadcraft::prelude::*;\n\npub fn main() {\n    println!(\"ok\");\n}\n"),
        ("check.rs", CHECK),
        ("hints.md", hints),
        ("after.md", "## The law\n\nThe law of it.\n"),
        ("outcomes.snap", "---\nsource: check.rs\nexpression: outcomes\n---\nok\n"),
    ];
    for (file, contents) in files {
        fs::write(dir.join(file), contents).expect("written");
    }
}

/// A program that goes on until somebody ends it: it takes a step now and then, so that it is not stuck. The word is in
/// the command line of what it starts.
pub(crate) fn endless(word: &str) -> String {
    format!(
        "use threadcraft::prelude::*;\npub fn main() {{\n\
         let _ = std::process::Command::new(\"sleep\").arg(\"{word}\").spawn();\n\
         for turn in 0.. {{ (0..1_000_000).for_each(|_| std::hint::spin_loop()); println!(\"{{turn}}\"); }} }}\n"
    )
}

/// A command that ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("xtask prints UTF-8");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// The document of a run, with each exercise's result by its name, too.
pub(crate) fn by_name(ended: &Ended) -> Value {
    let mut document: Value =
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}\n{}{}", ended.stdout, ended.stderr));
    let exercises = document["exercises"].as_array().expect("a list").clone();
    let by_name =
        exercises.into_iter().map(|exercise| (exercise["name"].as_str().expect("a name").to_owned(), exercise));
    document["by_name"] = Value::Object(by_name.collect());
    document["code"] = ended.code.into();
    document
}

/// The processes whose command line has this word, as `pid: line`.
pub(crate) fn processes(word: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("/proc").flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()));
    let line = |pid: &u32| fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    pids.map(|pid| format!("{pid}: {}", String::from_utf8_lossy(&line(&pid)).replace('\0', " ")))
        .filter(|line| line.contains(word))
        .collect()
}
