//! Whose lines a timeline shows: those of the program. What the crates do inside one call, such as a worker of a pool that
//! takes its next job, has no line there; a learner never wrote it.

use std::path::Path;
use std::sync::LazyLock;

use threadcraft_explore::check::Part;
use threadcraft_explore::report::{Failure, FailureKind, Location, Trace};

/// Where the crates lie.
static CRATES: LazyLock<String> = LazyLock::new(|| {
    let harness = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = harness.ancestors().nth(2).unwrap_or(harness);
    format!("{}/", root.join("crates").display())
});

/// Leaves the lines of the crates out of everything that is shown of a part.
pub(crate) fn of_the_program(part: &mut Part) {
    let refuting = part.claims.iter_mut().filter_map(|claim| claim.refuted_by.as_mut());
    part.report.failure.iter_mut().chain(refuting).for_each(of_failure);
    part.examples.iter_mut().for_each(|example| of_trace(&mut example.trace));
    if let Some(played) = &mut part.played {
        of_trace(&mut played.trace);
        for thread in &mut played.standing.threads {
            thread.next.iter_mut().for_each(|next| of_place(&mut next.location));
            thread.waits.iter_mut().for_each(|wait| of_place(&mut wait.location));
        }
    }
}

fn of_failure(failure: &mut Failure) {
    of_trace(&mut failure.trace);
    if let FailureKind::Deadlock { waiting, .. } = &mut failure.kind {
        waiting.iter_mut().for_each(|wait| of_place(&mut wait.location));
    }
}

fn of_trace(trace: &mut Trace) {
    trace.steps.iter_mut().for_each(|step| of_place(&mut step.location));
}

fn of_place(place: &mut Option<Location>) {
    if place.as_ref().is_some_and(|place| place.file.starts_with(&*CRATES)) {
        *place = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_crates_is_left_out_and_any_other_stays() {
        let left = |file: String| {
            let mut place = Some(Location { file, line: 7, column: 1 });
            of_place(&mut place);
            place.is_some()
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository");
        let at = |file: &str| root.join(file).display().to_string();
        assert!(!left(at("crates/pool/src/job.rs")));
        assert!(left(at("exercises/work/06_pool/map.rs")) && left(at("tests/suites/src/lock.rs")));
        assert!(left("/elsewhere/crates/pool/src/job.rs".to_owned()));
    }
}
