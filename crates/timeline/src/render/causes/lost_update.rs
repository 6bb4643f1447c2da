//! Finds the lost update in a trace: a thread writes what it made of a value that another has replaced meanwhile.

use super::{Cause, latest, mark};
use crate::render::diagnostic::Label;
use crate::render::names::{Names, number};
use crate::render::text::quoted;
use crate::report::{Effect, ObjectIndex, Step, Trace};
use crate::why::Pattern;

/// The steps of a lost update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render) struct LostUpdate {
    pub(in crate::render) object: ObjectIndex,
    /// The read on which the lost write rests, if there is one.
    first_read: Option<usize>,
    /// The read that is out of date by the time of the overwrite.
    stale_read: usize,
    /// The write that is lost.
    lost_write: usize,
    /// The write that destroys it.
    overwrite: usize,
}

impl LostUpdate {
    /// The first lost update of the trace.
    pub(in crate::render) fn find(trace: &Trace) -> Option<Self> {
        (0..trace.steps.len()).find_map(|write| Self::at(trace, write))
    }

    /// Whether this step overwrites another thread's write that came after this thread's own read.
    fn at(trace: &Trace, overwrite: usize) -> Option<Self> {
        let step = &trace.steps[overwrite];
        let object = step.object.filter(|_| step.effect == Effect::Writes)?;
        let stale_read = latest(trace, overwrite, |other| touches(other, step.thread, object))
            .filter(|&read| trace.steps[read].effect == Effect::Reads)?;
        let foreign = |other: &Step| {
            other.object == Some(object) && other.effect == Effect::Writes && other.thread != step.thread
        };
        let lost_write = latest(trace, overwrite, foreign).filter(|&write| write > stale_read)?;
        let lost = &trace.steps[lost_write];
        let changed = lost.value.is_none() || lost.value != trace.steps[stale_read].result;
        let first_read = latest(trace, lost_write, |other| touches(other, lost.thread, object))
            .filter(|&read| trace.steps[read].effect == Effect::Reads);
        // True or false, or a text, is no sum of what it was before: such a write rests on a check.
        let checked = |value: &str| value == "true" || value == "false" || value.starts_with('"');
        (changed && !step.value.as_deref().is_some_and(checked)).then_some(Self {
            object,
            first_read,
            stale_read,
            lost_write,
            overwrite,
        })
    }

    /// The update of this object that was lost before this step.
    pub(in crate::render) fn before(trace: &Trace, step: usize, object: ObjectIndex) -> Option<Self> {
        (0..step).filter_map(|write| Self::at(trace, write)).find(|lost| lost.object == object)
    }

    /// What is told of it.
    pub(in crate::render) fn cause(&self, names: Names<'_>) -> Cause {
        let step = |index: usize| &names.trace.steps[index];
        let (winner, loser) = (names.who(step(self.overwrite).thread), names.who(step(self.lost_write).thread));
        let name = names.object(self.object);
        let to = |value: Option<&str>| value.map_or_else(String::new, |value| format!(" {}", quoted(value)));
        let because = format!(
            "{winner} read {name} at step {} and wrote{} at step {}, over the{} that {loser} wrote at step {}, in between",
            number(self.stale_read),
            to(step(self.overwrite).value.as_deref()),
            number(self.overwrite),
            to(step(self.lost_write).value.as_deref()),
            number(self.lost_write),
        );
        let marks = vec![mark(self.lost_write, "lost")];
        Cause { because, pattern: Some(Pattern::LostUpdate), marks, labels: self.labels(names) }
    }

    /// Both reads and both writes, each under its line.
    fn labels(&self, names: Names<'_>) -> Vec<Label> {
        let step = |index: usize| &names.trace.steps[index];
        let (winner, loser) = (names.tag(step(self.overwrite).thread), names.tag(step(self.lost_write).thread));
        let plain =
            |index: usize| format!("{} {} at step {}", names.tag(step(index).thread), did(step(index)), number(index));
        let lost = step(self.lost_write).value.as_deref().map_or_else(|| "write".to_owned(), quoted);
        let texts = [
            (self.first_read, plain(self.first_read.unwrap_or(self.stale_read)), false),
            (Some(self.stale_read), format!("{}, before {loser} writes", plain(self.stale_read)), false),
            (Some(self.lost_write), plain(self.lost_write), false),
            (
                Some(self.overwrite),
                format!("{winner} overwrites {loser}'s {lost} at step {}", number(self.overwrite)),
                true,
            ),
        ];
        let label = |(index, text, wrong): (Option<usize>, String, bool)| {
            let place = step(index?).location.as_ref()?;
            let label = if wrong { Label::primary(place, text) } else { Label::secondary(place, text) };
            Some(label.at_step(index?))
        };
        texts.into_iter().filter_map(label).collect()
    }

    /// The steps that the labels speak of.
    pub(in crate::render) fn steps(&self) -> impl Iterator<Item = usize> {
        self.first_read.into_iter().chain([self.stale_read, self.lost_write, self.overwrite])
    }
}

/// `reads 0` or `writes 1`: the object is known from the line.
fn did(step: &Step) -> String {
    let (verb, value) = match step.effect {
        Effect::Reads => ("reads", &step.result),
        _ => ("writes", &step.value),
    };
    value.as_deref().map_or_else(|| verb.to_owned(), |value| format!("{verb} {}", quoted(value)))
}

fn touches(step: &Step, thread: usize, object: ObjectIndex) -> bool {
    step.thread == thread && step.object == Some(object) && matches!(step.effect, Effect::Reads | Effect::Writes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures;

    #[test]
    fn the_update_that_is_lost_is_found() {
        let found = LostUpdate::find(&fixtures::lost_update()).expect("an update is lost");
        let expected = LostUpdate { object: 0, first_read: Some(1), stale_read: 0, lost_write: 2, overwrite: 3 };
        assert_eq!(found, expected);
    }

    #[test]
    fn one_update_after_the_other_loses_nothing() {
        let mut trace = fixtures::lost_update();
        trace.steps.rotate_left(1); // c reads and writes, then b reads and writes
        trace.steps.swap(2, 3);
        trace.steps[2].result = Some("1".to_owned());
        trace.steps[3].value = Some("2".to_owned());
        assert_eq!(LostUpdate::find(&trace), None);
        trace.steps[2].result = None; // the order says so even where values are not known
        assert_eq!(LostUpdate::find(&trace), None);
    }

    #[test]
    fn a_write_that_rests_on_no_read_overwrites_on_purpose() {
        let mut trace = fixtures::lost_update();
        trace.steps.remove(0);
        assert_eq!(LostUpdate::find(&trace), None);
    }

    #[test]
    fn a_write_that_changed_nothing_is_no_loss() {
        let mut trace = fixtures::lost_update();
        trace.steps[2].value = Some("0".to_owned());
        assert_eq!(LostUpdate::find(&trace), None);
    }

    #[test]
    fn a_flag_that_is_raised_twice_rests_on_a_check_and_is_no_sum() {
        let mut trace = fixtures::lost_update();
        for step in &mut trace.steps {
            let flag = |text: String| if text == "0" { "false".to_owned() } else { "true".to_owned() };
            step.result = step.result.take().map(flag);
            step.value = step.value.take().map(flag);
        }
        assert_eq!(LostUpdate::find(&trace), None);
    }
}
