//! The same steps in the order that is easiest to follow: with the fewest preemptions, then the fewest switches.
//!
//! Executions that differ only in the order of steps that do not depend on each other end alike. Among them this finds
//! the one that interrupts least: a shortest path (Dijkstra 1959) from "nothing is done" to "all is done", through all
//! that happens-before allows to be done first. Local changes do not get there: five philosophers that sit down from
//! left to right are interrupted five times, from right to left once, and every way in between is as long.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::engine::step::StepRecord;
use crate::schedule::Choice;
use crate::strategy::Order;

/// How many places the path may be searched through: more are given up.
const PLACES: usize = 20_000;

/// Preemptions, then switches.
type Cost = (u32, u32);

/// How much of each thread is done, and who went last.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    done: Vec<u32>,
    last: usize,
}

/// A place that was reached, by this step from that one.
struct Reached {
    place: Place,
    from: usize,
    step: usize,
}

/// The choices of these steps in their easiest order; `None` if there are too many orders.
///
/// The costs are those of the steps alone: whether a thread could have gone on after its last one is not known here,
/// so whoever takes the order looks at what it comes to.
pub(crate) fn easiest(steps: &[StepRecord]) -> Option<Vec<Choice>> {
    let order = Order::of(steps);
    let threads = order.threads();
    let mut of_thread: Vec<Vec<usize>> = vec![Vec::new(); threads];
    for (index, step) in steps.iter().enumerate() {
        of_thread[step.choice.thread].push(index);
    }
    let next = |place: &Place, thread: usize| of_thread[thread].get(place.done[thread] as usize).copied();
    let start = Place { done: vec![0; threads], last: 0 };
    let mut costs: HashMap<Place, Cost> = HashMap::from([(start.clone(), (0, 0))]);
    let mut reached = vec![Reached { place: start, from: 0, step: 0 }];
    let mut open = BinaryHeap::from([Reverse(((0, 0), 0))]);
    while let Some(Reverse((cost, index))) = open.pop() {
        let place = reached[index].place.clone();
        if costs[&place] < cost {
            continue;
        }
        let goes_on = next(&place, place.last).is_some_and(|step| order.is_able(step, &place.done));
        let mut all_done = true;
        for thread in 0..threads {
            let Some(step) = next(&place, thread) else { continue };
            all_done = false;
            if !order.comes_next(step, &place.done) {
                continue;
            }
            let mut place = place.clone();
            let switches = thread != std::mem::replace(&mut place.last, thread);
            place.done[thread] += 1;
            let cost = (cost.0 + u32::from(switches && goes_on), cost.1 + u32::from(switches));
            if costs.get(&place).is_none_or(|&known| cost < known) {
                open.push(Reverse((cost, reached.len())));
                costs.insert(place.clone(), cost);
                reached.push(Reached { place, from: index, step });
            }
        }
        if all_done {
            return Some(path(&reached, index).map(|step| steps[step].choice).collect());
        }
        if reached.len() > PLACES {
            return None;
        }
    }
    None
}

/// The steps that lead to a place.
fn path(reached: &[Reached], mut index: usize) -> impl Iterator<Item = usize> {
    let mut steps = Vec::new();
    while index != 0 {
        steps.push(reached[index].step);
        index = reached[index].from;
    }
    steps.into_iter().rev()
}
