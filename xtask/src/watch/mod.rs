//! `watch`: the current exercise, checked at each save, with everything that the other commands do on a key.
//!
//! Design: [`app`] holds what is known and says what a key does; [`worker`] checks in the background, the newest save
//! first; [`saves`] notices saves; this file brings them together, on the full screen or line by line.

mod app;
mod editor;
mod lines;
mod saves;
mod view;
mod worker;

use std::io::{self, IsTerminal as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use self::app::{App, Effect};
use self::saves::Saves;
use self::worker::Worker;
use crate::cli;
use crate::course::Course;
use crate::exit::{Exit, Mistake};
use crate::learner::Learner;
use crate::places::Places;
use crate::play;
use crate::tui::links::Links;
use crate::tui::screen::{Input, Screen};

/// How long nothing must be saved before a check begins: an editor may write a file in several steps.
const QUIET: Duration = Duration::from_millis(30);

/// How long a key is waited for before saves and checks are looked at.
const TICK: Duration = Duration::from_millis(40);

/// Runs the command.
pub(crate) fn run(places: &Places, options: &cli::Watch) -> anyhow::Result<Exit> {
    let course = Course::load(places)?;
    let learner = Learner::open(places, &course)?;
    let app = App::new(places, &course, learner).ok_or_else(|| Mistake("the course has no exercise".into()))?;
    let worker = Worker::new(places.clone(), options.offline);
    let files = course.exercises().map(|exercise| exercise.work_file.clone());
    let saves = Saves::new(&places.work, files, options.poll);
    let mut session = Session { app, worker, saves, saved: None, options };
    session.check();
    if options.plain || !Screen::is_possible() {
        return lines::run(&mut session);
    }
    let mut screen = Screen::open(Links::detect(places.root.clone()))?;
    session.full_screen(&mut screen)
}

/// One session of watching.
struct Session<'a> {
    app: App<'a>,
    worker: Worker,
    saves: Saves,
    /// When the current exercise was saved, until it is checked.
    saved: Option<Instant>,
    options: &'a cli::Watch,
}

impl Session<'_> {
    fn full_screen(&mut self, screen: &mut Screen) -> anyhow::Result<Exit> {
        let mut stale = true;
        loop {
            if stale || self.app.checking.is_some() {
                screen.draw(|frame| view::draw(frame, &mut self.app))?;
            }
            let input = screen.key(TICK)?;
            stale = self.look() || input != Input::Nothing;
            let Input::Key(key) = input else {
                if input == Input::End {
                    return Ok(Exit::Interrupted);
                }
                continue;
            };
            match self.app.key(key.code) {
                Effect::None => {}
                Effect::Quit => return Ok(Exit::Success),
                Effect::Check => self.check(),
                Effect::Play => self.play(screen)?,
                Effect::Edit => self.edit(screen)?,
            }
        }
    }

    /// Begins a check of the current exercise, instead of any that runs.
    fn check(&mut self) {
        self.saved = None;
        self.worker.check(self.app.current);
        self.app.begin();
    }

    /// Looks for saves and for what a check came to; true if there is something new.
    fn look(&mut self) -> bool {
        if self.saves.changed().contains(&self.app.current.work_file) {
            self.saved = Some(Instant::now());
        }
        self.app.hears_saves = self.saves.hears_events();
        self.app.doing = self.worker.doing();
        if self.saved.is_some_and(|saved| saved.elapsed() >= QUIET) {
            self.app.saved();
            self.check();
            return true;
        }
        match self.worker.outcome() {
            // What was found of an older version is of no interest once a newer one is saved.
            Some(_) if self.saved.is_some() => false,
            Some(outcome) => {
                self.app.end(outcome);
                true
            }
            None => false,
        }
    }

    fn play(&mut self, screen: &mut Screen) -> anyhow::Result<()> {
        // The program that is played is compiled where checks compile theirs.
        self.worker.rest();
        self.app.checking = None;
        self.app.message = Some("compiling …".to_owned());
        screen.draw(|frame| view::draw(frame, &mut self.app))?;
        self.app.message = None;
        let (exercise, record) = (self.app.current, self.app.learner.record(self.app.current));
        let session = play::Session::new(self.app.places, exercise, record, None, self.options.offline);
        if let Err(error) = session.and_then(|mut session| session.play(screen)) {
            self.app.message = Some(format!("{error:#}"));
        }
        self.check();
        Ok(())
    }

    /// Opens the current exercise in the editor, which has the terminal meanwhile.
    fn edit(&mut self, screen: &mut Screen) -> anyhow::Result<()> {
        let Some(editor) = editor::chosen(self.options.edit_cmd.as_deref()) else {
            self.app.message = Some("no editor is known: set $EDITOR, or say --edit-cmd".to_owned());
            return Ok(());
        };
        let file = &self.app.current.work_file;
        let text = crate::terminal::plain(&view::verdict(&self.app, 80));
        let line = editor::line_in(&text, &self.app.places.shown(file));
        let mut command = editor::command(&editor, file, line);
        if !io::stdin().is_terminal() {
            command.stdin(Stdio::null());
        }
        let ended = screen.lent(|| command.status())?;
        self.app.message = match ended {
            Ok(status) if status.success() => None,
            Ok(status) => Some(format!("`{editor}` ended with {status}")),
            Err(error) => Some(format!("`{editor}` cannot be started: {error}")),
        };
        Ok(())
    }
}
