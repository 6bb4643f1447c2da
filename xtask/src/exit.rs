//! Exit codes, and the two kinds of error behind them: the asker's mistake, and ours.

use std::fmt;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All that was asked for holds.
    Success,
    /// Something that was checked does not hold.
    Failed,
    /// The asker's mistake, or a broken course: nothing was checked.
    Usage,
    /// A fault of this program or of the machine.
    Internal,
    /// Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The code of the process.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Internal => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// An error that the person at the keyboard (or the course's author) can put right. Everything else is internal.
#[derive(Debug)]
pub(crate) struct Mistake(pub(crate) String);

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mistake {}

/// Prints an error and says which exit code it is worth.
pub(crate) fn explain(error: &anyhow::Error) -> Exit {
    eprintln!("error: {error:#}");
    if error.downcast_ref::<Mistake>().is_some() { Exit::Usage } else { Exit::Internal }
}
