//! Rules for Cargo.toml: the layers, one place for versions, what every package says of itself.

use std::collections::BTreeMap;

use super::File;
use crate::lines::{Fault, line_of};

/// The layers: a package uses only those of a lower number. One place per package, so that a new one must choose.
const LAYERS: [(&str, u32); 18] = [
    ("threadcraft-timeline", 0),
    ("threadcraft-explore", 1),
    ("threadcraft-platform", 2),
    ("threadcraft-lock", 3),
    ("threadcraft-event", 3),
    ("threadcraft-semaphore", 3),
    ("threadcraft-barrier", 3),
    ("threadcraft-condition", 4),
    ("threadcraft-thread", 4),
    ("threadcraft-queue", 5),
    ("threadcraft-pool", 5),
    ("threadcraft-timer", 6),
    ("threadcraft", 7),
    ("threadcraft-harness", 8),
    ("threadcraft-suites", 8),
    ("threadcraft-tests", 9),
    ("threadcraft-benchmarks", 9),
    ("xtask", 1),
];

/// What every package says of itself, and after that what one says that is published: a registry's page is made of it.
const OF_ALL_AND_PUBLISHED: [&str; 6] =
    ["description", "license", "repository", "rust-version", "keywords", "categories"];
const OF_ALL: usize = 2;

/// The one package that uses no primitive and no engine: it only reads what the explorer reports.
const REPORT_READER: &str = "xtask";

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let manifests = files.iter().filter(|file| file.path.ends_with("Cargo.toml") && file.path != "Cargo.toml");
    manifests.flat_map(check_one).collect()
}

fn check_one(file: &File) -> Vec<Fault> {
    let table: toml::Table = match file.text.parse() {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map_or(0, |span| line_of(&file.text, span.start));
            return vec![file.fault(line, error.message())];
        }
    };
    let Some(package) = table.get("package").and_then(toml::Value::as_table) else {
        return vec![file.fault(0, "no [package]: only the root is a virtual manifest")];
    };
    let name = package.get("name").and_then(toml::Value::as_str).unwrap_or_default();
    let mut faults = Vec::new();
    let is_published = package.get("publish").and_then(toml::Value::as_bool) != Some(false);
    let wanted = if is_published { &OF_ALL_AND_PUBLISHED[..] } else { &OF_ALL_AND_PUBLISHED[..OF_ALL] };
    for key in wanted {
        if !package.contains_key(*key) {
            faults.push(file.fault(1, format!("the package has no `{key}`: add it")));
        }
    }
    for (section, dependencies) in dependencies(&table) {
        for (dependency, value) in dependencies {
            let line = line_of_key(file, dependency);
            // A path alone is for a circle of tests: with a version, neither package could be published first.
            let is_circle =
                section == "dev-dependencies" && value.get("path").is_some() && value.get("version").is_none();
            if !is_inherited(value) && !is_circle {
                let what = format!("`{dependency}` has a version of its own: write `{dependency}.workspace = true`");
                faults.push(file.fault(line, what));
            }
            // Tests may use what stands above: they are not part of what others build on.
            if section != "dev-dependencies"
                && let Some(what) = wrong_layer(name, dependency)
            {
                faults.push(file.fault(line, what));
            }
        }
    }
    if layer(name).is_none() {
        faults.push(file.fault(1, format!("`{name}` has no layer: add it to LAYERS in xtask/src/tidy/manifests.rs")));
    }
    faults
}

/// All tables of dependencies, also those of one target, by the name of their kind.
fn dependencies(table: &toml::Table) -> Vec<(&'static str, &toml::Table)> {
    const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    let targets = table.get("target").and_then(toml::Value::as_table).into_iter().flat_map(|targets| targets.values());
    let tables = std::iter::once(table).chain(targets.filter_map(toml::Value::as_table));
    let of = |table| KINDS.iter().filter_map(move |&kind| Some((kind, toml::Table::get(table, kind)?.as_table()?)));
    tables.flat_map(of).collect()
}

