//! The state file: what happens to it whatever is done to it.

use super::*;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::new(folder.path());
    (folder, store)
}

#[test]
fn what_is_remembered_is_there_for_the_next_run() {
    let (folder, mut store) = store();
    assert!(!store.read().of("spawn").passed);
    assert!(!folder.path().join(FILE).exists(), "reading writes nothing");
    store.update(|progress| progress.entry("spawn").passed = true);
    assert!(Store::new(folder.path()).read().of("spawn").passed);
    assert!(store.take_notices().is_empty());
}

#[test]
fn two_runners_at_once_lose_nothing() {
    let (folder, mut store) = store();
    std::thread::scope(|scope| {
        for runner in 0..4 {
            let folder = folder.path();
            scope.spawn(move || {
                let mut store = Store::new(folder);
                for step in 0..10 {
                    store.update(|progress| progress.entry(&format!("e{runner}_{step}")).passed = true);
                }
            });
        }
    });
    assert_eq!(store.read().exercise.len(), 40);
    let left = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(left, 2, "the file and the folder of copies: no temporary file is left");
}

#[test]
fn a_damaged_file_is_put_aside_and_said() {
    for damage in ["", "version = ", "version = 1\n[exercise.spawn]\npassed = 3\n", "\u{0}"] {
        let (folder, mut store) = store();
        fs::write(folder.path().join(FILE), damage).expect("a file");
        store.update(|progress| progress.entry("lock").hints = 2);
        let notices = store.take_notices();
        assert!(notices.len() == 1 && notices[0].contains("progress.toml.damaged-1"), "{damage:?}: {notices:?}");
        let kept = fs::read_to_string(folder.path().join("progress.toml.damaged-1")).expect("kept");
        assert_eq!(kept, damage);
        assert_eq!(store.read().of("lock").hints, 2);
    }
}

#[test]
fn a_second_damaged_file_does_not_replace_the_first() {
    let (folder, mut store) = store();
    for number in 1..=2 {
        fs::write(folder.path().join(FILE), [0xff, number]).expect("a file");
        store.read();
        let kept = folder.path().join(format!("progress.toml.damaged-{number}"));
        assert_eq!(fs::read(kept).expect("kept"), [0xff, number]);
    }
}

#[test]
fn a_newer_file_is_left_alone_and_said() {
    let (folder, mut store) = store();
    let newer = "version = 2\nnews = true\n";
    fs::write(folder.path().join(FILE), newer).expect("a file");
    store.update(|progress| progress.entry("spawn").passed = true);
    assert_eq!(fs::read_to_string(folder.path().join(FILE)).expect("there"), newer);
    let notices = store.take_notices();
    assert!(notices.len() == 1 && notices[0].contains("version 2"), "{notices:?}");
}

#[test]
fn line_ends_of_windows_and_unknown_keys_are_kept() {
    let (folder, mut store) = store();
    let text = "version = 1\r\n[exercise.spawn]\r\npassed = true\r\nmood = \"good\"\r\n";
    fs::write(folder.path().join(FILE), text).expect("a file");
    store.update(|progress| progress.entry("spawn").hints = 1);
    let written = fs::read_to_string(folder.path().join(FILE)).expect("there");
    assert!(written.contains("mood = \"good\"") && written.contains("passed = true"), "{written}");
    assert!(store.take_notices().is_empty());
}

#[test]
fn what_cannot_be_saved_is_said_and_the_run_goes_on() {
    let (folder, mut store) = store();
    // A folder of that name cannot be replaced by a file, not even by root.
    fs::create_dir(folder.path().join(FILE)).expect("a folder");
    store.update(|progress| progress.entry("spawn").passed = true);
    let notices = store.take_notices();
    assert!(notices.len() == 1 && notices[0].contains("could not be saved"), "{notices:?}");
}

#[test]
fn a_damaged_file_is_rebuilt_from_the_copy_of_the_last_save() {
    for damage in ["", "garbage", "version = 1\n[exercise.spawn]\npassed = 3\n"] {
        let (folder, mut store) = store();
        store.update(|progress| progress.entry("spawn").passed = true);
        store.update(|progress| progress.entry("lock").hints = 2);
        fs::write(folder.path().join(FILE), damage).expect("a file");
        let progress = store.read();
        assert!(progress.of("spawn").passed && progress.of("lock").hints == 2, "nothing is lost");
        let notices = store.take_notices();
        assert!(notices.len() == 1 && notices[0].contains("rebuilt from the copy"), "{damage:?}: {notices:?}");
        assert!(folder.path().join("progress.toml.damaged-1").exists());
        store.read();
        assert!(store.take_notices().is_empty(), "it is said once");
    }
}

#[test]
fn a_file_that_is_gone_is_rebuilt_and_a_damaged_copy_is_no_copy() {
    let (folder, mut store) = store();
    store.update(|progress| progress.entry("spawn").passed = true);
    fs::remove_file(folder.path().join(FILE)).expect("removed");
    assert!(store.read().of("spawn").passed);
    assert!(store.take_notices()[0].contains("progress.toml was gone"));
    assert!(folder.path().join(FILE).exists());
    fs::write(folder.path().join(COPY), "garbage").expect("a file");
    fs::write(folder.path().join(FILE), "garbage").expect("a file");
    assert!(!store.read().of("spawn").passed);
    assert!(store.take_notices()[0].contains("what passes the next"));
}
