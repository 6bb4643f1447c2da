//! What the tutorials show that the course grew from, and which exercises teach it: `exercises/seeds.toml`, and the
//! table in the course's README that is made from it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use serde::Deserialize;
use toml::Spanned;

use crate::course::Course;
use crate::lines::{Fault, line_of};
use crate::places::Places;
use crate::work::replace;

/// The table stands between these lines.
pub(super) const BEGIN: &str = "<!-- made by `cargo xtask snapshot` from seeds.toml -->\n";
pub(super) const END: &str = "<!-- end -->\n";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seeds {
    #[serde(default)]
    tutorial: Vec<Tutorial>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tutorial {
    name: String,
    #[serde(default)]
    concept: Vec<Concept>,
}

/// Something that a tutorial shows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Concept {
    shows: Spanned<String>,
    /// The exercises that teach it.
    #[serde(default)]
    exercises: Vec<Spanned<String>>,
    /// The chapters whose README answers it.
    #[serde(default)]
    chapters: Vec<Spanned<String>>,
    /// The exercises that will teach it and are not written yet.
    #[serde(default)]
    later: Vec<Spanned<String>>,
}

/// All faults of the list and its table.
pub(super) fn faults(places: &Places, course: &Course) -> Vec<Fault> {
    let file = places.exercises().join("seeds.toml");
    let shown = places.shown(&file);
    let (text, seeds) = match read(places) {
        Ok(read) => read,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for concept in seeds.tutorial.iter().flat_map(|tutorial| &tutorial.concept) {
        let mut fault = |at: &Spanned<String>, what: String| {
            faults.push(Fault::new(&shown, line_of(&text, at.span().start), what));
        };
        let shows = concept.shows.get_ref();
        if concept.exercises.is_empty() && concept.chapters.is_empty() && concept.later.is_empty() {
            fault(&concept.shows, format!("no exercise teaches `{shows}`: name one"));
        }
        if !seen.insert(shows) {
            fault(&concept.shows, format!("`{shows}` stands there twice: name all its exercises in one place"));
        }
        for (names, is_there) in [(&concept.exercises, true), (&concept.later, false)] {
            for name in names {
                let exists = course.exercises().any(|exercise| exercise.name == *name.get_ref());
                match (exists, is_there) {
                    (false, true) => fault(name, format!("there is no exercise `{}`", name.get_ref())),
                    (true, false) => fault(name, format!("`{}` is there now: move it to `exercises`", name.get_ref())),
                    _ => {}
                }
            }
        }
        for chapter in &concept.chapters {
            if !course.chapters.iter().any(|known| known.dir == *chapter.get_ref()) {
                fault(chapter, format!("there is no chapter `{}`", chapter.get_ref()));
            }
        }
    }
    let readme = places.exercises().join("README.md");
    let current = fs::read_to_string(&readme).unwrap_or_default();
    if with_table(&current, &table(&seeds, course)) != Some(current) {
        let what = "the table of what the tutorials show is out of date: `cargo xtask snapshot` writes it";
        faults.push(Fault::new(places.shown(&readme), 0, what));
    }
    faults
}

/// Writes the table anew, and tells where, if it was out of date.
pub(crate) fn update(places: &Places, course: &Course) -> anyhow::Result<Option<PathBuf>> {
    let Ok((_, seeds)) = read(places) else { return Ok(None) };
    let readme = places.exercises().join("README.md");
    let current = fs::read_to_string(&readme).with_context(|| places.shown(&readme))?;
    let new = with_table(&current, &table(&seeds, course)).filter(|new| *new != current);
    let Some(new) = new else { return Ok(None) };
    replace(&readme, new.as_bytes()).with_context(|| places.shown(&readme))?;
    Ok(Some(readme))
}

fn read(places: &Places) -> Result<(String, Seeds), Fault> {
    let file = places.exercises().join("seeds.toml");
    let text = fs::read_to_string(&file).map_err(|error| Fault::new(places.shown(&file), 0, error.to_string()))?;
    let seeds = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(0, |span| line_of(&text, span.start));
        Fault::new(places.shown(&file), line, error.message().replace('\n', " "))
    })?;
    Ok((text, seeds))
}

/// The README with this table between the two lines; `None` if it has no such lines.
fn with_table(readme: &str, table: &str) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{table}{END}{after}"))
}

/// A row a concept; what is taught by nothing yet says so.
fn table(seeds: &Seeds, course: &Course) -> String {
    let mut table = String::from("\n| tutorial | shows | exercises |\n|---|---|---|\n");
    let link = |name: &Spanned<String>| {
        let exercise = course.exercises().find(|exercise| exercise.name == *name.get_ref())?;
        Some(format!("[{}]({}/{0}/task.md)", exercise.name, exercise.chapter))
    };
    for tutorial in &seeds.tutorial {
        for concept in &tutorial.concept {
            let chapters = concept
                .chapters
                .iter()
                .map(|dir| format!("[chapter {}]({dir}/README.md)", number(dir.get_ref()), dir = dir.get_ref()));
            let mut taught: Vec<String> = concept.exercises.iter().filter_map(link).chain(chapters).collect();
            if taught.is_empty() {
                taught.push("to come".to_owned());
            }
            table += &format!("| {} | {} | {} |\n", tutorial.name, concept.shows.get_ref(), taught.join(", "));
        }
    }
    table + "\n"
}

/// `02_races` as `2`.
fn number(chapter: &str) -> &str {
    chapter.split('_').next().unwrap_or_default().trim_start_matches('0')
}

#[cfg(test)]
#[path = "seeds_tests.rs"]
mod tests;
