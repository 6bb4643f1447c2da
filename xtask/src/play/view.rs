//! `play` on the full screen: letters are threads, everything else is another key.

use std::time::Duration;

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use threadcraft_timeline::render;

use super::game::Game;
use super::layout;
use super::stage::{Compiled, Stage};
use super::{Saved, Session};
use crate::tui::screen::{Input, Screen};
use crate::verify::Played;

/// How long a key is waited for before a signal is looked for again: the screen does that more often itself.
const WAIT: Duration = Duration::from_secs(3600);

/// What the keys are, for the last lines of the screen.
const KEYS: &str = "b step thread b · B run it until it waits · !b its time is up · ← back · → on · Home restart · \
    End to the end · ? the failing one · Enter save · Tab other program · Esc leave";

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Step(usize),
    Run(usize),
    Otherwise(usize),
    Undo,
    Forward,
    Restart,
    ToEnd,
    Failing,
    Save,
    OtherProgram,
    Leave,
    Scroll(i32),
    /// The next letter is to take its other way.
    Mark,
}

/// Plays until the player leaves.
pub(super) fn play<'a>(
    screen: &mut Screen,
    session: &mut Session<'a>,
    mut game: Game<Compiled<'a>>,
) -> anyhow::Result<()> {
    let mut view = View::default();
    loop {
        screen.draw(|frame| view.draw(frame, session, &game))?;
        let key = match screen.key(WAIT)? {
            Input::Key(key) => key,
            Input::End => return Ok(()),
            Input::Resized | Input::Nothing => continue,
        };
        let Some(next) = meaning(key, std::mem::take(&mut view.marked)) else { continue };
        view.message = None;
        match next {
            Move::Leave => return Ok(()),
            Move::Mark => view.marked = true,
            Move::Scroll(lines) => view.scroll = view.scroll.saturating_add_signed(lines as i16),
            Move::OtherProgram => match session.switched(screen_width(screen)) {
                Ok(other) => game = other,
                Err(error) => view.message = Some(format!("{error:#}")),
            },
            Move::Failing => match session.failing() {
                Ok(schedule) => game.record(&schedule)?,
                Err(error) => view.message = Some(format!("{error:#}")),
            },
            Move::Save => view.message = Some(saved(session.save(game.scene()))),
            Move::Step(thread) => game.step(thread)?,
            Move::Run(thread) => game.run(thread)?,
            Move::Otherwise(thread) => game.step_otherwise(thread)?,
            Move::Undo => game.undo()?,
            Move::Forward => game.forward()?,
            Move::Restart => game.restart()?,
            Move::ToEnd => game.go_to_end()?,
        }
        if !matches!(next, Move::Scroll(_)) {
            view.scroll = 0;
        }
    }
}

fn screen_width(screen: &Screen) -> usize {
    usize::from(screen.size().0)
}

/// What came of saving, in words.
fn saved(result: anyhow::Result<Saved>) -> String {
    match result {
        Ok(saved) => saved.told(),
        Err(error) => format!("{error:#}"),
    }
}

/// What a key asks for; `marked` if the key before was `!`.
fn meaning(key: KeyEvent, marked: bool) -> Option<Move> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char('z') if control => Move::Undo,
        KeyCode::Char(_) if control => return None,
        KeyCode::Char(letter @ 'a'..='z') if marked => Move::Otherwise(thread(letter)),
        KeyCode::Char(letter @ 'a'..='z') => Move::Step(thread(letter)),
        KeyCode::Char(letter @ 'A'..='Z') => Move::Run(thread(letter.to_ascii_lowercase())),
        KeyCode::Char('!') => Move::Mark,
        KeyCode::Char('?') => Move::Failing,
        KeyCode::Left | KeyCode::Backspace => Move::Undo,
        KeyCode::Right | KeyCode::Char(' ') => Move::Forward,
        KeyCode::Home => Move::Restart,
        KeyCode::End => Move::ToEnd,
        KeyCode::Up => Move::Scroll(1),
        KeyCode::Down => Move::Scroll(-1),
        KeyCode::PageUp => Move::Scroll(10),
        KeyCode::PageDown => Move::Scroll(-10),
        KeyCode::Enter => Move::Save,
        KeyCode::Tab => Move::OtherProgram,
        KeyCode::Esc => Move::Leave,
        _ => return None,
    })
}

/// `a` is main, and so on.
fn thread(letter: char) -> usize {
    letter as usize - 'a' as usize
}

/// What the screen shows besides the game.
#[derive(Default)]
struct View {
    message: Option<String>,
    /// How many lines above the end the steps are shown.
    scroll: u16,
    marked: bool,
}

impl View {
    fn draw<S: Stage>(&mut self, frame: &mut Frame<'_>, session: &Session<'_>, game: &Game<S>) {
        let width = usize::from(frame.area().width);
        let scene = game.scene();
        let mut top = vec![heading(session), Line::default()];
        top.extend(layout::goal(scene, width));
        top.extend([layout::schedule(game), Line::default()]);
        let mut bottom = Vec::new();
        if let Some(message) = self.message.as_deref().or(game.refused()) {
            bottom.extend(layout::wrapped(message, width, Style::default().fg(Color::Yellow)));
        }
        if self.marked {
            bottom.push(Line::styled("whose time is up?", Style::default().fg(Color::Yellow)));
        }
        bottom.extend(layout::wrapped(KEYS, width, Style::default().add_modifier(Modifier::DIM)));
        let words = render::scene(&scene.played, &session.style(width));
        let middle = layout::stage(&words, width);
        let heights =
            [Constraint::Length(top.len() as u16), Constraint::Min(0), Constraint::Length(bottom.len() as u16)];
        let [above, stage, below] = Layout::vertical(heights).areas(frame.area());
        // The last steps are those that count: what does not fit goes at the top.
        let hidden = (middle.len() as u16).saturating_sub(stage.height);
        self.scroll = self.scroll.min(hidden);
        frame.render_widget(Paragraph::new(top), above);
        frame.render_widget(Paragraph::new(middle).scroll((hidden - self.scroll, 0)), stage);
        frame.render_widget(Paragraph::new(bottom), below);
    }
}

fn heading(session: &Session<'_>) -> Line<'static> {
    let program = match session.program() {
        Played::Given => "the program as it was given",
        Played::Yours => "your program",
    };
    let text = format!(" play · {} · {program} ", session.exercise().name);
    Line::styled(text, Style::default().add_modifier(Modifier::REVERSED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_step_and_large_ones_run() {
        let key = |code| meaning(KeyEvent::new(code, KeyModifiers::NONE), false);
        assert_eq!(key(KeyCode::Char('a')), Some(Move::Step(0)));
        assert_eq!(key(KeyCode::Char('C')), Some(Move::Run(2)));
        assert_eq!(key(KeyCode::Left), Some(Move::Undo));
        assert_eq!(key(KeyCode::F(1)), None);
        let marked = meaning(KeyEvent::new(KeyCode::Char('b'), KeyModifiers::NONE), true);
        assert_eq!(marked, Some(Move::Otherwise(1)));
        assert_eq!(meaning(KeyEvent::new(KeyCode::Char('b'), KeyModifiers::CONTROL), false), None);
    }
}
