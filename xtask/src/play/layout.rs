//! A scene as styled lines: the same on the screen and, without the styles, where there is none.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use threadcraft_timeline::ThreadStatus;
use threadcraft_timeline::render::{self, Card};
use unicode_width::UnicodeWidthStr as _;

use super::game::Game;
use super::stage::{Scene, Stage};
use crate::terminal;
use crate::tui::ansi;

/// A card narrower than this says nothing.
const NARROWEST_CARD: usize = 18;

/// No card is wider than this, however wide the screen.
const WIDEST_CARD: usize = 44;

/// The space between two cards.
const GAP: usize = 2;

fn faint() -> Style {
    Style::default().add_modifier(Modifier::DIM)
}

fn strong() -> Style {
    Style::default().add_modifier(Modifier::BOLD)
}

/// The goal, and how far it is.
pub(super) fn goal(scene: &Scene, width: usize) -> Vec<Line<'static>> {
    let mut lines = wrapped(&format!("goal: {}", scene.goal), width, strong());
    let (sign, text, style) = match &scene.reached {
        Ok(seen) if scene.is_over() => ("✓", format!("reached: {seen}"), Style::default().fg(Color::Green)),
        Ok(seen) => {
            ("✓", format!("reached: what is left follows by itself, and {seen}"), Style::default().fg(Color::Green))
        }
        Err(seen) if scene.is_over() => ("✗", format!("not reached: {seen}"), Style::default().fg(Color::Red)),
        Err(seen) => ("·", format!("not reached: as it stands, {seen}"), faint()),
    };
    lines.extend(wrapped(&format!("{sign} {text}"), width, style));
    lines
}

/// The schedule that was played.
pub(super) fn schedule<S: Stage>(game: &Game<S>) -> Line<'static> {
    let (taken, known) = game.progress();
    let text = game.scene().taken().to_string();
    let text = if text.is_empty() { "(nothing played)".to_owned() } else { text };
    Line::from(vec![
        Span::raw("schedule: "),
        Span::styled(text, strong()),
        Span::styled(format!("   step {taken} of {known}"), faint()),
    ])
}

/// The threads, the objects, the output and the steps so far.
pub(super) fn stage(words: &render::Scene, width: usize) -> Vec<Line<'static>> {
    let mut lines = cards(&words.cards, width);
    if !words.objects.is_empty() {
        lines.push(Line::default());
        lines.extend(words.objects.iter().flat_map(|object| wrapped(object, width, Style::default())));
    }
    if !words.printed.is_empty() {
        lines.push(Line::default());
        lines.push(Line::styled("printed:", faint()));
        lines.extend(words.printed.iter().map(|line| Line::raw(cut(&format!("  {line}"), width))));
    }
    if !words.timeline.is_empty() {
        lines.push(Line::default());
        lines.extend(ansi::lines(&words.timeline));
    }
    lines
}

/// The cards side by side, in as many rows as it takes.
fn cards(cards: &[Card], width: usize) -> Vec<Line<'static>> {
    let beside = ((width + GAP) / (NARROWEST_CARD + GAP)).clamp(1, cards.len().max(1));
    let room = ((width + GAP) / beside).saturating_sub(GAP).clamp(1, WIDEST_CARD);
    let mut lines = Vec::new();
    for row in cards.chunks(beside) {
        let columns: Vec<Vec<(String, Style)>> = row.iter().map(|one| card(one, room)).collect();
        let height = columns.iter().map(Vec::len).max().unwrap_or(0);
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        for index in 0..height {
            let mut line = Line::default();
            for column in &columns {
                let (text, style) = column.get(index).cloned().unwrap_or_default();
                let pad = (room + GAP).saturating_sub(text.width());
                line.push_span(Span::styled(text, style));
                line.push_span(Span::raw(" ".repeat(pad)));
            }
            lines.push(line);
        }
    }
    lines
}

/// One thread: who it is, whether it can go on, its next step, and where that stands.
fn card(card: &Card, room: usize) -> Vec<(String, Style)> {
    let (sign, style) = match card.status {
        ThreadStatus::Ended => ("■", faint()),
        ThreadStatus::Panicked => ("✗", Style::default().fg(Color::Red)),
        _ if !card.choices.is_empty() => ("▶", Style::default().fg(Color::Green)),
        ThreadStatus::Blocked => ("⏸", Style::default().fg(Color::Yellow)),
        ThreadStatus::New | ThreadStatus::Ready => ("↷", faint()),
    };
    let name = card.name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
    let mut lines = vec![(cut(&format!("{}{name}", card.letter), room), strong())];
    let state = terminal::wrapped(&format!("{sign} {}", card.state), room, "  ");
    lines.extend(state.lines().map(|line| (cut(line, room), style)));
    if !card.next.is_empty() {
        lines.push((cut(&card.next, room), Style::default()));
    }
    if let Some(location) = &card.location {
        let source = card.source.as_ref().map_or_else(String::new, |source| format!(": {source}"));
        lines.push((cut(&format!("{}{source}", location.line), room), faint()));
    }
    for other in card.choices.iter().filter(|choice| choice.to_string() != card.letter) {
        lines.push((cut(&format!("or {other}: its time is up"), room), faint()));
    }
    lines
}

/// Words in lines of this style.
pub(super) fn wrapped(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    terminal::wrapped(text, width, "  ").lines().map(|line| Line::styled(line.to_owned(), style)).collect()
}

/// A text that fits; what does not is said by `…`.
fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if kept.width() + c.to_string().width() >= room {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(letter: &str, status: ThreadStatus, state: &str, choices: &[&str]) -> Card {
        let choices = choices.iter().map(|choice| choice.parse().expect("a schedule")).collect();
        let (next, source) = ("counter.set(1)".to_owned(), Some("COUNTER.set(seen + 1);".to_owned()));
        let state = state.to_owned();
        Card { letter: letter.into(), name: None, status, state, next, location: None, source, choices }
    }

    fn shown(width: usize) -> Vec<String> {
        let all = [
            one("b", ThreadStatus::Ready, "can go on", &["b"]),
            one("c", ThreadStatus::Blocked, "waits for fork1, held by b", &["c!"]),
        ];
        cards(&all, width).iter().map(|line| line.to_string().trim_end().to_owned()).collect()
    }

    #[test]
    fn cards_stand_side_by_side_while_there_is_room() {
        let wide = shown(60);
        assert_eq!(wide[0].split_whitespace().collect::<Vec<_>>(), ["b", "c"]);
        assert!(wide[1].starts_with("▶ can go on") && wide[1].ends_with("▶ waits for fork1, held by b"), "{wide:?}");
        assert!(wide.iter().any(|line| line.ends_with("or c!: its time is up")), "{wide:?}");
        let narrow = shown(20);
        assert_eq!((narrow[0].as_str(), narrow.iter().position(|line| line == "c")), ("b", Some(4)), "{narrow:?}");
        assert!(narrow.iter().all(|line| line.width() <= 20), "{narrow:?}");
    }

    #[test]
    fn a_text_that_is_too_wide_is_cut() {
        assert_eq!((cut("abc", 3), cut("abcd", 3)), ("abc".to_owned(), "ab…".to_owned()));
    }
}
