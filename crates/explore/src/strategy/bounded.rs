//! Depth-first search over all choices, with at most so many preemptions (Musuvathi and Qadeer 2007).
//!
//! Most bugs need few preemptions, so going through bounds 0, 1, 2, 3 finds them early and simply explained. Without a
//! bound it is the full search, against which every cleverer one is tested.

use super::shard::{Divide as _, Prefix};
use super::{Decision, Point, Strategy};
use crate::Shard;
use crate::engine::state::Object;
use crate::engine::step::StepRecord;
use crate::schedule::Choice;

/// How often, in one execution of the full search, somebody goes on who would let others go first. A loop without end
/// comes this far, and is not searched further: then not all was seen.
const ROUNDS: u32 = 16;

/// Depth-first search.
pub(crate) struct Bounded {
    bound: Option<u32>,
    shard: Shard,
    nodes: Vec<Node>,
    began: bool,
    cut: bool,
    done: bool,
}

/// One point of the execution at hand.
struct Node {
    /// All that could happen there.
    options: Vec<Choice>,
    /// What to try, with its cost: the default first, then the others in order.
    order: Vec<(Choice, u32)>,
    tried: usize,
    /// What was spent before this point.
    spent: u32,
    /// How often somebody went on who would have let others go first.
    rounds: u32,
    prefix: Prefix,
}

impl Bounded {
    /// With at most `bound` preemptions.
    pub(crate) fn new(bound: u32, shard: Shard) -> Self {
        Self { bound: Some(bound), ..Self::full(shard) }
    }

    /// Without a bound.
    pub(crate) fn full(shard: Shard) -> Self {
        Self { bound: None, shard, nodes: Vec::new(), began: false, cut: false, done: false }
    }
}

impl Strategy for Bounded {
    fn begin(&mut self) -> bool {
        if !std::mem::replace(&mut self.began, true) {
            return true;
        }
        while let Some(node) = self.nodes.last_mut() {
            node.tried += 1;
            if node.tried < node.order.len() {
                return true;
            }
            self.nodes.pop();
        }
        self.done = true;
        false
    }

    fn choose(&mut self, point: &Point<'_>) -> Decision {
        if let Some(node) = self.nodes.get(point.step) {
            if node.options != point.options {
                return Decision::Uncontrolled(super::differs(point.step, &node.options, point.options));
            }
            return Decision::Take(node.order[node.tried].0);
        }
        debug_assert_eq!(self.nodes.len(), point.step, "every step is a node");
        let (spent, rounds, prefix) = self.nodes.last().map_or_else(Default::default, |node| {
            let (choice, cost) = node.order[node.tried];
            let prefix = self.shard.then(node.prefix, node.order.len(), node.tried);
            (node.spent + cost, node.rounds + u32::from(!node.options.contains(&choice)), prefix)
        });
        if !self.shard.owns(prefix) {
            return Decision::Redundant;
        }
        // That who lets others go first goes on at once, as a loop does that gives up, only the full search tries.
        let goes_round = self.bound.is_none() && rounds < ROUNDS;
        let held = if goes_round { point.held } else { &[] };
        self.cut |= held.len() < point.held.len();
        let default = point.default();
        let mut order = vec![(default, point.cost(default))];
        for &option in point.options.iter().chain(held).filter(|&&option| option != default) {
            if self.bound.is_some_and(|bound| spent + point.cost(option) > bound) {
                self.cut = true;
            } else {
                order.push((option, point.cost(option)));
            }
        }
        self.nodes.push(Node { options: point.options.to_vec(), order, tried: 0, spent, rounds, prefix });
        Decision::Take(default)
    }

    fn ended(&mut self, steps: &[StepRecord], _: &[Object]) {
        self.nodes.truncate(steps.len());
    }

    fn exhausted(&self) -> bool {
        self.done && !self.cut
    }
}
