//! `cargo xtask`: runs the course and keeps the repository in order.
//!
//! Design: one file a command under `commands/`; what several commands share lies beside it, one concern a file.
//! This file only maps what a command says to an exit code: 0 done, 1 a check fails, 2 the asker's mistake or a
//! broken course, 3 our own fault, 130 interrupted.

mod check_course;
mod cli;
mod commands;
mod compile;
mod course;
mod exit;
mod findings;
mod hash;
mod hints;
mod interrupt;
mod judge;
mod learner;
mod lines;
mod package;
mod places;
mod play;
mod process;
mod progress;
mod results;
mod seal;
mod show;
mod snapshot;
mod terminal;
mod tidy;
mod tui;
mod verdict;
mod verify;
mod watch;
mod work;

use std::process::ExitCode;

use clap::Parser as _;

use crate::exit::Exit;

fn main() -> ExitCode {
    interrupt::listen();
    let cli = cli::Cli::parse();
    terminal::decide_colors();
    let run = || commands::run(cli.command).unwrap_or_else(|error| exit::explain(&error));
    // A panic of ours has said what it is: it is an internal fault, not cargo's code 101.
    let exit = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or(Exit::Internal);
    if interrupt::signalled() { Exit::Interrupted.into() } else { exit.into() }
}
