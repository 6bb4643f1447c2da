//! `completions`: a script for a shell, in which `xtask` is `cargo xtask`, with the names of the course's exercises.

use std::io;

use clap::CommandFactory as _;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::course::Course;
use crate::exit::Exit;
use crate::places::Places;

/// The word that is completed. A shell completes by first words, and `cargo` belongs to cargo.
const WORD: &str = "xtask";

/// The arguments that name exercises.
const NAMING: [&str; 2] = ["name", "names"];

/// Runs the command.
pub(crate) fn run(places: &Places, shell: Shell) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let names: Vec<String> = course.exercises().map(|exercise| exercise.name.clone()).collect();
    let mut command = Cli::command().name(WORD).bin_name(WORD).mut_subcommands(|command| {
        let has = |wanted: &str| command.get_arguments().any(|argument| argument.get_id() == wanted);
        match NAMING.into_iter().find(|wanted| has(wanted)) {
            Some(naming) => {
                command.mut_arg(naming, |argument| argument.value_parser(PossibleValuesParser::new(names.clone())))
            }
            None => command,
        }
    });
    println!("{}", function(shell));
    clap_complete::generate(shell, &mut command, WORD, &mut io::stdout());
    Ok(Exit::Success)
}

/// The function that makes the word a command.
fn function(shell: Shell) -> &'static str {
    match shell {
        Shell::Fish => "function xtask; cargo xtask $argv; end",
        Shell::PowerShell => "function xtask { cargo xtask @args }",
        Shell::Elvish => "fn xtask {|@arguments| cargo xtask $@arguments }",
        _ => "xtask() { cargo xtask \"$@\"; }",
    }
}
