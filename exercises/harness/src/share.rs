//! On which share of its schedules a program goes wrong: a sample of random ones, and a search if that shows nothing.

use threadcraft_explore::check::{Claim, Part, PartKind};
use threadcraft_explore::report::Report;
use threadcraft_explore::schedule::Schedule;
use threadcraft_explore::{Execution, Strategy};

use crate::facts;
use crate::program::{MAX_SCHEDULES, MAX_STEPS};
use crate::run::Run;
use crate::search::{self, Single};

/// How many random schedules are tried: one in a thousand is seen, and it takes a second at most.
const SAMPLE: u64 = 1_000;

/// Each search begins with the default schedule, twice, to see whether the program repeats itself.
const NOT_RANDOM: u64 = 2;

/// What a sample has shown.
#[derive(Default)]
struct Seen {
    runs: u64,
    wrong: u64,
    alive_at_once: usize,
}

/// Says of a program that it goes wrong on some schedule, and on less than `percent` of a random sample. Wrong is a
/// failure, or another outcome than the one that `right` has.
pub(crate) fn seldom(title: &str, run: &Run, right: &Run, percent: u32) -> Part {
    let expected = search::run_on(Single::new(right), &Schedule::default()).execution.outcome;
    let is_wrong = |execution: &Execution| execution.failure.is_some() || execution.outcome != expected;
    let mut seen = Seen::default();
    // A search ends at the first failure: then another goes on, with another seed.
    for seed in 0.. {
        let before = seen.runs;
        let explorer =
            search::explorer_by(None).max_steps(MAX_STEPS).strategy(Strategy::Random).seed(seed).minimise(false);
        // The visitor keeps all that counts.
        let _ = run.visit(&explorer.max_schedules(SAMPLE - before + NOT_RANDOM).build(), |execution| {
            seen.runs += 1;
            seen.wrong += u64::from(is_wrong(execution));
            seen.alive_at_once = seen.alive_at_once.max(facts::most_alive_at_once(execution));
        });
        if seen.runs >= SAMPLE || seen.runs == before {
            break;
        }
    }
    let mut ever = seen.wrong > 0;
    if !ever {
        let explorer = search::explorer_by(None).max_steps(MAX_STEPS).max_schedules(MAX_SCHEDULES).minimise(false);
        let _ = run.visit(&explorer.build(), |execution| ever |= is_wrong(execution));
    }
    let of_thousand = seen.wrong * 1_000 / seen.runs.max(1);
    let share = format!("{}.{} %", of_thousand / 10, of_thousand % 10);
    let claims = vec![
        claim("two threads are alive at once on some schedule".to_owned(), seen.alive_at_once >= 2, "only one is"),
        claim("it goes wrong on some schedule".to_owned(), ever, "on none that was tried"),
        claim(
            format!("it goes wrong on less than {percent} % of random schedules"),
            of_thousand < 10 * u64::from(percent),
            &format!("it does on {share} of {}", seen.runs),
        ),
    ];
    let mut report = Report::empty(format!("{share} go wrong"));
    report.schedules = seen.runs;
    Part {
        title: title.to_owned(),
        kind: PartKind::Explore,
        report,
        claims,
        snapshot: None,
        examples: Vec::new(),
        played: None,
    }
}

fn claim(text: String, holds: bool, instead: &str) -> Claim {
    let seen = if holds { String::new() } else { instead.to_owned() };
    Claim { text, holds, verdict: "property".to_owned(), seen, refuted_by: None }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use threadcraft::{Lock, Shared, spawn};

    use super::*;

    /// Two threads add one; the first goes through a lock so often before. The lock is not held meanwhile.
    fn counted(detour: u32, whole: bool) -> u32 {
        let (total, desk) = (Arc::new(Shared::new(0)), Arc::new(Lock::new(())));
        let adders = [detour, 0].map(|detour| {
            let (total, desk) = (Arc::clone(&total), Arc::clone(&desk));
            spawn(move || {
                (0..detour).for_each(|_| drop(desk.lock()));
                let _turn = whole.then(|| desk.lock());
                total.set(total.get() + 1);
            })
        });
        adders.into_iter().for_each(|adder| adder.join().expect("added"));
        total.get()
    }

    /// What is said of the claims, in order: whether they hold, and what was seen.
    fn claims(run: impl Fn() -> u32 + Send + Sync + 'static) -> Vec<(bool, String)> {
        let (run, right) = (Run::new(run), Run::new(|| counted(0, true)));
        let claims = seldom("sample", &run, &right, 5).claims.into_iter();
        claims.map(|claim| (claim.holds, claim.seen)).collect()
    }

    fn hold(claims: &[(bool, String)]) -> Vec<bool> {
        claims.iter().map(|(holds, _)| *holds).collect()
    }

    #[test]
    fn a_bug_that_hides_is_told_from_one_that_does_not_and_from_none() {
        assert_eq!(hold(&claims(|| counted(4, false))), [true, true, true], "it hides");
        let often = claims(|| counted(0, false));
        assert!(hold(&often) == [true, true, false] && often[2].1.contains("of 1000"), "{often:?}");
        assert_eq!(hold(&claims(|| counted(4, true))), [true, false, true], "there is none");
        assert_eq!(hold(&claims(|| 1)), [false, true, false], "no threads, and always wrong");
    }

    #[test]
    fn a_bug_too_rare_for_the_sample_is_searched_for() {
        let rare = claims(|| counted(9, false));
        assert_eq!(hold(&rare), [true, true, true], "{rare:?}");
    }

    #[test]
    fn a_failure_is_counted_and_the_sample_goes_on() {
        let part = |often: bool| {
            let run = Run::new(move || {
                let total = counted(if often { 0 } else { 4 }, false);
                assert_eq!(total, 2, "lost");
                total
            });
            seldom("sample", &run, &Run::new(|| counted(0, true)), 5)
        };
        assert!(part(false).claims.iter().all(|claim| claim.holds) && part(false).report.schedules == SAMPLE);
        assert!(!part(true).claims[2].holds && part(true).report.failure.is_none());
    }
}
