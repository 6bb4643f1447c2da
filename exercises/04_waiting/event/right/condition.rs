//! Right: the spectator waits in a condition of the lock, so no event is needed.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Board {
    points: Lock<u32>,
    scored: Condition,
}

pub fn main() {
    let board = Arc::new(Board { points: Lock::new(0).named("points"), scored: Condition::new().named("scored") });
    let keeper = spawn({
        let board = Arc::clone(&board);
        move || {
            goal(&board);
            goal(&board);
        }
    });
    let spectator = spawn({
        let board = Arc::clone(&board);
        move || println!("the board says {}", look(&board))
    });
    keeper.join().expect("the keeper went home");
    spectator.join().expect("the spectator went home");
}

/// A goal counts two points, and each is a stroke of chalk.
fn goal(board: &Board) {
    let mut points = board.points.lock();
    *points += 2;
    board.scored.notify_all(&mut points);
}

/// Waits for the first goal, and reads.
fn look(board: &Board) -> u32 {
    let mut points = board.points.lock();
    board.scored.wait_while(&mut points, |points| *points == 0);
    *points
}
