//! How `watch` looks: a heading, the task, the verdict, and the keys.

use std::fs;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::app::{App, Pane};
use crate::learner::State;
use crate::show::{lesson, markdown};
use crate::terminal;
use crate::tui::ansi;
use crate::verify::Picture;

/// The keys, for the last line of the screen.
pub(super) const KEYS: &str = "h hint · n next · p previous · l list · s skip · t task · r reset · u undo · o solution · \
    y play · e edit · c check · q quit";

/// With fewer rows than this the task has to be asked for.
const ROWS_FOR_TASK: u16 = 34;

/// How many columns the bar of progress takes.
const BAR: usize = 20;

fn faint() -> Style {
    Style::default().add_modifier(Modifier::DIM)
}

fn notice() -> Style {
    Style::default().fg(Color::Yellow)
}

/// Draws everything.
pub(super) fn draw(frame: &mut Frame<'_>, app: &mut App<'_>) {
    let area = frame.area();
    let width = usize::from(area.width);
    let mut top = heading(app, width);
    if area.height >= ROWS_FOR_TASK && app.pane == Pane::Verdict {
        top.push(Line::default());
        // Its title stands in the heading already.
        let mut task: Vec<Line<'static>> = task(app, width).into_iter().skip(2).collect();
        let room = usize::from(area.height / 3);
        if task.len() > room {
            task.truncate(room);
            task.push(Line::styled("… the rest: `t`", faint()));
        }
        top.extend(task);
    }
    top.extend([Line::default(), status(app), Line::default()]);
    let mut bottom = Vec::new();
    if let Some(message) = &app.message {
        bottom.extend(wrapped(message, width, notice()));
    }
    bottom.extend(wrapped(KEYS, width, faint()));
    let heights = [Constraint::Length(top.len() as u16), Constraint::Min(0), Constraint::Length(bottom.len() as u16)];
    let [above, middle, below] = Layout::vertical(heights).areas(area);
    let body = body(app, width);
    // What does not fit costs a line that says so.
    let is_cut = body.len() > usize::from(middle.height);
    let [middle, cut] = Layout::vertical([Constraint::Min(0), Constraint::Length(u16::from(is_cut))]).areas(middle);
    let hidden = (body.len() as u16).saturating_sub(middle.height);
    app.scroll = app.scroll.min(hidden);
    let scroll = match app.pane {
        // The chosen exercise is always in sight.
        Pane::List { chosen } => (chosen as u16 + 4).saturating_sub(middle.height).min(hidden),
        _ => app.scroll,
    };
    frame.render_widget(Paragraph::new(Line::styled(more(scroll, hidden - scroll), faint())), cut);
    frame.render_widget(Paragraph::new(top), above);
    frame.render_widget(Paragraph::new(body).scroll((scroll, 0)), middle);
    frame.render_widget(Paragraph::new(bottom), below);
}

