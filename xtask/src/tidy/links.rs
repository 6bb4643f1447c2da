//! A rule for Markdown: a link to a file leads somewhere.

use super::File;
use crate::lines::Fault;

pub(super) fn check(files: &[File], exists: impl Fn(&str) -> bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut in_code = false;
        for (line, text) in file.lines() {
            in_code ^= text.trim_start().starts_with("```");
            for target in targets(text).filter(|_| !in_code) {
                if !resolve(folder, target).is_some_and(|path| exists(&path)) {
                    faults.push(file.fault(line, format!("the link to `{target}` leads nowhere: correct its path")));
                }
            }
        }
    }
    faults
}

/// The targets of the links in a line that are meant as files.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let found = line.match_indices("](").filter_map(|(start, _)| line[start + 2..].split_once(')'));
    let targets = found.map(|(target, _)| target.split('#').next().unwrap_or_default().trim());
    targets.filter(|target| !target.is_empty() && !target.contains(':') && !target.contains(' '))
}

/// A path from the repository on; none if it leads out of it.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::{file, told};
    use super::*;

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let text = "[a](there.md) [b](../README.md#top) [c](https://x.y) [d](#here)\n[e](gone.md) and [f](../../out.md)\n\
                    ```\n[g](example.md)\n```\n";
        let exists = |path: &str| ["docs/there.md", "README.md"].contains(&path);
        let faults = told(&check(&[file("docs/a.md", text), file("docs/a.rs", "[h](gone)")], exists));
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with("docs/a.md:2: the link to `gone.md`") && faults[1].contains("out.md"));
    }
}
