//! The terminal as one screen: taken over, and given back however we end.
//!
//! A panic gives it back before its message is printed (ratatui's own hook), a signal sets the flag of [`interrupt`],
//! which [`Screen::key`] looks at, and every other way leads through [`Drop`].

use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::terminal;
use ratatui::{DefaultTerminal, Frame};

use super::links::Links;
use crate::interrupt;

/// A screen smaller than this shows too little.
const SMALLEST: (u16, u16) = (40, 12);

/// How often a signal is looked for.
const TICK: Duration = Duration::from_millis(50);

/// The terminal, taken over.
pub(crate) struct Screen {
    terminal: DefaultTerminal,
    links: Links,
}

/// What came from the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    /// A key.
    Key(KeyEvent),
    /// The size of the screen has changed: draw anew.
    Resized,
    /// Nothing within the time.
    Nothing,
    /// Ctrl-C, or a signal that asks for the end.
    End,
}

impl Screen {
    /// True if there is a terminal on both sides, and it is large enough.
    pub(crate) fn is_possible() -> bool {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        let large = terminal::size().is_ok_and(|(columns, rows)| columns >= SMALLEST.0 && rows >= SMALLEST.1);
        io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb && large
    }

    /// Takes the terminal over.
    pub(crate) fn open(links: Links) -> io::Result<Self> {
        interrupt::end_with_the_terminal();
        Ok(Self { terminal: ratatui::try_init()?, links })
    }

    /// Draws a frame, and makes the places that it names into links.
    pub(crate) fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let frame = self.terminal.draw(draw)?;
        self.links.write(frame.buffer, &mut io::stdout())
    }

    /// How many columns and rows there are.
    pub(crate) fn size(&self) -> (u16, u16) {
        self.terminal.size().map_or(SMALLEST, |size| (size.width, size.height))
    }

    /// Waits for a key, but not longer than this.
    pub(crate) fn key(&mut self, most: Duration) -> io::Result<Input> {
        let until = Instant::now() + most;
        loop {
            if interrupt::signalled() {
                return Ok(Input::End);
            }
            let left = until.saturating_duration_since(Instant::now());
            if event::poll(left.min(TICK))? {
                match event::read()? {
                    Event::Key(key) if key.kind == KeyEventKind::Press => return Ok(of_key(key)),
                    Event::Resize(..) => return Ok(Input::Resized),
                    _ => {}
                }
            }
            if Instant::now() >= until {
                return Ok(Input::Nothing);
            }
        }
    }

    /// Gives the terminal to another program while `run` lasts.
    pub(crate) fn lent<R>(&mut self, run: impl FnOnce() -> R) -> io::Result<R> {
        ratatui::try_restore()?;
        let result = run();
        self.terminal = ratatui::try_init()?;
        Ok(result)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

/// In raw mode the terminal sends no signal for Ctrl-C.
fn of_key(key: KeyEvent) -> Input {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    if control && key.code == KeyCode::Char('c') {
        interrupt::request();
        return Input::End;
    }
    Input::Key(key)
}
