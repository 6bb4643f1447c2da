//! `check-course`, for course authors: that every exercise is whole, and that its check can tell right from wrong.
//!
//! Of each exercise: its entry and its folder have what they must have; the starter and each near miss get their declared
//! verdicts, and what is shown of a near miss is as accepted; the solution and every other right solution passes; an
//! empty file and an empty `main` fail. With `--deletions`: of the solution no statement can be spared that has to do
//! with synchronisation, unless it is recorded why. All faults at once, as `path:line: what, do this instead`; after
//! them the checks that take long here, which is no fault, as another machine may be twice as fast.

mod cases;
mod deletion;
mod deletions;
mod diagnosis;
mod folder;
mod seeds;

use std::collections::BTreeMap;
use std::time::Duration;

use colored::Colorize as _;

pub(crate) use cases::{Case, near_misses};
pub(crate) use diagnosis::kept;
pub(crate) use folder::{MARK, faults as of_folders};
pub(crate) use seeds::update as update_seeds;

use self::cases::Role;
use crate::course::{Course, Exercise, FILES};
use crate::exit::Exit;
use crate::lines::Fault;
use crate::places::Places;
use crate::process::Limits;
use crate::verify::{Checked, Checker, Subject, Told};

/// A check that takes more of a processor is named: nobody likes to wait for one.
const LONG: Duration = Duration::from_secs(2);

/// A fault, and what shows it.
struct Found {
    fault: Fault,
    evidence: String,
}

/// What was looked at.
#[derive(Default)]
struct Counts {
    roles: BTreeMap<Role, usize>,
    deletions: Option<deletions::Counts>,
    /// What each check took of a processor.
    took: Vec<(Duration, String)>,
}

/// Runs the command.
pub(crate) fn run(places: &Places, names: &[String], deletions: bool) -> anyhow::Result<Exit> {
    let (course, faults) = Course::read_what_there_is(places);
    let chosen = course.select(names)?;
    let mut faults = if names.is_empty() { folder::faults(places) } else { faults };
    if !names.is_empty() {
        faults.extend(chosen.iter().flat_map(|exercise| folder::of_exercise(places, exercise)));
    }
    let mut found: Vec<Found> = faults.into_iter().map(|fault| Found { fault, evidence: String::new() }).collect();
    // What is not whole cannot be run.
    let is_whole = |exercise: &&Exercise| FILES.iter().all(|file| exercise.file(file).is_file());
    let whole: Vec<&Exercise> = chosen.iter().copied().filter(is_whole).collect();
    let mut counts = Counts::default();
    if !verdicts(places, &whole, &mut found, &mut counts)? {
        return Ok(Exit::Interrupted);
    }
    if deletions {
        let Some(counted) = deletions::check(places, &whole, &mut found)? else { return Ok(Exit::Interrupted) };
        counts.deletions = Some(counted);
    }
    found.sort_by(|left, right| left.fault.cmp(&right.fault));
    tell(&found, &counts, chosen.len());
    Ok(if found.is_empty() { Exit::Success } else { Exit::Failed })
}

/// How the programs of the course are checked: what is found must not depend on what was found before.
pub(crate) fn checker(places: &Places) -> Checker<'_> {
    Checker {
        places,
        limits: Limits::default(),
        offline: false,
        again: false,
        afresh: true,
        schedule: None,
        progress: Told::Bar,
    }
}

/// Checks the programs of these exercises; false if interrupted.
fn verdicts(
    places: &Places,
    exercises: &[&Exercise],
    found: &mut Vec<Found>,
    counts: &mut Counts,
) -> anyhow::Result<bool> {
    let mut cases = Vec::new();
    for exercise in exercises {
        let there = |case: &Case<'_>| case.role != Role::Wrong || case.subject.file.is_file();
        cases.extend(cases::of(places, exercise)?.into_iter().filter(there));
    }
    let subjects: Vec<Subject<'_>> = cases.iter().map(|case| case.subject.clone()).collect();
    let results = checker(places).check(&subjects, &|_, _| {})?;
    for (checked, case) in results.iter().zip(&cases) {
        let Some(checked) = checked else { return Ok(false) };
        counts.add(checked, case);
        found.extend(faults_of(places, checked, case));
    }
    Ok(true)
}

/// What is wrong with one program.
fn faults_of(places: &Places, checked: &Checked, case: &Case<'_>) -> Vec<Found> {
    let verdict = checked.summary.verdict;
    let file = places.shown(&case.subject.file);
    let mut found = Vec::new();
    if let Some((line, what)) = case.refuted_by(verdict) {
        let fault = match line {
            Some(line) => {
                Fault::new(places.shown(&places.course()), line, format!("{}: {what}", case.subject.exercise.name))
            }
            None if case.role == Role::Empty => {
                Fault::new(places.shown(&case.subject.exercise.file("check.rs")), 0, what)
            }
            None => Fault::new(&file, 0, what),
        };
        found.push(Found { fault, evidence: diagnosis::drawn(places, checked, &case.subject) });
    } else if case.role == Role::Wrong
        && let Some((what, evidence)) = diagnosis::differs(places, checked, &case.subject)
    {
        found.push(Found { fault: Fault::new(&file, 0, what), evidence });
    }
    found
}

impl Counts {
    fn add(&mut self, checked: &Checked, case: &Case<'_>) {
        *self.roles.entry(case.role).or_default() += 1;
        self.took.push((Duration::from_millis(checked.summary.milliseconds), case.subject.bin.replace('-', " ")));
    }
}

fn tell(found: &[Found], counts: &Counts, exercises: usize) {
    for Found { fault, evidence } in found {
        println!("{} {fault}", "✗".red());
        for line in evidence.trim_end().lines() {
            println!("      {line}");
        }
    }
    if !found.is_empty() {
        println!();
    }
    let of = |role: Role| counts.roles.get(&role).copied().unwrap_or(0);
    let mark = if found.is_empty() { "✓".green() } else { "✗".red() };
    println!(
        "{mark} {exercises} exercises: {} starters, {} solutions, {} right, {} wrong, {} empty; {} faults",
        of(Role::Starter),
        of(Role::Solution),
        of(Role::Right),
        of(Role::Wrong),
        of(Role::Empty),
        found.len()
    );
    if let Some(deletions) = &counts.deletions {
        println!("  deletions: {deletions}");
    }
    let mut took: Vec<_> = counts.took.iter().collect();
    took.sort_by(|left, right| right.cmp(left));
    if let Some((longest, which)) = took.first() {
        println!("  the slowest check: {which}, {longest:.2?} of a processor");
    }
    let long: Vec<_> = took.iter().take_while(|(took, _)| *took > LONG).collect();
    if !long.is_empty() {
        let note = "note".yellow();
        println!("{note}: {} checks take more than {LONG:?} here: smaller programs would be quicker", long.len());
        for (took, which) in long {
            println!("      {took:.1?}  {which}");
        }
    }
}
