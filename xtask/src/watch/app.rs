//! What `watch` knows and what its keys do; how it looks is the view's matter, on the screen or line by line.

use std::fs;
use std::time::Instant;

use ratatui::crossterm::event::KeyCode;

use crate::course::{Course, Exercise};
use crate::findings::Later;
use crate::learner::{Changed, Learner, Rungs};
use crate::places::Places;
use crate::show::from_here;
use crate::verify::Checked;
use crate::work::Put;

/// What is shown below the heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pane {
    /// The verdict, with its evidence.
    Verdict,
    /// The whole task.
    Task,
    /// So many rungs of the hints, and how many are left.
    Hints { rungs: Vec<(&'static str, String)>, left: usize },
    /// The course; this exercise is chosen in it.
    List { chosen: usize },
    /// Our solution, and why it is right.
    Solution { source: String, after: String },
}

/// What is to be done that needs more than the app itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// Check the current exercise.
    Check,
    /// Play it.
    Play,
    /// Open it in the editor.
    Edit,
    /// End.
    Quit,
}

/// A key that asks for something that should not happen by accident: the same key again does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Confirm {
    Reset,
    GiveUp,
}

/// One session.
pub(super) struct App<'a> {
    pub(super) places: &'a Places,
    pub(super) course: &'a Course,
    pub(super) learner: Learner<'a>,
    pub(super) current: &'a Exercise,
    pub(super) pane: Pane,
    /// What the newest check of the current exercise found.
    pub(super) checked: Option<Checked>,
    /// Since when a check runs.
    pub(super) checking: Option<Instant>,
    /// What it does, in words.
    pub(super) doing: String,
    /// What the last key did, or what is to be said about the state file.
    pub(super) message: Option<String>,
    /// The system tells of saves; else files are looked at.
    pub(super) hears_saves: bool,
    /// How many lines of the pane are hidden above.
    pub(super) scroll: u16,
    confirm: Option<Confirm>,
}

impl<'a> App<'a> {
    /// A session that begins with the exercise to do.
    pub(super) fn new(places: &'a Places, course: &'a Course, learner: Learner<'a>) -> Option<Self> {
        let current = learner.to_do().or_else(|| learner.current())?;
        let mut app = Self {
            places,
            course,
            learner,
            current,
            pane: Pane::Verdict,
            checked: None,
            checking: None,
            doing: String::new(),
            message: None,
            hears_saves: true,
            scroll: 0,
            confirm: None,
        };
        app.learner.go_to(current);
        app.hear_notices();
        Some(app)
    }

    /// How many exercises have passed, and how many there are.
    pub(super) fn progress(&self) -> (usize, usize) {
        let passed = self.course.exercises().filter(|exercise| self.learner.record(exercise).passed).count();
        (passed, self.course.exercises().count())
    }

    /// A check has begun.
    pub(super) fn begin(&mut self) {
        self.checking = Some(Instant::now());
    }

    /// The current exercise was saved: its verdict is what is wanted next.
    pub(super) fn saved(&mut self) {
        self.show(Pane::Verdict);
    }

    /// A check is over.
    pub(super) fn end(&mut self, outcome: anyhow::Result<Option<Checked>>) {
        self.checking = None;
        match outcome {
            Ok(Some(checked)) => {
                if checked.summary.verdict.is_passed() {
                    self.learner.pass(self.current);
                    self.hear_notices();
                }
                // Read once, and not for each frame.
                let details = Later::Known(Box::new(checked.details.read().into_owned()));
                self.checked = Some(Checked { details, ..checked });
            }
            Ok(None) => self.message = Some("the check was interrupted: `c` checks again".to_owned()),
            Err(error) => {
                self.checked = None;
                self.message = Some(format!("{error:#}"));
            }
        }
    }

    /// What a key does.
    pub(super) fn key(&mut self, key: KeyCode) -> Effect {
        let confirm = self.confirm.take();
        self.message = None;
        let effect = self.act(key, confirm);
        let effect = effect.unwrap_or_else(|error| {
            self.message = Some(format!("{error:#}"));
            Effect::None
        });
        self.hear_notices();
        effect
    }

    fn act(&mut self, key: KeyCode, confirm: Option<Confirm>) -> anyhow::Result<Effect> {
        if let Some(effect) = self.choose(key) {
            return Ok(effect);
        }
        match key {
            KeyCode::Char('q') => return Ok(Effect::Quit),
            KeyCode::Char('c') => return Ok(Effect::Check),
            KeyCode::Char('y') => return Ok(Effect::Play),
            KeyCode::Char('e') => return Ok(Effect::Edit),
            KeyCode::Char('n') => return Ok(self.neighbour(1)),
            KeyCode::Char('p') => return Ok(self.neighbour(-1)),
            KeyCode::Char('s') => return Ok(self.skip()),
            KeyCode::Char('h') => self.hint()?,
            KeyCode::Char('o') => self.solution(confirm == Some(Confirm::GiveUp))?,
            KeyCode::Char('r') => return self.reset(confirm == Some(Confirm::Reset)),
            KeyCode::Char('u') => return self.undo(),
            KeyCode::Char('l') => self.show(Pane::List { chosen: self.position(self.current) }),
            KeyCode::Char('t') => self.show(Pane::Task),
            KeyCode::Esc | KeyCode::Char('v') => self.show(Pane::Verdict),
            KeyCode::Up => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::Down => self.scroll = self.scroll.saturating_add(1),
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(10),
            KeyCode::PageDown | KeyCode::Char(' ') => self.scroll = self.scroll.saturating_add(10),
            KeyCode::Home => self.scroll = 0,
            _ => {}
        }
        Ok(Effect::None)
    }

