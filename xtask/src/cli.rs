//! The command line, as clap reads it.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use serde::{Deserialize, Serialize};
use threadcraft_timeline::schedule::Schedule;

use crate::verify::Played;

use crate::course::Kind;
use crate::verdict::Verdict;

/// What stands below every help.
const EXIT_CODES: &str = "\
Exit codes:
    0  all that was asked for holds; an exercise that is not begun is no failure, unless it was
       named or `--strict` says so
    1  something that was checked does not hold
    2  a mistake in the command, or a broken course: nothing was judged
    3  a fault of this program or of the machine
  130  interrupted";

/// The threadcraft course and the tools of its repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One file under `commands/` each.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check exercises on every interleaving that matters
    Verify(Verify),
    /// Show what a verdict means, with a small program that gets it, and what to do
    Explain {
        /// The verdict, as in `error[deadlock]`; all of them in short by default
        #[arg(value_parser = verdicts())]
        verdict: Option<Verdict>,
    },
    /// Make one result of those of several machines: the files that `verify --shard I/N --format json` wrote
    Merge {
        /// The files, in any order
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// How to show it
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Check the current exercise at each save, and everything else on a key
    Watch(Watch),
    /// Be the scheduler of an exercise's program: step its threads, one by one
    Play(Play),
    /// Show the course and how far you are
    List {
        /// How to show it
        #[arg(long, value_enum, default_value_t = ListFormat::Human)]
        format: ListFormat,
    },
    /// Show how far you are, a line a chapter
    Progress,
    /// Begin: make your copies, go to an exercise, and show what it asks for
    Start {
        /// The exercise, by name or number; by default the one to do
        name: Option<String>,
    },
    /// Go to the exercise to do, and show what it asks for
    Next,
    /// Put an exercise off, and go to the next
    Skip {
        /// The exercise, by name or number; by default the one to do
        name: Option<String>,
    },
    /// Show the next hint of an exercise: where to look, the idea, the tool
    Hint {
        /// The exercise, by name or number; by default the one to do
        name: Option<String>,
        /// Show all three rungs
        #[arg(long)]
        all: bool,
    },
    /// Put exercises back to their start; copies of your files are kept
    Reset(Reset),
    /// Take the last reset back; again: take that back
    Undo,
    /// Show the solution of an exercise that you have passed, or given up
    Solution {
        /// The exercise, by name or number; by default the one to do
        name: Option<String>,
        /// Show it although the exercise is not passed; this is remembered
        #[arg(long)]
        give_up: bool,
    },
    /// Print a script that completes `xtask …` in a shell, and makes it short for `cargo xtask …`
    Completions {
        /// The shell, as in `source <(cargo xtask completions bash)`
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Wait for the end of a runner, and end what it left; it starts this itself
    #[command(hide = true)]
    Guard {
        /// The runner's number
        pid: u32,
    },
    /// Check the rules of this repository, all faults at once
    Tidy,
    /// Run everything that a change must pass
    Ci {
        /// Run only the steps whose name contains this
        #[arg(long, value_name = "WORD")]
        only: Option<String>,
        /// Run the long searches instead: larger model checks, repeated stress, and, where they are installed,
        /// ThreadSanitizer, Miri and an emulated AArch64
        #[arg(long)]
        nightly: bool,
    },
    /// Run every behaviour on every implementation that has it, and write tests/CONFORMANCE.md
    Conformance {
        /// Write nothing, and fail if the file is out of date
        #[arg(long)]
        check: bool,
    },
    /// Measure one group, or all, and write crates/benchmarks/RESULTS.md
    Bench {
        /// What to measure
        #[command(subcommand)]
        group: Option<Bench>,
    },
    /// For course authors: write pending snapshots of the solutions (see them with `cargo insta review`)
    Snapshot {
        /// Exercises, by name, number or chapter; all by default
        names: Vec<String>,
        /// Write the snapshots themselves instead of pending ones
        #[arg(long)]
        accept: bool,
    },
    /// For course authors: make the folder of a new exercise, whole and running, and list it
    NewExercise(NewExercise),
    /// For course authors: every exercise is whole, and its check tells right from wrong
    CheckCourse {
        /// Exercises, by name, number or chapter; all by default
        names: Vec<String>,
        /// Also delete each statement that synchronises from the solutions, and see that the check misses it
        #[arg(long)]
        deletions: bool,
    },
}

/// Options of `new-exercise`.
#[derive(Debug, Args)]
pub(crate) struct NewExercise {
    /// Its name: small letters, digits and _
    pub(crate) name: String,
    /// The folder of its chapter, such as `04_waiting`; a new one is made
    #[arg(long)]
    pub(crate) chapter: String,
    /// Its number in the whole course; by default one more than the last
    #[arg(long)]
    pub(crate) number: Option<u32>,
    /// How it is checked: O, S, P, C, B, B→S (or B->S) or B→P
    #[arg(long, default_value = "P")]
    pub(crate) kind: Kind,
    /// How hard it is, 1 to 3
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
    pub(crate) stars: u8,
}

/// What can be measured.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// The explorer beside shuttle and loom
    Explorer,
    /// The primitives beside those of other crates, the system and Python
    Primitives,
    /// The queues beside crossbeam's and the standard library's channels and Python's queue
    Queue,
    /// The pool beside rayon, threadpool, rusty_pool, tokio and Python's executor
    Pool,
    /// Timers beside tokio's, the system's and Python's
    Timer,
    /// The runner: from save to verdict for one edited exercise, and with nothing edited
    Runner {
        /// How many times each is measured
        #[arg(long, default_value_t = Bench::ROUNDS, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
        /// The exercise that is edited, by name or number
        #[arg(long, default_value = Bench::EXERCISE)]
        exercise: String,
    },
}