fn is_inherited(value: &toml::Value) -> bool {
    value.get("workspace").and_then(toml::Value::as_bool) == Some(true)
}

fn layer(package: &str) -> Option<u32> {
    BTreeMap::from(LAYERS).get(package).copied()
}

fn wrong_layer(package: &str, dependency: &str) -> Option<String> {
    let (own, other) = (layer(package)?, layer(dependency)?);
    if package == REPORT_READER && dependency != "threadcraft-timeline" {
        return Some(format!(
            "xtask uses no primitive and no engine: not `{dependency}`, only the report types of `threadcraft-timeline`"
        ));
    }
    (other >= own)
        .then(|| format!("`{package}` stands below `{dependency}` or beside it: move what it needs to a lower layer"))
}

fn line_of_key(file: &File, key: &str) -> usize {
    let starts = |text: &str| text.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    file.lines().find(|(_, text)| starts(text)).map_or(0, |(line, _)| line)
}

#[cfg(test)]
mod tests {
    use super::super::{file, told};
    use super::*;

    fn faults(package: &str, rest: &str) -> Vec<String> {
        let text = format!(
            "[package]\nname = \"{package}\"\ndescription = \"x\"\nlicense.workspace = true\npublish = false\n{rest}"
        );
        told(&check(&[file("crates/x/Cargo.toml", &text)]))
    }

    #[test]
    fn a_package_uses_lower_layers_only() {
        let uses = |dependency: &str| format!("[dependencies]\n{dependency}.workspace = true\n");
        assert!(faults("threadcraft-lock", &uses("threadcraft-platform")).is_empty());
        let above = faults("threadcraft-platform", &uses("threadcraft-lock"));
        assert!(above.len() == 1 && above[0].starts_with("crates/x/Cargo.toml:7: `threadcraft-platform`"), "{above:?}");
        assert_eq!(faults("threadcraft-lock", &uses("threadcraft-semaphore")).len(), 1, "beside");
        assert_eq!(faults("xtask", &uses("threadcraft-platform")).len(), 1);
        assert!(faults("xtask", &uses("threadcraft-timeline")).is_empty());
        assert_eq!(faults("xtask", &uses("threadcraft-explore")).len(), 1, "no engine");
        let in_tests = "[dev-dependencies]\nthreadcraft-thread.workspace = true\n";
        assert!(faults("threadcraft-lock", in_tests).is_empty());
        let of_a_target = "[target.'cfg(unix)'.dependencies]\nthreadcraft.workspace = true\n";
        assert_eq!(faults("threadcraft-lock", of_a_target).len(), 1);
    }

    #[test]
    fn versions_stand_in_the_root_alone() {
        assert_eq!(faults("xtask", "[dependencies]\nclap = \"4\"\n").len(), 1);
        assert_eq!(faults("xtask", "[dependencies]\nclap = { version = \"4\" }\n").len(), 1);
        assert!(faults("xtask", "[dependencies]\nclap = { workspace = true, features = [] }\n").is_empty());
        assert!(faults("xtask", "[dev-dependencies]\nx = { path = \"../x\" }\n").is_empty());
        assert_eq!(faults("xtask", "[dev-dependencies]\nx = { path = \"../x\", version = \"1\" }\n").len(), 1);
    }

    #[test]
    fn a_package_says_what_it_is() {
        let bare = told(&check(&[file("crates/x/Cargo.toml", "[package]\nname = \"xtask\"\n")]));
        assert_eq!(bare.len(), 6, "{bare:?}");
        assert!(faults("xtask", "").is_empty(), "who is not published need not say more");
        assert!(faults("threadcraft-new", "")[0].contains("has no layer"));
        assert_eq!(told(&check(&[file("crates/x/Cargo.toml", "[package\n")])).len(), 1);
    }
}
