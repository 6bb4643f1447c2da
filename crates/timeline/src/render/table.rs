//! A timeline as text: a column a thread where that fits, else a list.
//!
//! The layouts are tried from the richest to the poorest, and the first that fits the width is taken: source text at
//! the right; line numbers alone; narrower columns; a list of one line a step.

use std::collections::BTreeSet;

use super::names::{Names, number};
use super::rows::{Body, Ending, Meanwhile, Row};
use super::source::{Sources, file_name};
use super::style::{Paint, Style};
use super::text::{Line, harmless, quoted, width, wrap};
use crate::report::{Location, ThreadIndex};

/// Source text narrower than this says nothing.
const SOURCE_ROOM: usize = 18;

/// What a value may take at most.
const VALUE_ROOM: usize = 20;

/// The widths to which the columns of threads are cut, one after the other, before a list is drawn instead.
const COLUMN_WIDTHS: [usize; 3] = [usize::MAX, 24, 16];

/// In a list, a call is not cut below this.
const CALL_ROOM: usize = 24;

/// The space between columns.
const GAP: usize = 2;

/// The timeline of these rows.
pub(super) fn table(names: Names<'_>, rows: &[Row], sources: &mut Sources, style: &Style) -> Vec<Line> {
    if rows.is_empty() {
        return Vec::new();
    }
    let table = Table { names, rows, style, main_aside: false };
    let threads = table.threads();
    let places = table.places(sources);
    let beside = Table { main_aside: table.main_only_starts_and_ends(&threads), ..table };
    let columns = COLUMN_WIDTHS.iter().find_map(|&most| beside.columns(&threads, &places, most));
    let legend = table.legend(columns.is_some());
    let mut lines = columns.unwrap_or_else(|| table.list(&threads, &places));
    lines.extend(legend);
    lines
}

/// A column: its head and a cell a row.
struct Column {
    head: Line,
    cells: Vec<Line>,
}

impl Column {
    fn width(&self) -> usize {
        self.cells.iter().chain([&self.head]).map(Line::width).max().unwrap_or(0)
    }

    fn cut(self, most: usize) -> Self {
        Self { head: self.head.cut(most), cells: self.cells.into_iter().map(|cell| cell.cut(most)).collect() }
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.width() == 0)
    }
}

/// Where each row stands in the source: the number, and the text of the line if it can be read.
struct Places {
    numbers: Column,
    texts: Column,
}

struct Table<'a> {
    names: Names<'a>,
    rows: &'a [Row],
    style: &'a Style,
    /// Main has no column: its rows go over all columns.
    main_aside: bool,
}

