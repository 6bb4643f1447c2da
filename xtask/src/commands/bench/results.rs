//! The file of results: a section for each group, of which one is written anew and the others stay.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use super::{PROGRAMS, RUNNER};
use crate::places::Places;

/// Where it stands.
const FILE: &str = "crates/benchmarks/RESULTS.md";

/// What stands above the first group.
const HEAD: &str = "# Results

Written by `cargo xtask bench`, a group at a time. Contenders are measured in turns in one process, and a ratio is the
median of the ratios of single rounds: on a machine that does other things, too, ratios hold and absolute figures do
not. \"Target\" is for ours / peer.
";

/// Writes a group's section, and shows it.
pub(super) fn put(places: &Places, group: &str, body: &str) -> anyhow::Result<()> {
    let section = format!("## {group}\n\n{}\n\n{}\n", facts(&places.root, group)?, body.trim());
    println!("{section}");
    let file = places.root.join(FILE);
    let before = fs::read_to_string(&file).unwrap_or_default();
    fs::write(&file, with_section(&before, group, &section)).with_context(|| format!("{FILE} cannot be written"))
}

/// The file with this section in place of the one before.
fn with_section(text: &str, group: &str, section: &str) -> String {
    let of = |group: &str| {
        let start = text.find(&format!("\n## {group}\n"))? + 1;
        let end = text[start..].find("\n## ").map_or(text.len(), |end| start + end + 1);
        Some(text[start..end].trim_end().to_owned() + "\n")
    };
    let sections = PROGRAMS
        .iter()
        .copied()
        .chain([RUNNER])
        .filter_map(|name| if name == group { Some(section.to_owned()) } else { of(name) });
    std::iter::once(HEAD.to_owned()).chain(sections).collect::<Vec<_>>().join("\n")
}

/// What the figures depend on: the machine, the compiler, and which peers.
fn facts(root: &Path, group: &str) -> anyhow::Result<String> {
    let rustc = Command::new("rustc").arg("--version").output().context("rustc cannot be started")?;
    let rustc = String::from_utf8_lossy(&rustc.stdout).split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut facts = vec![format!("{cores} cores")];
    facts.extend(processor());
    facts.extend([format!("{} {}", std::env::consts::OS, std::env::consts::ARCH), rustc]);
    facts.extend(peers(root, group)?);
    Ok(format!("Measured on: {}.", facts.join(", ")))
}

/// The processor's name, where Linux says it.
fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let name = text.lines().find_map(|line| line.strip_prefix("model name"))?;
    Some(name.trim_start_matches([' ', '\t', ':']).to_owned())
}

/// The versions of the peers: what the group's feature switches on.
fn peers(root: &Path, group: &str) -> anyhow::Result<Vec<String>> {
    let read = |path: &str| -> anyhow::Result<toml::Table> {
        let text = fs::read_to_string(root.join(path)).with_context(|| path.to_owned())?;
        text.parse().with_context(|| path.to_owned())
    };
    let manifest = read("crates/benchmarks/Cargo.toml")?;
    let lock = read("Cargo.lock")?;
    let features = manifest.get("features").and_then(|features| features.get(group)?.as_array());
    let names = features.into_iter().flatten().filter_map(|feature| feature.as_str()?.strip_prefix("dep:"));
    let is_peer = |name: &&str| !name.starts_with("threadcraft") && *name != "libc";
    Ok(names.filter(is_peer).filter_map(|name| version(&lock, name)).collect())
}

/// The name and the version of what the benchmarks use by this name: others may use another version of it.
fn version(lock: &toml::Table, name: &str) -> Option<String> {
    let packages = lock.get("package")?.as_array()?;
    let package = |wanted: &str| packages.iter().find(|package| package["name"].as_str() == Some(wanted));
    let used = package("threadcraft-benchmarks")?.get("dependencies")?.as_array()?;
    let used = used.iter().filter_map(toml::Value::as_str).find(|used| used.split(' ').next() == Some(name))?;
    match used.split_once(' ') {
        // The version stands here only if there are several.
        Some((_, version)) => Some(format!("{name} {version}")),
        None => Some(format!("{name} {}", package(name)?.get("version")?.as_str()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_group_is_written_and_the_others_stay() {
        let first = with_section("", "runner", "## runner\n\nold\n");
        assert_eq!(first, format!("{HEAD}\n## runner\n\nold\n"));
        let second = with_section(&first, "explorer", "## explorer\n\none\n");
        assert_eq!(second, format!("{HEAD}\n## explorer\n\none\n\n## runner\n\nold\n"));
        let third = with_section(&second, "runner", "## runner\n\nnew\n");
        assert_eq!(third, format!("{HEAD}\n## explorer\n\none\n\n## runner\n\nnew\n"));
        assert_eq!(with_section(&third, "runner", "## runner\n\nnew\n"), third);
    }

    #[test]
    fn the_peers_are_those_of_the_group() {
        let peers = peers(&Places::find().root, "explorer").expect("the manifests can be read");
        let names: Vec<&str> = peers.iter().filter_map(|peer| peer.split(' ').next()).collect();
        assert_eq!(names, ["loom", "shuttle"]);
    }

    #[test]
    fn of_two_versions_the_one_that_is_measured_is_named() {
        let lock = "[[package]]\nname = \"peer\"\nversion = \"1.0.0\"\n\n\
            [[package]]\nname = \"peer\"\nversion = \"2.0.0\"\n\n\
            [[package]]\nname = \"other\"\nversion = \"3.0.0\"\n\n\
            [[package]]\nname = \"threadcraft-benchmarks\"\nversion = \"0.1.0\"\n\
            dependencies = [\"other\", \"peer 2.0.0\"]\n";
        let lock = lock.parse().expect("it is TOML");
        assert_eq!(version(&lock, "peer").as_deref(), Some("peer 2.0.0"));
        assert_eq!(version(&lock, "other").as_deref(), Some("other 3.0.0"));
        assert_eq!(version(&lock, "threadpool"), None);
    }
}
