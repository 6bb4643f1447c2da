//! The pages of `cargo xtask explain`: the program on each gets its verdict from the real runner, and what the page
//! shows is what the runner says.
//!
//! `THREADCRAFT_WRITE=1 cargo test -p threadcraft-tests --test cli_explain` writes what the runner says into the pages.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;

use std::fs;
use std::path::PathBuf;

use cli::{Ended, Sandbox, repository};
use serde_json::Value;

/// One page.
struct Page {
    verdict: String,
    file: PathBuf,
    text: String,
}

/// What begins the block that the runner fills.
const FILLED: &str = "```text\n";

impl Page {
    /// The block with exactly these words after its backquotes.
    fn block(&self, words: &str) -> Option<&str> {
        let start = format!("\n```{words}\n");
        let (_, rest) = self.text.split_once(&start)?;
        rest.split_once("```\n").map(|(block, _)| block)
    }

    /// The exercise that the program is made one of.
    fn exercise(&self) -> String {
        self.verdict.replace('-', "_")
    }

    /// The page with this as what the runner says.
    fn filled(&self, said: &str) -> String {
        let (before, rest) = self.text.split_once(&format!("\n{FILLED}")).expect("a block for what the runner says");
        let (_, after) = rest.split_once("```\n").expect("its end");
        format!("{before}\n{FILLED}{said}\n```\n{after}")
    }
}

fn pages() -> Vec<Page> {
    let folder = repository().join("xtask/explain");
    let files = fs::read_dir(folder).expect("the pages").map(|entry| entry.expect("readable").path());
    let page = |file: PathBuf| {
        let verdict = file.file_stem().expect("a name").to_string_lossy().into_owned();
        Page { verdict, text: fs::read_to_string(&file).expect("UTF-8"), file }
    };
    let mut pages: Vec<Page> = files.map(page).collect();
    pages.sort_by(|left, right| left.verdict.cmp(&right.verdict));
    pages
}

/// A course in which each page's program is the learner's file of an exercise.
fn course(pages: &[Page]) -> Sandbox {
    let names: Vec<String> = pages.iter().map(Page::exercise).collect();
    let programs: Vec<(&str, &str)> = names
        .iter()
        .zip(pages)
        .map(|(name, page)| (name.as_str(), page.block("rust").unwrap_or("pub fn main() {}\n")))
        .collect();
    let sandbox = Sandbox::with_course("explain", &programs);
    let list = sandbox.root.join("exercises/course.toml");
    let mut text = fs::read_to_string(&list).expect("written");
    for page in pages {
        let folder = sandbox.root.join("exercises/01_bad").join(page.exercise());
        if let Some(given) = page.block("rust given") {
            fs::write(folder.join("starter.rs"), given).expect("written");
            let name = format!("name = \"{}\"\nkind = ", page.exercise());
            text = text.replace(&format!("{name}\"S\""), &format!("{name}\"B\""));
        }
        if let Some(check) = page.block("rust check") {
            fs::write(folder.join("check.rs"), check).expect("written");
        }
        if let Some(expected) = page.block("text expected") {
            for name in ["outcomes", "output"] {
                let snapshot = format!("---\nsource: check.rs\nexpression: {name}\n---\n{expected}");
                fs::write(folder.join(format!("{name}.snap")), snapshot).expect("written");
            }
        }
    }
    fs::write(list, text).expect("written");
    // The first use gives all files, so that one that is gone was deleted.
    sandbox.xtask(&["start"]);
    fs::remove_file(sandbox.work.join("01_bad/missing_file.rs")).expect("it was given");
    fs::write(sandbox.work.join("01_bad/unreadable.rs"), b"// caf\xe9\npub fn main() {}\n").expect("written");
    let tampers = sandbox.read("01_bad/tampered.rs");
    let here = sandbox.root.join("exercises").display().to_string();
    sandbox.write("01_bad/tampered.rs", &tampers.replace("EXERCISES", &here));
    sandbox
}