impl Table<'_> {
    /// True if main does nothing while the others run, but for starting and joining them. A column of its own would
    /// be empty where it matters, and take the room of the source.
    fn main_only_starts_and_ends(&self, threads: &[ThreadIndex]) -> bool {
        let is_other = |row: &Row| matches!(row.body, Body::Call { thread: 1.., .. });
        let first = self.rows.iter().position(is_other).unwrap_or(0);
        let last = self.rows.iter().rposition(is_other).unwrap_or(0);
        let aside = |(index, row): (usize, &Row)| match &row.body {
            Body::Call { thread: 0, ending: Ending::Blocks, .. } => false,
            Body::Call { thread: 0, ending: Ending::Panics, .. } => index > last,
            Body::Call { thread: 0, text, .. } => !(first..last).contains(&index) || text.starts_with("join("),
            _ => true,
        };
        threads.len() > 2 && threads[0] == 0 && self.rows.iter().enumerate().all(aside)
    }

    /// The threads that do something in these rows.
    fn threads(&self) -> Vec<ThreadIndex> {
        let of = |row: &Row| match row.body {
            Body::Call { thread, .. } => Some(thread),
            _ => None,
        };
        self.rows.iter().filter_map(of).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn places(&self, sources: &mut Sources) -> Places {
        let files: BTreeSet<&str> =
            self.rows.iter().filter_map(|row| Some(row.location.as_ref()?.file.as_str())).collect();
        let number = |place: &Location| match files.len() {
            1 => place.line.to_string(),
            _ => format!("{}:{}", file_name(&place.file), place.line),
        };
        let mut numbers = Column { head: Line::of(Paint::Strong, "line"), cells: Vec::new() };
        let mut texts = Column { head: Line::of(Paint::Strong, "source"), cells: Vec::new() };
        for row in self.rows {
            let number = row.location.as_ref().map(number).unwrap_or_default();
            let text = row.location.as_ref().and_then(|place| sources.line(place, self.style));
            let mut cell = Line::of(Paint::Frame, number.clone());
            if let Some(text) = text {
                cell.put(Paint::Frame, ": ").put(Paint::Faint, text.trim());
            }
            texts.cells.push(cell);
            numbers.cells.push(Line::of(Paint::Frame, number));
        }
        Places { numbers, texts }
    }

    /// A column a thread, none wider than `most`; `None` if that does not fit.
    fn columns(&self, threads: &[ThreadIndex], places: &Places, most: usize) -> Option<Vec<Line>> {
        let shown = threads.iter().filter(|&&thread| !(self.main_aside && thread == 0));
        let columns: Vec<Column> = shown.map(|&thread| self.thread_column(thread).cut(most)).collect();
        if columns.len() > 1 && columns.iter().any(|column| column.width() > self.style.width / 2) {
            return None;
        }
        self.grid(columns, places)
    }

    fn thread_column(&self, thread: ThreadIndex) -> Column {
        let mut head = Line::of(Paint::Frame, self.names.letter(thread));
        if let Some(name) = self.names.given(thread) {
            head.put(Paint::Strong, format!(" {name}"));
        }
        Column { head, cells: self.rows.iter().map(|row| cell(row, thread)).collect() }
    }

    /// The margin, these columns, values and places side by side; `None` if they are too wide.
    fn grid(&self, columns: Vec<Column>, places: &Places) -> Option<Vec<Line>> {
        let margin = self.margin();
        let mut lines: Vec<Line> = Vec::with_capacity(self.rows.len() + 1);
        lines.push(Line::new());
        lines.extend(margin.cells.iter().cloned());
        let left = margin.width() + GAP;
        let right = columns.iter().fold(left, |end, column| end + column.width() + GAP) - GAP;
        let mut end = left;
        for column in columns {
            let width = column.width();
            append(&mut lines, column, end);
            end += width + GAP;
        }
        for (line, row) in lines[1..].iter_mut().zip(self.rows) {
            self.span(line, row, left, right);
        }
        let value = self.value_column();
        if !value.is_empty() {
            let width = value.width();
            append(&mut lines, value, end);
            end += width + GAP;
        }
        self.append_places(&mut lines, places, end)?;
        Some(lines)
    }

    /// The source at the right as far as there is room, and the marks after it; `None` if not even the line numbers fit.
    fn append_places(&self, lines: &mut [Line], places: &Places, end: usize) -> Option<()> {
        let room = self.style.width.saturating_sub(end);
        let numbers = self.with_marks(&places.numbers, usize::MAX);
        if numbers.is_empty() {
            return (end - GAP <= self.style.width).then_some(());
        }
        if room < numbers.width() {
            return None;
        }
        let texts = if room >= places.texts.width().min(SOURCE_ROOM) { &places.texts } else { &places.numbers };
        append(lines, self.with_marks(texts, room), end);
        Some(())
    }

    /// A column cut to this width, so that what is said of a row still fits after its cell.
    fn with_marks(&self, column: &Column, most: usize) -> Column {
        let cell = |(row, cell): (&Row, &Line)| {
            let Some(mark) = row.mark.as_deref().map(marked) else { return cell.clone().cut(most) };
            let mut line = cell.clone().cut(most.saturating_sub(width(&mark) + 1));
            if line.width() > 0 {
                line.put(Paint::Plain, " ");
            }
            line.with(Line::of(Paint::Wrong, mark))
        };
        Column { head: column.head.clone().cut(most), cells: self.rows.iter().zip(&column.cells).map(cell).collect() }
    }

    /// What does not belong to one thread goes over all columns.
    fn span(&self, line: &mut Line, row: &Row, left: usize, right: usize) {
        let over = match &row.body {
            Body::Call { thread: 0, .. } if self.main_aside => Line::of(Paint::Faint, "main: ").with(cell(row, 0)),
            Body::Call { .. } => return,
            Body::Clock(at) => Line::of(Paint::Notice, format!("⏱ {at} ")),
            Body::Gap(steps) => Line::of(Paint::Notice, format!("⋮ {steps}")),
        };
        let mut whole = self.margin_of(row);
        whole.pad_to(left).put_line(over.cut(right - left));
        if matches!(row.body, Body::Clock(_)) {
            let rule = "─".repeat(right.saturating_sub(whole.width()));
            whole.put(Paint::Faint, rule);
        }
        *line = whole;
    }

    fn margin(&self) -> Column {
        Column { head: Line::new(), cells: self.rows.iter().map(|row| self.margin_of(row)).collect() }
    }

    fn margin_of(&self, row: &Row) -> Line {
        let digits = self.rows.iter().map(|row| numbers(row).chars().count()).max().unwrap_or(1);
        let mut line = Line::of(Paint::Notice, if row.repeats { "↻" } else { " " });
        line.put(Paint::Notice, if row.preempts { "↯ " } else { "  " });
        line.put(Paint::Frame, format!("{:>digits$}", numbers(row)));
        line
    }

    /// The values of the objects touched: bare under the name of the object if it is a single one.
    fn value_column(&self) -> Column {
        let objects: BTreeSet<_> = self.rows.iter().filter_map(|row| Some(row.value.as_ref()?.0)).collect();
        let single = (objects.len() == 1).then(|| self.names.object(*objects.first().expect("there is one")));
        let cell = |row: &Row| match &row.value {
            None => Line::new(),
            Some((_, value)) if single.is_some() => Line::of(Paint::Plain, quoted(value)),
            Some((object, value)) => {
                let mut line = Line::of(Paint::Faint, format!("{} = ", self.names.object(*object)));
                line.put(Paint::Plain, harmless(value));
                line
            }
        };
        let head = Line::of(Paint::Strong, single.clone().unwrap_or_else(|| "value".to_owned()));
        Column { head, cells: self.rows.iter().map(cell).collect() }.cut(VALUE_ROOM)
    }

    /// One line a step.
    fn list(&self, threads: &[ThreadIndex], places: &Places) -> Vec<Line> {
        let who = |row: &Row, named: bool| match row.body {
            Body::Call { thread, .. } if named => self.thread_column(thread).head,
            Body::Call { thread, .. } => Line::of(Paint::Frame, self.names.letter(thread)),
            _ => Line::new(),
        };
        let what = |row: &Row| match row.body {
            Body::Call { thread, .. } => cell(row, thread),
            _ => Line::new(),
        };
        for named in [true, false] {
            let who = Column { head: Line::new(), cells: self.rows.iter().map(|row| who(row, named)).collect() };
            let what = Column { head: Line::new(), cells: self.rows.iter().map(what).collect() };
            let what = what.cut((self.style.width / 2).max(CALL_ROOM));
            if let Some(lines) = self.grid(vec![who, what], places) {
                let key = if named { Vec::new() } else { self.key(threads) };
                return key.into_iter().chain(lines.into_iter().skip(1)).collect();
            }
        }
        self.narrow_list(threads)
    }

    /// One step in as many lines as it takes.
    fn narrow_list(&self, threads: &[ThreadIndex]) -> Vec<Line> {
        let mut lines = self.key(threads);
        for row in self.rows {
            let (letter, text) = match &row.body {
                Body::Call { thread, .. } => (self.names.letter(*thread), cell(row, *thread).into_text()),
                Body::Clock(at) => ("⏱".to_owned(), at.clone()),
                Body::Gap(steps) => ("⋮".to_owned(), steps.clone()),
            };
            let text = row.mark.iter().fold(text, |text, mark| format!("{text} {}", marked(mark)));
            let mut head = self.margin_of(row);
            head.put(Paint::Frame, format!(" {letter} "));
            let indent = head.width();
            for (index, text) in wrap(&text, self.style.width.saturating_sub(indent)).into_iter().enumerate() {
                let mut line = if index == 0 { head.clone() } else { Line::new() };
                line.pad_to(indent).put(Paint::Plain, text);
                lines.push(line);
            }
        }
        lines
    }

    /// Which letter is which thread, for lists without names.
    fn key(&self, threads: &[ThreadIndex]) -> Vec<Line> {
        let named = threads.iter().filter_map(|&thread| {
            let name = self.names.given(thread)?;
            Some(format!("{} = {name}", self.names.letter(thread)))
        });
        let text = named.collect::<Vec<_>>().join(", ");
        if text.is_empty() {
            return Vec::new();
        }
        wrap(&text, self.style.width.saturating_sub(3))
            .into_iter()
            .map(|text| Line::of(Paint::Faint, format!("   {text}")))
            .collect()
    }

    /// What the signs mean that were used and do not explain themselves.
    fn legend(&self, columns: bool) -> Vec<Line> {
        let any = |test: &dyn Fn(&Row) -> bool| self.rows.iter().any(test);
        let ends = |wanted: Ending| any(&|row| matches!(row.body, Body::Call { ending, .. } if ending == wanted));
        let meanwhile =
            |test: &dyn Fn(&Meanwhile) -> bool| columns && self.rows.iter().any(|row| others(row).any(test));
        let signs = [
            (meanwhile(&|state| matches!(state, Meanwhile::Holds(_))), "│ holds"),
            (ends(Ending::Blocks), "⏸ blocks"),
            (meanwhile(&|state| *state == Meanwhile::Blocked), "┊ is blocked"),
            (ends(Ending::GoesOn), "▶ goes on"),
            (ends(Ending::Refused), "✗ is refused"),
            (any(&|row| row.preempts), "↯ interrupts a thread that could go on"),
        ];
        let used = signs.into_iter().filter_map(|(used, text)| used.then_some(text)).collect::<Vec<_>>();
        if used.is_empty() {
            return Vec::new();
        }
        let indent = self.margin().width() + GAP;
        let room = self.style.width.saturating_sub(indent);
        let mut lines: Vec<String> = Vec::new();
        for entry in used {
            match lines.last_mut() {
                Some(last) if width(last) + GAP + width(entry) <= room => *last = format!("{last}  {entry}"),
                _ => lines.extend(wrap(entry, room)),
            }
        }
        lines.into_iter().map(|text| Line::of(Paint::Faint, " ".repeat(indent) + &text)).collect()
    }
}

