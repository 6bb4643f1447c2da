//! `new-exercise`, for course authors: a folder that is whole and runs, to be rewritten piece by piece, and its entry
//! in course.toml.
//!
//! The template is a small exercise of the kind that is asked for, with every file that an exercise has. What is still
//! to be written is marked; `check-course` names each mark.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::check_course::MARK;
use crate::cli::NewExercise;
use crate::course::{self, Course, Kind};
use crate::exit::{Exit, Mistake};
use crate::places::Places;

/// Writes the parts of the template as a table: where each goes, and what it says.
macro_rules! template {
    ($($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!("../../../exercises/template/", $file)))),+]
    };
}

/// The files of the template; what stands in braces is filled in.
const TEMPLATE: &[(&str, &str)] = template![
    "task.md",
    "hints.md",
    "after.md",
    "starter.rs",
    "solution.rs",
    "right/semaphore.rs",
    "wrong/each_step.rs",
    "wrong/in_turn.rs",
];

/// On these the template's program loses one of the two additions, on the others it does not or there is no such
/// thread.
const SCHEDULE: &str = "abcbc";
const ANOTHER_SCHEDULE: &str = "acbcb";
const IN_TURN: &str = "ab3c3";
const UNKNOWN_LETTER: &str = "abz";

/// Runs the command.
pub(crate) fn run(places: &Places, asked: &NewExercise) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let chapter = chapter(&course, &asked.chapter)?;
    let last = course.exercises().map(|exercise| exercise.number).max().unwrap_or(0);
    let number = asked.number.unwrap_or(last + 1);
    refuse(&course, asked, number)?;
    let dir = places.exercises().join(&chapter).join(&asked.name);
    if dir.exists() {
        return Err(Mistake(format!("{} exists: delete it, or choose another name", places.shown(&dir))).into());
    }
    for (file, text) in files(asked, number) {
        write(places, &dir.join(file), &text)?;
    }
    let readme = places.exercises().join(&chapter).join("README.md");
    if !readme.exists() {
        write(places, &readme, &chapter_readme(&chapter))?;
    }
    let list = fs::read_to_string(places.course()).context("course.toml cannot be read")?;
    let list = listed(&list, &chapter, number, &entry(asked, number));
    fs::write(places.course(), list).context("course.toml cannot be written")?;
    println!("made {}, and listed it in {}", places.shown(&dir), places.shown(&places.course()));
    println!("how to go on: exercises/AUTHORS.md; what is missing: cargo xtask check-course {}", asked.name);
    Ok(Exit::Success)
}

/// The folder of the chapter: one that there is, or a new one.
fn chapter(course: &Course, asked: &str) -> anyhow::Result<String> {
    let asked = asked.trim_end_matches('/');
    if let Some(chapter) = course.chapters.iter().find(|chapter| chapter.is_called(asked)) {
        return Ok(chapter.dir.clone());
    }
    let (number, name) = asked.split_once('_').unwrap_or(("", ""));
    if number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit()) && course::is_name(name) {
        return Ok(asked.to_owned());
    }
    let known: Vec<&str> = course.chapters.iter().map(|chapter| chapter.dir.as_str()).collect();
    let known = known.join(", ");
    Err(Mistake(format!("there is no chapter `{asked}`: take one of {known}, or name a new one such as `04_waiting`"))
        .into())
}

fn refuse(course: &Course, asked: &NewExercise, number: u32) -> anyhow::Result<()> {
    let name = &asked.name;
    let taken = course.exercises().find(|exercise| exercise.name == *name || exercise.number == number);
    let why = if !course::is_name(name) {
        format!("the name `{name}` may have small letters, digits and _ only")
    } else if let Some(taken) = taken {
        format!("there is {} {} already: choose another name and number", taken.number, taken.name)
    } else {
        return Ok(());
    };
    Err(Mistake(why).into())
}

fn write(places: &Places, file: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("{} cannot be written", places.shown(file));
    fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).with_context(failed)?;
    fs::write(file, text).with_context(failed)
}