/// How many lines are out of sight.
fn more(above: u16, below: u16) -> String {
    let above = (above > 0).then(|| format!("↑ {above}"));
    let below = (below > 0).then(|| format!("↓ {below} more lines"));
    [above, below].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Which exercise, how far the course is, and the files.
fn heading(app: &App<'_>, width: usize) -> Vec<Line<'static>> {
    let exercise = app.current;
    let (passed, all) = app.progress();
    let filled = passed * BAR / all.max(1);
    let title = format!(" {} · {} {}  {} ", exercise.number, exercise.name, exercise.stars(), exercise.kind.letters());
    let progress = Line::from(vec![
        Span::styled("█".repeat(filled), Style::default().fg(Color::Green)),
        Span::styled("░".repeat(BAR - filled), faint()),
        Span::raw(format!(" {passed} of {all} passed")),
        Span::styled(if app.hears_saves { "" } else { " · saves are looked for" }, faint()),
    ]);
    let file =
        format!("{}  task {}", app.places.shown(&exercise.work_file), app.places.shown(&exercise.file("task.md")));
    let mut lines = vec![Line::styled(title, Style::default().add_modifier(Modifier::REVERSED)), progress];
    lines.extend(wrapped(&file, width, faint()));
    lines
}

/// The verdict in a line.
pub(super) fn status(app: &App<'_>) -> Line<'static> {
    if let Some(since) = app.checking {
        let doing = if app.doing.is_empty() { "checking" } else { &app.doing };
        return Line::styled(format!("… {doing}, {:.1} s", since.elapsed().as_secs_f64()), notice());
    }
    let Some(checked) = &app.checked else { return Line::styled("not checked", faint()) };
    let summary = &checked.summary;
    let (sign, style) = match summary.verdict.is_passed() {
        true => ("✓", Style::default().fg(Color::Green).add_modifier(Modifier::BOLD)),
        false => ("✗", Style::default().fg(Color::Red).add_modifier(Modifier::BOLD)),
    };
    Line::from(vec![
        Span::styled(format!("{sign} {}", summary.verdict), style),
        Span::styled(format!("  {}", summary.checked), faint()),
    ])
}

/// What the pane shows.
pub(super) fn body(app: &App<'_>, width: usize) -> Vec<Line<'static>> {
    match &app.pane {
        Pane::Verdict => ansi::lines(&verdict(app, width)),
        Pane::Task => task(app, width),
        Pane::Hints { rungs, left } => hints(rungs, *left, width),
        Pane::List { chosen } => list(app, *chosen),
        Pane::Solution { source, after } => {
            let mut lines: Vec<Line<'static>> =
                source.trim_end().lines().map(|line| Line::raw(line.to_owned())).collect();
            lines.push(Line::default());
            lines.extend(text(after, width));
            lines
        }
    }
}

/// The verdict in full; what was learned, if it has passed.
pub(super) fn verdict(app: &App<'_>, width: usize) -> String {
    let Some(checked) = &app.checked else { return String::new() };
    let details = checked.details.read();
    let colors = terminal::has_colors();
    let exercise = app.current;
    let picture = Picture { exercise: &exercise.name, file: &exercise.work_file, places: app.places, width, colors };
    let drawn = picture.draw(&checked.summary, &details);
    if !checked.summary.verdict.is_passed() {
        return drawn;
    }
    let next = match app.learner.to_do() {
        Some(next) => format!("next: {} (`n`, or `l` for the list); our solution: `o`", next.name),
        None => "everything is passed: there is nothing left to do".to_owned(),
    };
    [drawn, lesson(exercise), next].iter().filter(|block| !block.is_empty()).cloned().collect::<Vec<_>>().join("\n\n")
}

fn task(app: &App<'_>, width: usize) -> Vec<Line<'static>> {
    text(&fs::read_to_string(app.current.file("task.md")).unwrap_or_default(), width)
}

fn hints(rungs: &[(&'static str, String)], left: usize, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (meaning, rung) in rungs {
        lines.push(Line::styled(*meaning, Style::default().add_modifier(Modifier::BOLD)));
        lines.extend(text(rung, width));
        lines.push(Line::default());
    }
    let more = match left {
        0 => "that is all; `o` twice gives up and shows our solution".to_owned(),
        1 => "one more hint: `h`".to_owned(),
        more => format!("{more} more hints: `h`"),
    };
    lines.push(Line::styled(more, faint()));
    lines
}

/// The course, an exercise a line.
fn list(app: &App<'_>, chosen: usize) -> Vec<Line<'static>> {
    let name_width = app.course.exercises().map(|exercise| exercise.name.len()).max().unwrap_or(0);
    let line = |(index, exercise): (usize, &crate::course::Exercise)| {
        let state = app.learner.state(exercise);
        let (sign, color) = match state {
            State::Passed => ("✓", Color::Green),
            State::Begun => ("·", Color::Yellow),
            State::GivenUp | State::Skipped | State::Fresh => (" ", Color::Reset),
        };
        let mark = if exercise.name == app.current.name { "▸" } else { " " };
        let rest =
            format!("{:>3} {:name_width$}  {:<3}  {}", exercise.number, exercise.name, exercise.stars(), state.word());
        let line = Line::from(vec![
            Span::raw(format!("{mark} ")),
            Span::styled(sign, Style::default().fg(color)),
            Span::raw(rest),
        ]);
        if index == chosen { line.style(Style::default().add_modifier(Modifier::REVERSED)) } else { line }
    };
    let head = [Line::styled("↑ ↓ choose · Enter go there · Esc back", faint()), Line::default()];
    head.into_iter().chain(app.course.exercises().enumerate().map(line)).collect()
}

/// A text of the course.
fn text(markdown_text: &str, width: usize) -> Vec<Line<'static>> {
    ansi::lines(&terminal::wrapped(&markdown(markdown_text), width, ""))
}

fn wrapped(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    terminal::wrapped(text, width, "  ").lines().map(|line| Line::styled(line.to_owned(), style)).collect()
}