impl Bench {
    /// How many times the runner is measured, unless it is said.
    pub(crate) const ROUNDS: u32 = 11;
    /// Which exercise is edited, unless it is said.
    pub(crate) const EXERCISE: &str = "lost_update";
}

/// Options of `reset`.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Reset {
    /// Exercises, by name, number or chapter
    pub(crate) names: Vec<String>,
    /// The whole course
    #[arg(long)]
    pub(crate) all: bool,
}

/// Options of `verify`.
#[derive(Debug, Args, Default)]
pub(crate) struct Verify {
    /// Exercises, by name, number or chapter; all by default
    pub(crate) names: Vec<String>,
    /// Check the course's own solutions instead of your files
    #[arg(long)]
    pub(crate) solutions: bool,
    /// Exit with 1 unless everything passes, also what you have not begun
    #[arg(long)]
    pub(crate) strict: bool,
    /// Run one exercise on this schedule and show what happens, such as `ab2c`
    #[arg(long, value_name = "SCHEDULE")]
    pub(crate) schedule: Option<Schedule>,
    /// How to show results
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Check only this part of the exercises, such as `1/4`; `cargo xtask merge` makes one result of all parts
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,
    /// Show every failing exercise in full, not only the first
    #[arg(long)]
    pub(crate) full: bool,
    /// Check again what has not changed
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Never use the network
    #[arg(long)]
    pub(crate) offline: bool,
    /// The time that one exercise may compute, or sleep
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) time_limit: Duration,
    /// The memory that one exercise may take
    #[arg(long, value_name = "MIB", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(16..=1_048_576))]
    pub(crate) memory_limit: u64,
}

/// Options of `watch`.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Opens your file: shell, in which `{file}` and `{line}` are filled in; by default $VISUAL, $EDITOR or VS Code
    #[arg(long, value_name = "COMMAND")]
    pub(crate) edit_cmd: Option<String>,
    /// Print line by line instead of taking the whole screen
    #[arg(long)]
    pub(crate) plain: bool,
    /// Look for saves instead of waiting for the system to tell of them
    #[arg(long)]
    pub(crate) poll: bool,
    /// Never use the network
    #[arg(long)]
    pub(crate) offline: bool,
}

