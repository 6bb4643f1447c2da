//! The table of a comparison with what is known of its noise: a target may be met, missed, or beyond what can be told.

use crate::{Figures, Interval, Python, Row, Table, Target};

/// What is said of these tables, once.
pub const LEGEND: &str = "\"95 %\" is where the true median of ours / peer lies, with that probability. Met: \
     \"yes\"; \"tie\", if it is missed by less than can be told from noise, as the interval reaches the target; \
     \"floor\", if ours cannot be told from the floor of the same table, the least that the work takes with the features \
     left out, or, beside Python, if that floor misses the target itself; or \"no\".";

/// An empty one.
#[must_use]
pub fn table() -> Table {
    Table::new(&[
        ("what", false),
        ("against", false),
        ("ours", true),
        ("peer", true),
        ("ours / peer", true),
        ("95 %", true),
        ("target", true),
        ("met", false),
    ])
}

/// One line for each peer; `floor` is the name of the one that is the least that can be done, if there is such a one.
pub fn compare(
    table: &mut Table,
    what: &str,
    unit: &str,
    figures: &Figures,
    floor: Option<&str>,
    target: impl Fn(&str) -> Target,
) {
    let at_floor = floor.is_some_and(|floor| figures.beside(floor).low <= 1.0);
    for (peer, theirs, ratio) in figures.peers() {
        let (target, interval) = (target(peer), figures.beside(peer));
        let row = Row { what, peer, unit, ours: figures.ours(), theirs, ratio, target };
        let mut cells = row.cells();
        let verdict = verdict(target, interval, at_floor);
        *cells.last_mut().expect("a row has cells") = verdict.to_owned();
        cells.insert(5, shown(interval));
        table.line(cells);
    }
}

/// Ours beside Python, which ran in a process of its own: no rounds to compare, and no noise that would matter. With a
/// floor, Python beside that, too.
pub fn compare_python(
    python: &Python,
    unit: &str,
    table: &mut Table,
    what: &str,
    figures: &Figures,
    floor: Option<&str>,
    name: &str,
) {
    let mut rows = Table::of_rows();
    python.compare(unit, &mut rows, what, figures, floor, name);
    for mut cells in rows.into_lines() {
        cells.insert(5, "–".to_owned());
        table.line(cells);
    }
}

/// As it stands in a table.
#[must_use]
pub fn shown(interval: Interval) -> String {
    format!("{:.2}–{:.2}", interval.low, interval.high)
}

/// Whether the target is met.
#[must_use]
pub fn verdict(target: Target, interval: Interval, at_floor: bool) -> &'static str {
    let best = if matches!(target, Target::AtLeast(_)) { interval.high } else { interval.low };
    match target.is_met_by(interval.median) {
        None => "–",
        Some(true) => "yes",
        Some(false) if target.is_met_by(best) == Some(true) => "tie",
        Some(false) if at_floor => "floor",
        Some(false) => "**no**",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_met_missed_or_within_the_noise() {
        let interval = |low, median, high| Interval { median, low, high };
        assert_eq!(verdict(Target::AtMost(1.0), interval(0.9, 0.95, 1.2), false), "yes");
        assert_eq!(verdict(Target::AtMost(1.0), interval(0.99, 1.02, 1.03), false), "tie");
        assert_eq!(verdict(Target::AtMost(1.0), interval(1.01, 1.02, 1.03), false), "**no**");
        assert_eq!(verdict(Target::AtMost(1.0), interval(1.01, 1.02, 1.03), true), "floor");
        assert_eq!(verdict(Target::AtLeast(1.0), interval(0.8, 0.9, 1.1), false), "tie");
        assert_eq!(verdict(Target::AtLeast(1.0), interval(0.8, 0.9, 0.95), false), "**no**");
        assert_eq!(verdict(Target::None, interval(1.0, 1.0, 1.0), true), "–");
    }
}
