//! What is compared with a snapshot: an execution's outcome, or its output thread by thread, as short readable text.

use threadcraft_explore::Execution;

use crate::run::Run;

/// Separates the outputs of different schedules, if there are several.
const OR: &str = "\n--- or, on another schedule:\n";

/// How the outcome of an execution is told.
pub(crate) type Outcome = dyn Fn(&Execution) -> String + Send + Sync;

/// What a program's executions are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Nothing,
    Outcomes,
    Output,
}

impl Compare {
    /// The name of the snapshot and the verdict if it differs.
    pub(crate) fn snapshot(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Nothing => None,
            Self::Outcomes => Some(("outcomes", "wrong-outcomes")),
            Self::Output => Some(("output", "wrong-output")),
        }
    }

    /// The text of the snapshot, from the set of outcomes in alphabetical order.
    pub(crate) fn contents<'a>(self, outcomes: impl Iterator<Item = &'a str>) -> String {
        let outcomes: Vec<&str> = outcomes.collect();
        outcomes.join(if self == Self::Output { OR } else { "\n" })
    }
}

/// The outcome if the check names none: what the program returns; if that is nothing, the last line that main prints.
/// `None` leaves it to the explorer, which knows what was returned.
pub(crate) fn default_outcome(run: &Run) -> Option<Box<Outcome>> {
    run.is_silent().then(|| -> Box<Outcome> { Box::new(last_line_of_main) })
}

/// The last line that main printed, or a word for none.
fn last_line_of_main(execution: &Execution) -> String {
    execution.printed_by(0).last().unwrap_or("(main printed nothing)").to_owned()
}

/// What each thread printed, in its own order: main first, then the others sorted by what they say, since a right
/// solution may start them in any order and give them any name.
pub(crate) fn transcript(execution: &Execution) -> String {
    let lines = |thread| execution.printed_by(thread).collect::<Vec<_>>();
    sections(&lines(0), (1..execution.threads.len()).map(lines).collect())
}

/// A section a thread; those that print nothing have none.
fn sections(main: &[&str], mut others: Vec<Vec<&str>>) -> String {
    others.retain(|lines| !lines.is_empty());
    others.sort();
    let mut text = String::new();
    let titled = std::iter::once(("main prints", main)).chain(others.iter().map(|o| ("another thread prints", &o[..])));
    for (title, lines) in titled.filter(|(_, lines)| !lines.is_empty()) {
        text.push_str(title);
        for line in lines {
            text.push_str("\n  ");
            text.push_str(line);
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_does_not_depend_on_the_order_of_starting_and_leaves_out_who_is_silent() {
        let one = sections(&["start", "end"], vec![vec!["b"], vec![], vec!["a 1", "a 2"]]);
        let two = sections(&["start", "end"], vec![vec!["a 1", "a 2"], vec!["b"], vec![]]);
        assert_eq!(one, two);
        assert_eq!(one, "main prints\n  start\n  end\nanother thread prints\n  a 1\n  a 2\nanother thread prints\n  b");
    }

    #[test]
    fn output_depends_on_who_prints_what() {
        let together = sections(&[], vec![vec!["1", "2"]]);
        let apart = sections(&[], vec![vec!["1"], vec!["2"]]);
        assert_ne!(together, apart);
    }

    #[test]
    fn outcomes_are_one_a_line_and_outputs_are_set_apart() {
        assert_eq!(Compare::Outcomes.contents(["x = 1", "x = 2"].into_iter()), "x = 1\nx = 2");
        assert_eq!(Compare::Output.contents(["main prints\n  a"].into_iter()), "main prints\n  a");
        assert!(Compare::Output.contents(["a", "b"].into_iter()).contains("another schedule"));
    }

    #[test]
    fn only_a_program_that_returns_nothing_is_known_by_its_last_line() {
        assert!(default_outcome(&Run::new(|| ())).is_some());
        assert!(default_outcome(&Run::new(|| 1)).is_none());
    }
}
