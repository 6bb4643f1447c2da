//! The verdicts: every way in which the check of an exercise can end, each with its name and one line of meaning.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Writes the enum, its names and their meanings as one table.
macro_rules! verdicts {
    ($($variant:ident, $name:literal, $meaning:literal;)*) => {
        /// How the check of an exercise ended.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Verdict {
            $(#[doc = $meaning] $variant,)*
        }

        impl Verdict {
            /// All of them, in order.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in course.toml, in JSON and on the screen.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it means, for the line of the exercise.
            pub(crate) fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

verdicts! {
    Passed, "passed", "it holds on everything that was checked";
    NotBroken, "not-broken", "your schedule does not break the program yet";
    BadSchedule, "bad-schedule", "the schedule cannot be followed";
    CompileError, "compile-error", "it does not compile";
    Interface, "interface", "the check does not find what it needs in your file";
    Deadlock, "deadlock", "some threads wait for ever";
    Livelock, "livelock", "the threads run for ever and get nowhere";
    Starvation, "starvation", "a thread waits for ever while others go on";
    LeakedLock, "leaked-lock", "all threads have ended, and a lock is still held";
    Misuse, "misuse", "a primitive is used in a way that it forbids";
    Panic, "panic", "a thread panics";
    DataRace, "data-race", "two accesses to one cell with nothing that orders them";
    StepLimit, "step-limit", "it takes more steps than allowed";
    Property, "property", "something that must always hold does not";
    WrongOutcomes, "wrong-outcomes", "the set of outcomes is not the expected one";
    WrongOutput, "wrong-output", "what is printed is not what is expected";
    Stuck, "stuck", "a thread keeps running, or waits for something foreign, and nobody else can run";
    Foreign, "foreign", "it uses something that cannot be explored";
    Uncontrolled, "uncontrolled", "two runs of one schedule differ";
    NothingRecorded, "nothing-recorded", "it does nothing that could be checked";
    Timeout, "timeout", "it takes longer than the time limit";
    Exited, "exited", "it ends the process instead of returning";
    Crashed, "crashed", "the process was killed by a signal";
    OutputFlood, "output-flood", "it prints without end";
    OutOfMemory, "out-of-memory", "it takes more memory than the limit";
    ProcessFlood, "process-flood", "it starts processes or threads without end";
    Tampered, "tampered", "files of the course changed while it ran";
    MissingFile, "missing-file", "your file is not there";
    Unreadable, "unreadable", "your file cannot be read";
    NoReport, "no-report", "the check ended without a report that can be believed";
    CourseError, "course-error", "the course itself is at fault, not your program";
}

impl Verdict {
    /// True if the same program always gets this verdict, however busy the machine is: only such are remembered.
    pub(crate) fn is_lasting(self) -> bool {
        !matches!(
            self,
            Self::Timeout
                | Self::Stuck
                | Self::Crashed
                | Self::OutputFlood
                | Self::OutOfMemory
                | Self::ProcessFlood
                | Self::Tampered
                | Self::MissingFile
                | Self::Unreadable
                | Self::NoReport
                | Self::CourseError
                | Self::Uncontrolled
        )
    }

    /// True for the one that everybody wants.
    pub(crate) fn is_passed(self) -> bool {
        self == Self::Passed
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnknownVerdict(String);

impl fmt::Display for UnknownVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Verdict::ALL.iter().map(|verdict| verdict.name()).collect();
        write!(f, "`{}` is no verdict; they are: {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownVerdict {}

impl FromStr for Verdict {
    type Err = UnknownVerdict;

    fn from_str(text: &str) -> Result<Self, UnknownVerdict> {
        let named = Self::ALL.iter().copied().find(|verdict| verdict.name() == text);
        named.ok_or_else(|| UnknownVerdict(text.to_owned()))
    }
}

impl Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Verdict {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_found_by_its_name() {
        for &verdict in Verdict::ALL {
            assert_eq!(verdict.name().parse(), Ok(verdict));
            assert!(!verdict.meaning().is_empty());
        }
        assert!("Passed".parse::<Verdict>().expect_err("capital").to_string().contains("passed, not-broken"));
    }

    #[test]
    fn the_explorer_s_failures_have_verdicts_of_the_same_name() {
        for name in [
            "deadlock",
            "livelock",
            "starvation",
            "leaked-lock",
            "misuse",
            "panic",
            "data-race",
            "step-limit",
            "property",
            "stuck",
            "foreign",
        ] {
            assert!(name.parse::<Verdict>().is_ok(), "{name}");
        }
    }
}
