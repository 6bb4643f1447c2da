//! The results of several shards become those of one run. What does not fit together is refused: a shard that is
//! missing would look like a course with fewer exercises.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Entry, Head, Results, VERSION};
use crate::exit::Mistake;

/// Reads the files and merges what they hold.
pub(crate) fn read_and_merge(files: &[PathBuf]) -> anyhow::Result<Results> {
    let results = files.iter().map(|file| read(file)).collect::<anyhow::Result<Vec<_>>>()?;
    merge(results).map_err(|why| Mistake(format!("these results do not fit together: {why}")).into())
}

fn read(file: &Path) -> anyhow::Result<Results> {
    let shown = file.display();
    let bytes = fs::read(file).map_err(|error| Mistake(format!("{shown} cannot be read: {error}")))?;
    let no_results = |why: String| Mistake(format!("{shown} holds no results of `verify --format json`: {why}"));
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| no_results(error.to_string()))?;
    match value.get("version").and_then(Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) => return Err(no_results(format!("version {version} is not known")).into()),
        None => return Err(no_results("it has no version".to_owned()).into()),
    }
    Ok(serde_json::from_value(value).map_err(|error| no_results(error.to_string()))?)
}

/// One run out of its shards.
fn merge(mut all: Vec<Results>) -> Result<Results, String> {
    all.sort_by_key(|results| results.shard.map_or(0, |shard| shard.index));
    let first = all.first().ok_or("there are none")?;
    let (strict, selected) = (first.strict, first.selected);
    if all.iter().any(|results| results.strict != strict || results.selected != selected) {
        return Err("they are of different runs: other exercises were asked for, or with `--strict` and without".into());
    }
    let of = first.shard.map_or(1, |shard| shard.of);
    let found: Vec<u32> = all.iter().map(|results| results.shard.map_or(1, |shard| shard.index)).collect();
    if all.iter().any(|results| results.shard.map_or(1, |shard| shard.of) != of) {
        return Err("they are shards of different numbers".into());
    }
    for index in 1..=of {
        match found.iter().filter(|&&found| found == index).count() {
            0 => return Err(format!("shard {index}/{of} is missing")),
            1 => {}
            _ => return Err(format!("shard {index}/{of} is there more than once")),
        }
    }
    let interrupted = all.iter().any(|results| results.interrupted);
    let mut notices: Vec<String> = all.iter().flat_map(|results| results.notices.clone()).collect();
    let mut seen = BTreeSet::new();
    notices.retain(|notice| seen.insert(notice.clone()));
    let mut exercises: Vec<Entry> = all.into_iter().flat_map(|results| results.exercises).collect();
    exercises.sort_by(|left, right| (&left.chapter, left.number).cmp(&(&right.chapter, right.number)));
    if exercises.windows(2).any(|pair| pair[0].name == pair[1].name) {
        return Err("one exercise is in two of them".into());
    }
    if !interrupted && exercises.len() != selected {
        return Err(format!("{} exercises of {selected} are there", exercises.len()));
    }
    Ok(Results::new(Head { strict, shard: None, selected, interrupted, notices }, exercises))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Shard;
    use crate::results::tests::{entry, results};
    use crate::verdict::Verdict;

    fn shard(index: u32, of: u32, names: &[(u32, &str)]) -> Results {
        let entries = names.iter().map(|(number, name)| entry(*number, name, Verdict::Passed));
        Results { shard: Some(Shard { index, of }), selected: 3, ..results(entries.collect()) }
    }

    #[test]
    fn shards_become_one_run_in_the_order_of_the_course_whatever_their_own() {
        let merged = merge(vec![shard(2, 2, &[(2, "b")]), shard(1, 2, &[(1, "a"), (3, "c")])]).expect("they fit");
        let names: Vec<&str> = merged.exercises.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!((names, merged.shard, merged.totals.passed), (vec!["a", "b", "c"], None, 3));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_reason() {
        let two = shard(2, 2, &[(2, "b")]);
        let refused = |all: Vec<Results>| merge(all).expect_err("it does not fit");
        assert!(refused(vec![]).contains("none"));
        assert!(refused(vec![two.clone()]).contains("shard 1/2 is missing"));
        assert!(refused(vec![two.clone(), two.clone()]).contains("shard 1/2 is missing"));
        assert!(refused(vec![shard(1, 2, &[(1, "a")]), two.clone()]).contains("2 exercises of 3"));
        assert!(refused(vec![shard(1, 2, &[(1, "b"), (2, "b")]), two.clone()]).contains("in two"));
        assert!(refused(vec![shard(1, 3, &[]), two.clone()]).contains("different numbers"));
        assert!(refused(vec![Results { strict: true, ..shard(1, 2, &[]) }, two]).contains("different runs"));
    }

    #[test]
    fn files_that_hold_no_results_are_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("r.json");
        for (text, why) in
            [("", "EOF"), ("[]", "no version"), ("{\"version\": 9}", "version 9"), ("{\"version\": 1}", "missing")]
        {
            fs::write(&file, text).expect("written");
            let error = format!("{:#}", read(&file).expect_err("no results"));
            assert!(error.contains("r.json") && error.contains(why), "{error}");
        }
        assert!(read(&folder.path().join("gone")).expect_err("gone").downcast_ref::<Mistake>().is_some());
    }
}
