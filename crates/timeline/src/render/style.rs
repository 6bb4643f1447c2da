//! How a text is to look: how wide, whether in colour, how paths and replay commands are written.
//!
//! Escape codes are written here alone, and only if [`Style::color`] says so. `colored` decides that flag once, in
//! [`Style::detect`]; its global switch is not asked again, so that texts made on several threads do not disturb each
//! other.

use std::path::PathBuf;

use colored::Color;

/// The width when nothing says another.
const DEFAULT_WIDTH: usize = 80;

/// How a text is to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// How many columns there are.
    pub width: usize,
    /// Whether to write colours.
    pub color: bool,
    /// What is left out at the start of paths.
    pub root: Option<PathBuf>,
    /// What to type before a schedule to see it again, up to and including the last space.
    pub replay: Option<String>,
}

impl Style {
    /// 80 columns without colour: the same text everywhere.
    #[must_use]
    pub fn plain() -> Self {
        Self { width: DEFAULT_WIDTH, color: false, root: None, replay: None }
    }

    /// What suits standard output: the terminal's width (or `COLUMNS`), and colours if it is a terminal and neither
    /// `NO_COLOR` nor `CLICOLOR=0` forbids them (`CLICOLOR_FORCE=1` asks for them anyway).
    #[must_use]
    pub fn detect() -> Self {
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|&columns| columns > 0);
        Self {
            width: columns.or_else(terminal_width).unwrap_or(DEFAULT_WIDTH),
            color: colored::control::SHOULD_COLORIZE.should_colorize(),
            ..Self::plain()
        }
    }

    /// The text in the colour of its role.
    pub(super) fn paint(&self, paint: Paint, text: &str) -> String {
        match paint.codes() {
            Some(codes) if self.color && !text.is_empty() => format!("\x1b[{codes}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self::plain()
    }
}

/// The role of a piece of text, from which its colour follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    /// What is to be read first.
    Strong,
    /// `error[…]`, and the place where it goes wrong.
    Wrong,
    /// A place that led there.
    Cause,
    /// Line numbers, bars and arrows.
    Frame,
    /// What is there for those who look twice.
    Faint,
    /// An interruption, a thread that blocks.
    Notice,
    /// What is as it should be.
    Right,
}

impl Paint {
    /// The parameters of the escape code: rustc's colours, which learners know.
    fn codes(self) -> Option<String> {
        let bold = |color: Color| Some(format!("1;{}", color.to_fg_str()));
        match self {
            Self::Plain => None,
            Self::Strong => Some("1".to_owned()),
            Self::Wrong => bold(Color::BrightRed),
            Self::Cause | Self::Frame => bold(Color::BrightBlue),
            Self::Faint => Some("2".to_owned()),
            Self::Notice => bold(Color::Yellow),
            Self::Right => bold(Color::Green),
        }
    }
}

/// How wide the terminal of standard output is, if it is one.
#[cfg(unix)]
fn terminal_width() -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY:
    // - TIOCGWINSZ writes one `winsize`, and `size` is one that is borrowed for the call alone;
    // - any descriptor may be asked: one that is closed or no terminal gives an error, which is looked at.
    let result = unsafe { libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &raw mut size) };
    (result == 0 && size.ws_col > 0).then_some(usize::from(size.ws_col))
}

#[cfg(not(unix))]
fn terminal_width() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paint_writes_codes_only_where_colour_is_asked_for() {
        let colorful = Style { color: true, ..Style::plain() };
        assert_eq!(colorful.paint(Paint::Wrong, "error"), "\x1b[1;91merror\x1b[0m");
        assert_eq!(colorful.paint(Paint::Plain, "error"), "error");
        assert_eq!(Style::plain().paint(Paint::Wrong, "error"), "error");
    }
}