/// The text of a mark beside its row.
fn marked(mark: &str) -> String {
    format!("← {mark}")
}

/// What the threads are doing whose columns show it: all but the one whose row it is.
fn others(row: &Row) -> impl Iterator<Item = &Meanwhile> {
    let own = match row.body {
        Body::Call { thread, .. } => Some(thread),
        _ => None,
    };
    let other = move |thread: usize| own.is_some_and(|own| own != thread);
    row.meanwhile.iter().enumerate().filter_map(move |(thread, state)| other(thread).then_some(state))
}

/// Puts a column to the right of what stands there.
fn append(lines: &mut [Line], column: Column, at: usize) {
    for (line, cell) in lines.iter_mut().zip(std::iter::once(column.head).chain(column.cells)) {
        line.pad_to(at).put_line(cell);
    }
}

/// What stands in a row in the column of a thread.
fn cell(row: &Row, of: ThreadIndex) -> Line {
    match &row.body {
        Body::Call { thread, text, ending, times } if *thread == of => {
            let mut line = Line::of(if *ending == Ending::Panics { Paint::Wrong } else { Paint::Plain }, text.clone());
            if *times > 1 {
                line.put(Paint::Faint, format!(" ×{times}"));
            }
            if let Some(sign) = ending.sign() {
                let paint = if *ending == Ending::GoesOn { Paint::Right } else { Paint::Notice };
                line.put(paint, format!(" {sign}"));
            }
            line
        }
        _ => match row.meanwhile.get(of) {
            Some(Meanwhile::Holds(objects)) => Line::of(Paint::Faint, "│".repeat(*objects)),
            Some(Meanwhile::Blocked) => Line::of(Paint::Faint, "┊"),
            _ => Line::new(),
        },
    }
}

/// The numbers of the steps of a row, as they are shown.
fn numbers(row: &Row) -> String {
    match row.steps.len() {
        _ if matches!(row.body, Body::Gap(_)) => String::new(),
        1 => number(row.steps.start).to_string(),
        _ => format!("{}–{}", number(row.steps.start), row.steps.end),
    }
}
