//! `watch` line by line, where there is no terminal or it is small: each verdict is printed when it is known, and a
//! line of input is the key that it begins with.

use std::io::{self, BufRead as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use ratatui::crossterm::event::KeyCode;
use ratatui::text::Line;

use super::app::{App, Effect, Pane};
use super::{Session, view};
use crate::exit::Exit;
use crate::interrupt;
use crate::terminal;

/// How long a line is waited for before saves and checks are looked at.
const TICK: Duration = Duration::from_millis(40);

/// Watches until the end.
pub(super) fn run(session: &mut Session<'_>) -> anyhow::Result<Exit> {
    let input = lines();
    let mut open = true;
    head(&session.app);
    loop {
        if interrupt::signalled() {
            return Ok(Exit::Interrupted);
        }
        let line = if open {
            input.recv_timeout(TICK)
        } else {
            // Nobody will say more; saves are still checked.
            std::thread::sleep(TICK);
            Err(RecvTimeoutError::Timeout)
        };
        open &= line != Err(RecvTimeoutError::Disconnected);
        if session.look() && session.app.checking.is_none() {
            body(&session.app);
        }
        let Some(key) = line.ok().and_then(|line| line.trim().chars().next()) else { continue };
        let before = (session.app.current.name.clone(), session.app.pane.clone());
        let effect = session.app.key(KeyCode::Char(key));
        if before.0 != session.app.current.name {
            head(&session.app);
        }
        match effect {
            Effect::Quit => return Ok(Exit::Success),
            Effect::Check => session.check(),
            Effect::Play => say(&format!("cargo xtask play {} --schedule …", session.app.current.name)),
            Effect::Edit => say(&session.app.places.shown(&session.app.current.work_file)),
            Effect::None if session.app.pane != before.1 || session.app.pane == Pane::Verdict => body(&session.app),
            Effect::None => {}
        }
        if effect != Effect::None
            && let Some(message) = &session.app.message
        {
            say(message);
        }
    }
}

/// The lines of standard input, read by a thread of their own; it ends with us.
fn lines() -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let lines = io::stdin().lock().lines().map_while(Result::ok);
        let _ = lines.map(|line| sender.send(line)).find(Result::is_err);
    });
    receiver
}

/// Which exercise, and the keys.
fn head(app: &App<'_>) {
    let (passed, all) = app.progress();
    say(&format!("{} · {}  ({passed} of {all} passed)", app.current.number, app.current.name));
    say(&format!("file {}", app.places.shown(&app.current.work_file)));
    say(view::KEYS);
}

/// What is shown now.
fn body(app: &App<'_>) {
    let width = terminal::width();
    if app.pane == Pane::Verdict {
        println!("{}", view::status(app));
        if app.checked.is_some() {
            println!("{}\n", view::verdict(app, width).trim_end());
        }
    } else {
        let lines: Vec<String> = view::body(app, width).iter().map(Line::to_string).collect();
        println!("{}\n", lines.join("\n").trim_end());
    }
    if let Some(message) = &app.message {
        say(message);
    }
}

fn say(text: &str) {
    println!("{}", terminal::wrapped(text, terminal::width(), "  "));
}
