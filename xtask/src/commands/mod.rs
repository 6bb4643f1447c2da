//! The commands: one file each.

mod bench;
mod ci;
mod conformance;
mod hint;
mod list;
mod new_exercise;
mod prove;
mod reset;
mod snapshot;
mod solution;

use crate::cli::Command;
use crate::exit::Exit;
use crate::places::Places;
use crate::progress::Store;
use crate::{tidy, verify};

/// Runs a command.
pub(crate) fn run(command: Command) -> anyhow::Result<Exit> {
    let places = Places::find();
    match command {
        Command::Verify(options) => verify::run(&places, &options),
        Command::List { format } => list::run(&places, format),
        Command::Hint { name, all } => hint::run(&places, &name, all),
        Command::Reset { name } => reset::run(&places, &name),
        Command::Solution { name, give_up } => solution::run(&places, &name, give_up),
        Command::Tidy => tidy::run(&places),
        Command::Ci { only, nightly } => ci::run(&places, only.as_deref(), nightly),
        Command::Conformance { check } => conformance::run(&places, check),
        Command::Bench { group } => bench::run(&places, group.as_ref()),
        Command::Snapshot { names, accept } => snapshot::run(&places, &names, accept),
        Command::NewExercise(asked) => new_exercise::run(&places, &asked),
        Command::Prove { names, format } => prove::run(&places, &names, format),
    }
}

/// Says what the store has to say: about a damaged file, or one that could not be saved.
fn say_notices(store: &mut Store) {
    for notice in store.take_notices() {
        eprintln!("note: {notice}");
    }
}
