//! Two withdrawals of 80 from an account with 100; the lock is held from the look to the taking.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab2c2";

pub fn main() {
    let balance = Arc::new(Lock::new(100).named("balance"));
    let cards = [(); 2].map(|()| {
        let balance = Arc::clone(&balance);
        spawn(move || withdraw(&balance, 80))
    });
    println!("meanwhile: {}", balance.lock());

    let paid = cards.map(|card| card.join().expect("the machine answered"));
    let times = paid.into_iter().filter(|&paid| paid).count();
    println!("paid {times} times, balance = {}", balance.lock());
}

/// True if the amount is paid.
fn withdraw(balance: &Lock<i32>, amount: i32) -> bool {
    let mut balance = balance.lock();
    let enough = *balance >= amount;
    if enough {
        *balance -= amount;
    }
    enough
}