/// What the runner says of one exercise, with these options.
fn result(sandbox: &Sandbox, name: &str, options: &[&str], variables: &[(&str, &str)]) -> Value {
    let mut command = sandbox.command(&[&["verify", "--format", "json", name], options].concat());
    let ended = Ended::of(command.envs(variables.iter().copied()).output().expect("xtask runs"));
    let mut document: Value =
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}\n{}{}", ended.stdout, ended.stderr));
    document["exercises"][0].take()
}

#[test]
fn every_page_shows_what_the_runner_says_of_its_program() {
    let pages = pages();
    let sandbox = course(&pages);
    let is_special = |page: &&Page| ["passed", "timeout", "out-of-memory", "tampered"].contains(&page.verdict.as_str());
    let names: Vec<String> = pages.iter().filter(|page| !is_special(page)).map(Page::exercise).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let all = sandbox.verify_json(&[&["--time-limit", "20"], &names[..]].concat());
    let write = std::env::var_os("THREADCRAFT_WRITE").is_some();
    let (mut wrong, mut outdated) = (Vec::new(), Vec::new());
    for page in &pages {
        let name = page.exercise();
        let result = match page.verdict.as_str() {
            "passed" => result(&sandbox, &name, &["--schedule", "a"], &[]),
            "timeout" => result(&sandbox, &name, &["--time-limit", "0.3"], &[]),
            "out-of-memory" => result(&sandbox, &name, &["--memory-limit", "256"], &[]),
            "tampered" => result(&sandbox, &name, &[], &[("THREADCRAFT_WITHOUT_FENCE", "1")]),
            _ => all["by_name"][&name].clone(),
        };
        let diagnosis = result["diagnosis"].as_str().unwrap_or_default();
        if result["verdict"] != page.verdict.as_str() {
            wrong.push(format!("{}: {}\n{diagnosis}", page.verdict, result["verdict"]));
            continue;
        }
        let lines = diagnosis.lines().map(|line| line.replace("exercises/work/01_bad/", "").trim_end().to_owned());
        let said = lines.collect::<Vec<_>>().join("\n").trim_end().to_owned();
        let filled = page.filled(&said);
        if write {
            fs::write(&page.file, &filled).expect("the page can be written");
        } else if !alike(&page.verdict, &filled, &page.text) {
            outdated.push((&page.verdict, said));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(outdated.is_empty(), "these pages are out of date; this file says how to write them anew: {outdated:#?}");
}

/// True if a page says what the runner says. The compiler's words change with its version, those of a process that
/// crashes have its number, and of a flood it depends on the machine where it was cut off.
fn alike(verdict: &str, filled: &str, text: &str) -> bool {
    let first_lines = |text: &str| {
        let (before, rest) = text.split_once(&format!("\n{FILLED}")).expect("a block");
        format!("{before}{}", rest.lines().next().unwrap_or_default())
    };
    match verdict {
        "compile-error" | "crashed" | "output-flood" => first_lines(filled) == first_lines(text),
        _ => filled == text,
    }
}

#[test]
fn explain_shows_the_page_and_lists_all_that_there_are() {
    let sandbox = Sandbox::new("explain-command");
    let page = sandbox.xtask(&["explain", "deadlock"]);
    assert!(page.code == Some(0) && page.stdout.contains("cycle:"), "{}{}", page.stdout, page.stderr);
    assert!(!page.stdout.contains("```") && !page.stdout.contains('\u{1b}'), "{}", page.stdout);
    let list = sandbox.xtask(&["explain"]);
    for page in pages() {
        assert!(list.stdout.lines().any(|line| line.trim_start().starts_with(&page.verdict)), "{}", page.verdict);
    }
    let unknown = sandbox.xtask(&["explain", "deadlok"]);
    assert!(unknown.code == Some(2) && unknown.stderr.contains("'deadlock'"), "{}", unknown.stderr);
}
