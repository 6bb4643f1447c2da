//! Which files were saved: the system tells, and if it does not, we look.
//!
//! The system's events are not to be trusted everywhere: network and virtual file systems send none, and nobody says
//! so. So the files are looked at besides, seldom while events come. If that finds a change that no event told of,
//! events do not come here, and from then on the files are looked at often. What changed is decided by the files
//! themselves in both cases; an event only says when to look.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

/// How often files are looked at although events come.
const SELDOM: Duration = Duration::from_secs(1);

/// How often they are looked at where no events come.
const OFTEN: Duration = Duration::from_millis(150);

/// An event may come a little later than its change.
const GRACE: Duration = Duration::from_millis(100);

/// The files that are looked after.
pub(super) struct Saves {
    files: Vec<(PathBuf, Option<Stamp>)>,
    events: Option<Events>,
    looked: Instant,
}

/// What tells one version of a file from another, without reading it.
type Stamp = (u64, u64, i64, i64, i64, i64);

/// Where the system's events come in.
struct Events {
    _watcher: Option<RecommendedWatcher>,
    receiver: Receiver<()>,
}

impl Saves {
    /// Looks after these files in this folder; by looking alone if that is asked for, or if there are no events.
    pub(super) fn new(folder: &Path, files: impl Iterator<Item = PathBuf>, look: bool) -> Self {
        let events = if look { None } else { Events::of(folder) };
        let files = files.map(|file| (file.clone(), stamp(&file))).collect();
        Self { files, events, looked: Instant::now() }
    }

    /// True if the system tells of saves, as far as is known.
    pub(super) fn hears_events(&self) -> bool {
        self.events.is_some()
    }

    /// The files that have changed since the last time.
    pub(super) fn changed(&mut self) -> Vec<PathBuf> {
        let told = self.events.as_ref().is_some_and(Events::any);
        let every = if self.events.is_some() { SELDOM } else { OFTEN };
        if !told && self.looked.elapsed() < every {
            return Vec::new();
        }
        let changed = self.look();
        if !changed.is_empty() && !told && self.events.as_ref().is_some_and(|events| !events.any_within(GRACE)) {
            self.events = None;
        }
        changed
    }

    fn look(&mut self) -> Vec<PathBuf> {
        self.looked = Instant::now();
        let mut changed = Vec::new();
        for (file, known) in &mut self.files {
            let now = stamp(file);
            if now != *known {
                *known = now;
                changed.push(file.clone());
            }
        }
        changed
    }
}

impl Events {
    /// Of everything in a folder; `None` if the system has none to give.
    fn of(folder: &Path) -> Option<Self> {
        let (sender, receiver) = mpsc::channel();
        let tell = move |event: notify::Result<notify::Event>| {
            // That a file was read is no news.
            if event.is_ok_and(|event| !event.kind.is_access()) {
                let _ = sender.send(());
            }
        };
        let mut watcher = notify::recommended_watcher(tell).ok()?;
        watcher.watch(folder, RecursiveMode::Recursive).ok()?;
        Some(Self { _watcher: Some(watcher), receiver })
    }

    fn any(&self) -> bool {
        self.receiver.try_iter().count() > 0
    }

    fn any_within(&self, time: Duration) -> bool {
        self.receiver.recv_timeout(time).is_ok()
    }
}

/// Number, length, and the times of writing and of any change; `None` if it is not there.
fn stamp(file: &Path) -> Option<Stamp> {
    let data = fs::metadata(file).ok()?;
    Some((data.ino(), data.len(), data.mtime(), data.mtime_nsec(), data.ctime(), data.ctime_nsec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eventually(saves: &mut Saves) -> Vec<PathBuf> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let changed = saves.changed();
            if !changed.is_empty() {
                return changed;
            }
            assert!(Instant::now() < until, "the save was missed");
            std::thread::yield_now();
        }
    }

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("a.rs");
        fs::write(&file, "1").expect("written");
        (folder, file)
    }

    #[test]
    fn a_save_is_seen_however_the_editor_does_it() {
        for look in [false, true] {
            let (folder, file) = folder();
            let mut saves = Saves::new(folder.path(), [file.clone()].into_iter(), look);
            assert_eq!(saves.hears_events(), !look);
            fs::write(&file, "2").expect("written over");
            assert_eq!(eventually(&mut saves), std::slice::from_ref(&file));
            let other = folder.path().join("a.rs~");
            fs::write(&other, "3").expect("written beside");
            fs::rename(&other, &file).expect("put in its place");
            assert_eq!(eventually(&mut saves), std::slice::from_ref(&file));
            fs::remove_file(&file).expect("removed");
            assert_eq!(eventually(&mut saves), std::slice::from_ref(&file));
        }
    }

    #[test]
    fn where_no_events_come_that_is_noticed_at_the_first_save() {
        let (folder, file) = folder();
        let mut saves = Saves::new(folder.path(), [file.clone()].into_iter(), true);
        let (sender, receiver) = mpsc::channel();
        saves.events = Some(Events { _watcher: None, receiver });
        fs::write(&file, "22").expect("written");
        assert_eq!(eventually(&mut saves), std::slice::from_ref(&file));
        assert!(!saves.hears_events(), "from now on we look");
        drop(sender);
        fs::write(&file, "333").expect("written");
        assert_eq!(eventually(&mut saves), std::slice::from_ref(&file));
    }
}
