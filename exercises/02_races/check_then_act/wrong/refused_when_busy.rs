//! Wrong: whoever finds the account in use is told that there is not enough; it may be main that looks.

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
    let Some(mut balance) = balance.try_lock() else { return false };
    let enough = *balance >= amount;
    if enough {
        *balance -= amount;
    }
    enough
}