    /// The keys that mean something else in the list.
    fn choose(&mut self, key: KeyCode) -> Option<Effect> {
        let Pane::List { chosen } = self.pane else { return None };
        let last = self.course.exercises().count().saturating_sub(1);
        let chosen = match key {
            KeyCode::Up => chosen.saturating_sub(1),
            KeyCode::Down => (chosen + 1).min(last),
            KeyCode::Home => 0,
            KeyCode::End => last,
            KeyCode::Enter => return self.course.exercises().nth(chosen).map(|exercise| self.go_to(exercise)),
            _ => return None,
        };
        self.pane = Pane::List { chosen };
        Some(Effect::None)
    }

    fn position(&self, exercise: &Exercise) -> usize {
        self.course.exercises().position(|other| other.name == exercise.name).unwrap_or(0)
    }

    fn show(&mut self, pane: Pane) {
        self.pane = pane;
        self.scroll = 0;
    }

    /// To another exercise.
    fn go_to(&mut self, exercise: &'a Exercise) -> Effect {
        self.learner.go_to(exercise);
        self.turn_to(exercise)
    }

    fn turn_to(&mut self, exercise: &'a Exercise) -> Effect {
        self.current = exercise;
        self.checked = None;
        self.show(Pane::Verdict);
        Effect::Check
    }

    /// To the exercise before or after this one.
    fn neighbour(&mut self, by: isize) -> Effect {
        let position = self.position(self.current).checked_add_signed(by);
        match position.and_then(|position| self.course.exercises().nth(position)) {
            Some(exercise) => self.go_to(exercise),
            None => {
                let end = if by < 0 { "the first" } else { "the last" };
                self.message = Some(format!("this is {end} exercise"));
                Effect::None
            }
        }
    }

    fn skip(&mut self) -> Effect {
        let skipped = self.current;
        match self.learner.skip(skipped).filter(|next| next.name != skipped.name) {
            Some(next) => {
                let effect = self.turn_to(next);
                self.message = Some(format!("{} is put off; `l` shows it", skipped.name));
                effect
            }
            None => {
                self.message = Some("nothing else is left to do".to_owned());
                Effect::None
            }
        }
    }

    fn hint(&mut self) -> anyhow::Result<()> {
        let hints = self.learner.hints(self.current, Rungs::OneMore)?;
        self.show(Pane::Hints { rungs: hints.rungs, left: hints.left });
        Ok(())
    }

    fn solution(&mut self, give_up: bool) -> anyhow::Result<()> {
        if !self.learner.may_see_solution(self.current, give_up) {
            self.confirm = Some(Confirm::GiveUp);
            let why = "it is not passed yet; `o` again gives it up and shows our solution, `h` gives a hint";
            self.message = Some(why.to_owned());
            return Ok(());
        }
        let source = fs::read_to_string(self.current.file("solution.rs"))?;
        let after = fs::read_to_string(self.current.file("after.md"))?;
        self.show(Pane::Solution { source, after });
        Ok(())
    }

    fn reset(&mut self, confirmed: bool) -> anyhow::Result<Effect> {
        if !confirmed {
            self.confirm = Some(Confirm::Reset);
            let file = from_here(&self.current.work_file);
            self.message = Some(format!("`r` again puts {file} back to its start; a copy of yours is kept"));
            return Ok(Effect::None);
        }
        let changed = self.learner.reset(&[self.current])?;
        self.message = Some(told(&changed).unwrap_or_else(|| "it is as it was given".to_owned()));
        self.show(Pane::Verdict);
        Ok(Effect::Check)
    }

    fn undo(&mut self) -> anyhow::Result<Effect> {
        let changed = self.learner.undo()?;
        let message = told(&changed);
        self.message = Some(message.unwrap_or_else(|| "there is nothing to undo: nothing was reset".to_owned()));
        self.show(Pane::Verdict);
        Ok(Effect::Check)
    }

    /// What is to be said about the state file comes before all else.
    fn hear_notices(&mut self) {
        let notices = self.learner.take_notices();
        if !notices.is_empty() {
            self.message = Some(notices.join("; "));
        }
    }
}

/// What was changed, in words.
fn told(changed: &[Changed<'_>]) -> Option<String> {
    let words = changed.iter().filter_map(|Changed { exercise, put }| match put {
        Put::Unchanged => None,
        Put::Made => Some(format!("{} is there again", from_here(&exercise.work_file))),
        Put::Replaced(copy) => Some(format!("{} was replaced; what was there: {}", exercise.name, from_here(copy))),
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join("; "))
}
