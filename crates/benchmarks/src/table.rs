//! Tables in Markdown: ours, each peer, the target, and whether it is met.

use std::fmt;

use crate::Figures;

/// What ours / peer must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Lower is better.
    AtMost(f64),
    /// Higher is better.
    AtLeast(f64),
    /// Shown for comparison.
    None,
}

impl Target {
    /// Whether it is met, to the hundredth that a table shows; `None` if there is nothing to meet.
    #[must_use]
    pub fn is_met_by(self, ratio: f64) -> Option<bool> {
        let hundredths = |ratio: f64| (ratio * 100.0).round();
        match self {
            Self::AtMost(most) => Some(hundredths(ratio) <= hundredths(most)),
            Self::AtLeast(least) => Some(hundredths(ratio) >= hundredths(least)),
            Self::None => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "≤ {most:.2}"),
            Self::AtLeast(least) => write!(f, "≥ {least:.2}"),
            Self::None => f.write_str("–"),
        }
    }
}

/// The word for it in a table.
#[must_use]
pub fn met(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "yes",
        Some(false) => "**no**",
        None => "–",
    }
}

/// A column's heading, and whether it holds figures.
pub type Column = (&'static str, bool);

/// A table of any columns.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    lines: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), lines: Vec::new() }
    }

    /// An empty table of [`Row`]s: the form that most comparisons have. `unit` is what the figures are.
    #[must_use]
    pub fn of_rows() -> Self {
        Self::new(&[
            ("what", false),
            ("against", false),
            ("ours", true),
            ("peer", true),
            ("ours / peer", true),
            ("target", true),
            ("met", false),
        ])
    }

    /// One more line.
    ///
    /// # Panics
    ///
    /// If it does not have a text for each column.
    pub fn line(&mut self, cells: Vec<String>) {
        assert_eq!(cells.len(), self.columns.len(), "one text a column");
        self.lines.push(cells);
    }

    /// The cells of all lines.
    #[must_use]
    pub fn into_lines(self) -> Vec<Vec<String>> {
        self.lines
    }

    /// One line for each peer of these figures; `unit` follows the figures, and `target` says what is asked of whom.
    pub fn compare(&mut self, what: &str, unit: &str, figures: &Figures, target: impl Fn(&str) -> Target) {
        for (peer, theirs, ratio) in figures.peers() {
            let row = Row { what, peer, unit, ours: figures.ours(), theirs, ratio, target: target(peer) };
            self.line(row.cells());
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headings: Vec<&str> = self.columns.iter().map(|&(heading, _)| heading).collect();
        let rules: Vec<&str> = self.columns.iter().map(|&(_, figures)| if figures { "--:" } else { "---" }).collect();
        writeln!(f, "| {} |", headings.join(" | "))?;
        writeln!(f, "|{}|", rules.join("|"))?;
        self.lines.iter().try_for_each(|line| writeln!(f, "| {} |", line.join(" | ")))
    }
}

/// Ours beside one peer.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// What was measured.
    pub what: &'a str,
    /// Beside whom.
    pub peer: &'a str,
    /// Of both figures.
    pub unit: &'a str,
    /// Our figure.
    pub ours: f64,
    /// The peer's.
    pub theirs: f64,
    /// Ours / peer.
    pub ratio: f64,
    /// What it must be.
    pub target: Target,
}

impl Row<'_> {
    /// Its texts, for [`Table::of_rows`].
    #[must_use]
    pub fn cells(&self) -> Vec<String> {
        vec![
            self.what.to_owned(),
            self.peer.to_owned(),
            format!("{}{}", figure(self.ours), self.unit),
            format!("{}{}", figure(self.theirs), self.unit),
            if self.ratio < 0.1 { format!("{:.3}", self.ratio) } else { format!("{:.2}", self.ratio) },
            self.target.to_string(),
            met(self.target.is_met_by(self.ratio)).to_owned(),
        ]
    }
}

/// A figure with about three digits.
fn figure(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Contender, interleaved};

    #[test]
    fn a_table_says_who_meets_what() {
        let contenders = ["ours", "std", "floor"].map(|name| Contender::new(name, move || name.len() as f64 * 5.0));
        let mut table = Table::of_rows();
        let target = |peer: &str| if peer == "std" { Target::AtMost(1.0) } else { Target::None };
        table.compare("pair", " ns", &interleaved(3, contenders.into()), target);
        assert_eq!(
            table.to_string(),
            "| what | against | ours | peer | ours / peer | target | met |\n\
             |---|---|--:|--:|--:|--:|---|\n\
             | pair | std | 20.0 ns | 15.0 ns | 1.33 | ≤ 1.00 | **no** |\n\
             | pair | floor | 20.0 ns | 25.0 ns | 0.80 | – | – |\n"
        );
    }

    #[test]
    fn higher_can_be_better() {
        assert_eq!(Target::AtLeast(1.0).is_met_by(1.2), Some(true));
        assert_eq!(Target::AtMost(1.0).is_met_by(1.2), Some(false));
        assert_eq!(Target::None.is_met_by(1.2), None);
        assert_eq!(Target::AtMost(1.0).is_met_by(1.004), Some(true), "it is shown as 1.00");
        assert_eq!(Target::AtMost(1.0).is_met_by(1.006), Some(false));
    }
}
