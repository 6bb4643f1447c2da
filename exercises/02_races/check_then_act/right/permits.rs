//! Right: a semaphore counts what is there; to take eighty at once, or nothing, is one call of it.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ac2b";

pub fn main() {
    let balance = Arc::new(Semaphore::new(100).named("balance"));
    let cards = [(); 2].map(|()| {
        let balance = Arc::clone(&balance);
        spawn(move || withdraw(&balance, 80))
    });
    println!("meanwhile: {}", balance.available_permits());

    let paid = cards.map(|card| card.join().expect("the machine answered"));
    let times = paid.into_iter().filter(|&paid| paid).count();
    println!("paid {times} times, balance = {}", balance.available_permits());
}

/// True if the amount is paid.
fn withdraw(balance: &Semaphore, amount: u32) -> bool {
    balance.try_acquire_many(amount).map(Permit::forget).is_some()
}
