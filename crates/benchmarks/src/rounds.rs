//! Contenders in turns, and how their figures compare.

/// Somebody who can be measured again and again.
pub struct Contender<'a> {
    name: String,
    run: Box<dyn FnMut() -> f64 + 'a>,
}

impl<'a> Contender<'a> {
    /// One call of `run` is one round, and returns that round's figure.
    pub fn new(name: impl Into<String>, run: impl FnMut() -> f64 + 'a) -> Self {
        Self { name: name.into(), run: Box::new(run) }
    }
}

/// What the rounds of several contenders gave. The first one is ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    names: Vec<String>,
    /// The rounds of each contender.
    rounds: Vec<Vec<f64>>,
}

/// Measures all in turns, so many rounds; a first one, which warms up, does not count. Each round starts with another
/// contender, so that nobody always runs after the same one.
#[must_use]
pub fn interleaved(rounds: usize, mut contenders: Vec<Contender<'_>>) -> Figures {
    let count = contenders.len();
    let mut figures = vec![Vec::with_capacity(rounds); count];
    for round in 0..=rounds {
        for turn in 0..count {
            let index = (round + turn) % count;
            let figure = (contenders[index].run)();
            if round > 0 {
                figures[index].push(figure);
            }
        }
    }
    Figures { names: contenders.into_iter().map(|contender| contender.name).collect(), rounds: figures }
}

impl Figures {
    /// What rounds that were measured elsewhere gave: each contender's name and figures, ours first.
    #[must_use]
    pub fn of(rounds: impl IntoIterator<Item = (String, Vec<f64>)>) -> Self {
        let (names, rounds) = rounds.into_iter().unzip();
        Self { names, rounds }
    }

    /// Who they are of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Without this contender, from now on.
    pub fn leave_out(&mut self, name: &str) {
        if let Some(place) = self.names.iter().position(|other| other == name) {
            self.names.remove(place);
            self.rounds.remove(place);
        }
    }

    /// Our figure by itself.
    #[must_use]
    pub fn own(&self) -> Interval {
        Interval::of(&self.rounds[0], 1)
    }

    /// The median of our rounds.
    #[must_use]
    pub fn ours(&self) -> f64 {
        median(&self.rounds[0])
    }

    /// Each peer: its name, the median of its rounds, and the median of ours / peer of each round.
    pub fn peers(&self) -> impl Iterator<Item = (&str, f64, f64)> {
        let ours = &self.rounds[0];
        self.names.iter().zip(&self.rounds).skip(1).map(move |(name, theirs)| {
            let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(our, their)| our / their).collect();
            (name.as_str(), median(theirs), median(&ratios))
        })
    }

    /// The ratio of our figure to this peer's, over all rounds.
    ///
    /// # Panics
    ///
    /// If nobody has this name.
    #[must_use]
    pub fn beside(&self, peer: &str) -> Interval {
        self.beside_as_one_of(1, peer)
    }

    /// The same, for one of so many comparisons that are looked at together.
    ///
    /// # Panics
    ///
    /// If nobody has this name.
    #[must_use]
    pub fn beside_as_one_of(&self, comparisons: usize, peer: &str) -> Interval {
        let theirs = self.names.iter().position(|name| name == peer).expect("a contender's name");
        let ratios: Vec<f64> =
            self.rounds[0].iter().zip(&self.rounds[theirs]).map(|(our, their)| our / their).collect();
        Interval::of(&ratios, comparisons)
    }
}

/// A median, and between what figures the true one lies, with a probability of 95 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The median of the rounds.
    pub median: f64,
    /// The least that it may be.
    pub low: f64,
    /// The most.
    pub high: f64,
}

impl Interval {
    /// That of the median of these rounds: from the one to the other figure so many places from the ends. How many rounds
    /// are below the true median is as the heads of so many coins; nothing is assumed of how the figures are spread.
    ///
    /// Of a hundred intervals five are wrong. Where `comparisons` of them are looked at together, each is that much wider
    /// that all of them hold with 95 % (Bonferroni).
    ///
    /// # Panics
    ///
    /// If there is no round, or no comparison.
    #[must_use]
    pub fn of(rounds: &[f64], comparisons: usize) -> Self {
        assert!(comparisons > 0, "an interval is for one comparison at least");
        let mut sorted = rounds.to_vec();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len();
        // At either end: as likely as the true median may lie beyond it.
        let mut left = 0.05 / 2.0 / comparisons as f64;
        // How likely so many heads are: none at first.
        let mut likely = 0.5_f64.powi(count as i32);
        let mut low = 0;
        for heads in 0..count / 2 {
            left -= likely;
            if left < 0.0 {
                break;
            }
            low = heads;
            likely *= (count - heads) as f64 / (heads + 1) as f64;
        }
        Self { median: median(rounds), low: sorted[low], high: sorted[count - 1 - low] }
    }
}

/// The middle one of these figures.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// The mean for ratios: half as fast here and twice as fast there is 1.
#[must_use]
pub fn geometric_mean(ratios: &[f64]) -> f64 {
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_the_median_of_rounds_not_the_ratio_of_medians() {
        let mut ours = [0.0, 1.0, 10.0, 100.0].into_iter();
        let mut theirs = [0.0, 2.0, 10.0, 25.0].into_iter();
        let contenders = vec![
            Contender::new("ours", || ours.next().expect("a round")),
            Contender::new("peer", || theirs.next().expect("a round")),
        ];
        let figures = interleaved(3, contenders);
        assert_eq!(figures.ours(), 10.0);
        assert_eq!(figures.peers().collect::<Vec<_>>(), [("peer", 10.0, 1.0)]);
        let mut alone = figures.clone();
        alone.leave_out("peer");
        assert_eq!((alone.ours(), alone.peers().count()), (10.0, 0));
    }

    #[test]
    fn everybody_runs_in_every_round_and_starts_some() {
        let order = std::cell::RefCell::new(String::new());
        let contender = |letter: char| {
            let order = &order;
            Contender::new(letter, move || {
                order.borrow_mut().push(letter);
                0.0
            })
        };
        let _ = interleaved(2, vec![contender('a'), contender('b'), contender('c')]);
        assert_eq!(*order.borrow(), "abcbcacab");
    }

    #[test]
    fn an_interval_leaves_out_one_in_forty_at_either_end() {
        let rounds: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(Interval::of(&rounds, 1), Interval { median: 49.5, low: 39.0, high: 60.0 });
        assert_eq!(Interval::of(&[2.0, 1.0, 3.0], 1), Interval { median: 2.0, low: 1.0, high: 3.0 });
    }

    #[test]
    fn an_interval_is_wider_where_many_must_hold_together() {
        let rounds: Vec<f64> = (0..31).map(f64::from).collect();
        let ends = |comparisons| (Interval::of(&rounds, comparisons).low, Interval::of(&rounds, comparisons).high);
        assert_eq!([ends(1), ends(36)], [(9.0, 21.0), (6.0, 24.0)]);
    }

    #[test]
    fn means() {
        assert_eq!(median(&[3.0, 1.0]), 2.0);
        assert!((geometric_mean(&[0.5, 2.0]) - 1.0).abs() < 1e-12);
    }
}
