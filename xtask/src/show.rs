//! What several commands show alike: marks, headings, a text of the course, the lines of the learner's next step.

use std::fs;
use std::path::Path;

use colored::Colorize as _;

use crate::course::Exercise;
use crate::results::Standing;

/// The mark of a standing.
pub(crate) fn mark(standing: Standing) -> String {
    match standing {
        Standing::Done => "✓".green().to_string(),
        Standing::ToDo => "·".dimmed().to_string(),
        Standing::Failing => "✗".red().to_string(),
    }
}

/// `10 · lost_update ★`.
pub(crate) fn title(exercise: &Exercise) -> String {
    format!("{} · {} {}", exercise.number, exercise.name.bold(), exercise.stars().yellow())
}

/// What an exercise asks for, where to write it, and what to type.
pub(crate) fn task(exercise: &Exercise) {
    let text = fs::read_to_string(exercise.file("task.md")).unwrap_or_default();
    println!("{}\n", markdown(&text).trim_end());
    println!("  {}   {}", "file".dimmed(), from_here(&exercise.work_file));
    println!("  {}  cargo xtask verify {}", "check".dimmed(), exercise.name);
    println!("  {}   cargo xtask hint {}", "hint".dimmed(), exercise.name);
}

/// What an exercise teaches, for who has passed it: the law in one sentence, with the Python beside it.
pub(crate) fn lesson(exercise: &Exercise) -> String {
    let after = fs::read_to_string(exercise.file("after.md")).unwrap_or_default();
    let shown = |heading| section(&after, heading).map(|text| markdown(text).trim_end().to_owned());
    let python = shown("In Python").map(|text| format!("{}\n\n{text}", "In Python".bold()));
    shown("The law").into_iter().chain(python).collect::<Vec<_>>().join("\n\n")
}

/// Says what the learner is to be told about the state file.
pub(crate) fn notices(notices: Vec<String>) {
    for notice in notices {
        eprintln!("{}: {notice}", "note".yellow());
    }
}

/// A Markdown text for a terminal: headings bold, fences left out, code indented.
pub(crate) fn markdown(text: &str) -> String {
    let mut shown = String::new();
    let mut in_code = false;
    for line in text.trim().lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            continue;
        }
        let heading = line.trim_start_matches('#');
        if in_code {
            shown += &format!("    {line}");
        } else if heading.len() < line.len() && heading.starts_with(' ') {
            shown += &heading.trim().bold().to_string();
        } else {
            shown += &line.replace("**", "");
        }
        shown.push('\n');
    }
    shown
}

/// The section of a Markdown text under a heading of the second level.
pub(crate) fn section<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let start = text.match_indices("## ").find_map(|(at, _)| {
        let starts_line = at == 0 || text[..at].ends_with('\n');
        let (title, _) = text[at + 3..].split_once('\n')?;
        (starts_line && title.trim() == heading).then_some(at + 3 + title.len())
    })?;
    let rest = &text[start..];
    Some(rest.find("\n## ").map_or(rest, |end| &rest[..end]).trim())
}

/// A path that a terminal can be clicked at: as short as it can be from here.
pub(crate) fn from_here(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# 1\n## look\n\nhere\nand there\n\n## idea\nso ## idea\n## tool\nthis";

    #[test]
    fn a_section_goes_from_its_heading_to_the_next() {
        assert_eq!(section(TEXT, "look"), Some("here\nand there"));
        assert_eq!(section(TEXT, "idea"), Some("so ## idea"));
        assert_eq!(section(TEXT, "tool"), Some("this"));
        assert_eq!(section(TEXT, "code"), None);
    }

    #[test]
    fn a_text_is_shown_without_its_marks() {
        colored::control::set_override(false);
        assert_eq!(
            markdown("## The law\n**Join** all.\n```python\nx = 1\n```\n#hash\n"),
            "The law\nJoin all.\n    x = 1\n#hash\n"
        );
    }
}
