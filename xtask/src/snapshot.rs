//! insta's `.snap` files beside an exercise: read here, and nowhere else. The runner compares; it never accepts.
//!
//! insta can read a snapshot, but shows its contents only through `insta::internals`: hence its pinned version, and
//! hence this one file. Pending snapshots have insta's form too, so that `cargo insta review` works on them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use insta::Snapshot;
use insta::internals::SnapshotContents;

use crate::work::replace;

/// The snapshots of one exercise, by name. Read before its program runs, so that a program cannot change them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Snapshots(BTreeMap<String, Result<String, String>>);

impl Snapshots {
    /// Reads all snapshots in an exercise's folder.
    pub(crate) fn read(dir: &Path) -> Self {
        let mut snapshots = BTreeMap::new();
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "snap")
                && let Some(name) = path.file_stem().and_then(|name| name.to_str())
            {
                snapshots.insert(name.to_owned(), contents(&path));
            }
        }
        Self(snapshots)
    }

    /// The contents that are expected under this name, or why there are none.
    pub(crate) fn expected(&self, name: &str) -> Result<&str, String> {
        match self.0.get(name) {
            Some(Ok(contents)) => Ok(contents),
            Some(Err(error)) => Err(format!("the snapshot {name}.snap cannot be read: {error}")),
            None => Err(format!("the snapshot {name}.snap is missing; authors make it with `cargo xtask snapshot`")),
        }
    }
}

fn contents(path: &Path) -> Result<String, String> {
    let snapshot = Snapshot::from_file(path).map_err(|error| error.to_string())?;
    match snapshot.contents() {
        SnapshotContents::Text(text) => Ok(text.to_string()),
        SnapshotContents::Binary(_) => Err("it is binary".to_owned()),
    }
}

/// Contents as insta compares them: neither the ends of lines nor space at the end count.
pub(crate) fn normal(contents: &str) -> String {
    contents.trim_end().replace("\r\n", "\n")
}

/// Writes a snapshot for a check: the accepted one, or a pending one for review. Nothing if it is as accepted.
pub(crate) fn write(
    check: &Path,
    shown: &str,
    name: &str,
    contents: &str,
    accept: bool,
) -> io::Result<Option<PathBuf>> {
    let dir = check.parent().unwrap_or(Path::new("."));
    let accepted = dir.join(format!("{name}.snap"));
    let pending = dir.join(format!("{name}.snap.new"));
    let wanted = normal(contents);
    let same = accepted.exists() && self::contents(&accepted).is_ok_and(|found| found == wanted);
    if same || accept {
        match fs::remove_file(&pending) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    if same {
        return Ok(None);
    }
    let path = if accept { accepted } else { pending };
    replace(&path, format!("---\nsource: {shown}\nexpression: {name}\n---\n{wanted}\n").as_bytes())?;
    Ok(Some(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_compares_equal() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let check = folder.path().join("check.rs");
        let contents = "counter = 1\r\n\n  counter = 2\n\n";
        let written = write(&check, "x/check.rs", "outcomes", contents, true).expect("written").expect("new");
        assert_eq!(written, folder.path().join("outcomes.snap"));
        let snapshots = Snapshots::read(folder.path());
        assert_eq!(snapshots.expected("outcomes"), Ok(normal(contents).as_str()));
        assert_eq!(write(&check, "x/check.rs", "outcomes", contents, false).expect("nothing to do"), None);
    }

    #[test]
    fn a_change_is_pending_until_it_is_accepted() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let check = folder.path().join("check.rs");
        write(&check, "check.rs", "output", "old", true).expect("written");
        let pending = write(&check, "check.rs", "output", "new", false).expect("written").expect("changed");
        assert_eq!(pending, folder.path().join("output.snap.new"));
        assert_eq!(Snapshots::read(folder.path()).expected("output"), Ok("old"));
        write(&check, "check.rs", "output", "old", false).expect("as accepted");
        assert!(!pending.exists(), "what is as accepted leaves nothing pending");
    }

    #[test]
    fn a_snapshot_that_is_missing_or_garbage_is_said() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("output.snap"), "---\n: [\n---\n").expect("written");
        let snapshots = Snapshots::read(folder.path());
        assert!(snapshots.expected("output").expect_err("garbage").contains("cannot be read"));
        assert!(snapshots.expected("outcomes").expect_err("missing").contains("missing"));
    }
}