/// Options of `play`.
#[derive(Debug, Args)]
pub(crate) struct Play {
    /// The exercise, by name or number
    pub(crate) name: String,
    /// Which program; by default the one to be broken, until your file has a schedule for it
    #[arg(long, value_enum)]
    pub(crate) program: Option<Played>,
    /// Print how the program stands after this schedule, such as `ab2c`, instead of playing on the screen
    #[arg(long, value_name = "SCHEDULE")]
    pub(crate) schedule: Option<Schedule>,
    /// Write the schedule into your file if it reaches the goal
    #[arg(long, requires = "schedule")]
    pub(crate) save: bool,
    /// Never use the network
    #[arg(long)]
    pub(crate) offline: bool,
}

/// Forms of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
}

/// Forms of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Human,
    /// One JSON document, described by xtask/results.schema.json
    Json,
    /// JUnit's XML, which CI systems show as test results, as in xtask/junit.xsd
    Junit,
    /// Annotations and a summary for GitHub Actions
    Github,
}

/// The `I`-th of `N` parts, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shard {
    /// Which part.
    pub(crate) index: u32,
    /// Of how many.
    pub(crate) of: u32,
}

impl Shard {
    /// True if the exercise at this place of the list is in this part.
    pub(crate) fn has(self, place: usize) -> bool {
        place % self.of as usize == self.index as usize - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((index, of)) if (1..=of).contains(&index) => Ok(Self { index, of }),
            _ => Err("a part and a number of parts were expected, such as 1/4".to_owned()),
        }
    }
}

/// Verdicts by their names, which clap lists and completes.
fn verdicts() -> impl TypedValueParser<Value = Verdict> {
    PossibleValuesParser::new(Verdict::ALL.iter().map(|verdict| verdict.name())).try_map(|name| name.parse())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds was expected, such as 10".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if time > Duration::ZERO && seconds <= 3600.0 => Ok(time),
        _ => Err("more than 0 and at most 3600 seconds".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_time_limit_is_positive_and_finite() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "inf", "NaN", "1e9", "soon"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }

    /// The commands that a text tells people to type, with numbers where a CI system puts its own.
    fn commands(text: &str) -> Vec<Vec<String>> {
        let from_here = |line: &str| line.split_once("cargo xtask ").map(|(_, rest)| rest.to_owned());
        let lines = text.lines().filter_map(from_here);
        lines
            .map(|line| {
                let line = line.replace("${{ matrix.shard }}/4", "1/4").replace("$CI_NODE_INDEX/$CI_NODE_TOTAL", "1/4");
                // A redirection, a comment in the margin or the end of a code span ends the command.
                let end =
                    [" >", "  ", "`", ")`", " ||"].iter().filter_map(|end| line.find(end)).min().unwrap_or(line.len());
                line[..end].split_whitespace().map(str::to_owned).collect()
            })
            .collect()
    }

    #[test]
    fn the_commands_in_the_texts_are_commands() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").to_path_buf();
        for (file, least) in [("exercises/AUTOGRADING.md", 9), ("exercises/README.md", 10)] {
            let text = std::fs::read_to_string(root.join(file)).expect(file);
            let commands = commands(&text);
            assert!(commands.len() >= least, "{file}: {commands:?}");
            for command in commands {
                let parsed = Cli::try_parse_from([&["xtask".to_owned()], &command[..]].concat());
                assert!(parsed.is_ok(), "{file}: {command:?}: {}", parsed.expect_err("it is no command"));
            }
        }
    }

    #[test]
    fn shards_divide_a_list_and_no_other_text_is_one() {
        let shards: Vec<Shard> = ["1/3", "2/3", "3/3"].iter().map(|text| text.parse().expect("a shard")).collect();
        for place in 0..10 {
            assert_eq!(shards.iter().filter(|shard| shard.has(place)).count(), 1, "{place}");
        }
        for wrong in ["0/2", "3/2", "1", "1/0", "/", "a/b", "-1/2", "1/2/3"] {
            wrong.parse::<Shard>().expect_err(wrong);
        }
    }

    #[test]
    fn a_schedule_that_does_not_parse_is_a_usage_error_that_names_the_place() {
        let error = Cli::try_parse_from(["xtask", "verify", "spawn", "--schedule", "a?"]).expect_err("`?`");
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("character 2"), "{error}");
    }
}