/// The files of the exercise and their texts.
fn files(asked: &NewExercise, number: u32) -> Vec<(&'static str, String)> {
    let stars = "★".repeat(usize::from(asked.stars));
    let fill = |text: &str, schedule: &str| {
        let text = text.replace("{number}", &number.to_string()).replace("{name}", &asked.name);
        text.replace("{stars}", &stars).replace("{schedule}", schedule)
    };
    let line = |schedule: &str| format!("pub const SCHEDULE: &str = \"{schedule}\";\n\n");
    // The program as it is given, with a schedule of its own.
    let given = |what: &str, schedule: &str| {
        let (_, text) = TEMPLATE.iter().find(|(file, _)| *file == "starter.rs").expect("it is in the list");
        let (_, program) = text.split_once('\n').expect("its first line says what it is");
        format!("//! {what}\n{}", fill(program, &line(schedule)).replace(&format!("{MARK}: "), ""))
    };
    let mut files: Vec<(&'static str, String)> = TEMPLATE
        .iter()
        .map(|&(file, text)| {
            let text = match (asked.kind, file) {
                (Kind::Compiles, "starter.rs") => {
                    fill(text, "").replace("std::sync::Arc", "std::rc::Rc").replace("Arc::", "Rc::")
                }
                (kind, "starter.rs") if kind.breaks() => fill(text, &format!("// {MARK}: break it.\n{}", line(""))),
                (Kind::Break, "after.md") => fill(text, "").replace("Why it is right", "Why it goes wrong"),
                (Kind::Break, "solution.rs") => {
                    given("The program as it was given, and a schedule that breaks it.", SCHEDULE)
                }
                (Kind::Break, "right/semaphore.rs") => {
                    given("Right: another schedule that breaks it.", ANOTHER_SCHEDULE)
                }
                (Kind::Break, "wrong/in_turn.rs") => given("Wrong: each clerk takes all its steps in a row.", IN_TURN),
                (Kind::Break, "wrong/each_step.rs") => {
                    given("Wrong: a schedule with a thread that does not exist.", UNKNOWN_LETTER)
                }
                (kind, _) if kind.breaks() => fill(text, &line(SCHEDULE)),
                _ => fill(text, ""),
            };
            (file, text)
        })
        .collect();
    files.push(("check.rs", check(asked.kind)));
    files
}

/// The check of the template's program.
fn check(kind: Kind) -> String {
    let uses = if kind.breaks() { "Check, Goal" } else { "Check" };
    let uses = if kind == Kind::Break { uses.to_owned() } else { format!("{uses}, Program") };
    let mut text = format!("//! {MARK}: what must hold, in one line.\n\nuse threadcraft_harness::{{{uses}}};\n\n");
    text += "pub fn check(check: &mut Check) {\n";
    if kind.breaks() {
        text += "    let goal = Goal::outcome_other_than(\"total = 2\");\n";
        text += "    check.break_it(crate::given::main, crate::learner::SCHEDULE, goal);\n";
    }
    let claim = match kind {
        Kind::Output => ".output()",
        Kind::Outcomes | Kind::Compiles | Kind::BreakThenOutcomes => ".outcomes()",
        Kind::Property | Kind::BreakThenProperty => ".main_ends_with(\"total = 2\")",
        Kind::Break => "",
    };
    if !claim.is_empty() {
        text += "    let program = Program::new(\"every schedule\", crate::learner::main);\n";
        text += &format!("    check.explore(program.threads(2).alive_at_once(2){claim});\n");
    }
    text + "}\n"
}

fn chapter_readme(chapter: &str) -> String {
    let (number, title) = (chapter[..2].trim_start_matches('0'), title(chapter));
    format!(
        "# {number} {title}\n\n{MARK}: one screen: the idea, what goes wrong, and the words of the field.\n\n\
         | Python | here |\n|---|---|\n| {MARK} | {MARK} |\n"
    )
}

/// `04_waiting` as `Waiting`.
fn title(chapter: &str) -> String {
    let name = chapter[3..].replace('_', " ");
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

/// The entry in course.toml.
fn entry(asked: &NewExercise, number: u32) -> String {
    let (starter, each_step, in_turn) = match asked.kind {
        Kind::Output => ("wrong-output", "wrong-output", "property"),
        Kind::Outcomes => ("wrong-outcomes", "wrong-outcomes", "property"),
        Kind::Property => ("property", "property", "property"),
        Kind::Compiles => ("compile-error", "wrong-outcomes", "property"),
        Kind::Break => ("not-broken", "bad-schedule", "not-broken"),
        Kind::BreakThenOutcomes => ("not-broken", "wrong-outcomes", "property"),
        Kind::BreakThenProperty => ("not-broken", "property", "property"),
    };
    let (name, kind, stars) = (&asked.name, asked.kind.letters(), asked.stars);
    format!(
        "[[chapter.exercise]]\nnumber = {number}\nname = \"{name}\"\nkind = \"{kind}\"\nstars = {stars}\n\
         concepts = [\"{MARK}\"]\nstarter = \"{starter}\"\n\n[chapter.exercise.wrong]\n\
         \"each_step.rs\" = \"{each_step}\"\n\"in_turn.rs\" = \"{in_turn}\"\n"
    )
}

/// The list with the entry at its place: chapters by their folders, exercises by their numbers. Text and not data, as
/// the comments must stay.
fn listed(list: &str, chapter: &str, number: u32, entry: &str) -> String {
    let lines: Vec<&str> = list.lines().collect();
    let value = |line: &str, key: &str| Some(line.strip_prefix(key)?.trim().strip_prefix('=')?.trim().to_owned());
    // Where a table begins, and what a key in it says.
    let tables = |header: &str, key: &str| -> Vec<(usize, String)> {
        let starts = lines.iter().enumerate().filter(|(_, line)| line.trim() == header).map(|(index, _)| index);
        starts.filter_map(|at| Some((at, lines[at..].iter().find_map(|line| value(line, key))?))).collect()
    };
    let chapters = tables("[[chapter]]", "dir");
    let chapters: Vec<(usize, &str)> = chapters.iter().map(|(at, dir)| (*at, dir.trim_matches('"'))).collect();
    let after = chapters.iter().find(|(_, dir)| *dir > chapter).map_or(lines.len(), |(at, _)| *at);
    let (at, entry) = match chapters.iter().find(|(_, dir)| *dir == chapter) {
        Some(&(start, _)) => {
            let exercises = tables("[[chapter.exercise]]", "number");
            let mut within = exercises.iter().filter(|(at, _)| (start..after).contains(at));
            let later = within.find(|(_, found)| found.parse::<u32>().is_ok_and(|found| found > number));
            (later.map_or(after, |(at, _)| *at), entry.to_owned())
        }
        None => {
            let title = title(chapter);
            (after, format!("[[chapter]]\ndir = \"{chapter}\"\ntitle = \"{title}\"\n\n{entry}"))
        }
    };
    // A comment right above a table belongs to it.
    let comments = lines[..at].iter().rev().take_while(|line| line.starts_with('#')).count();
    let (before, rest) = lines.split_at(at - comments);
    let mut text = before.join("\n").trim_end().to_owned() + "\n\n" + &entry;
    if !rest.is_empty() {
        text += &format!("\n{}\n", rest.join("\n"));
    }
    text
}

#[cfg(test)]
#[path = "new_exercise_tests.rs"]
mod tests;
