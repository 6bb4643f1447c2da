//! Wrong: the second card is put in when the first has been answered.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab2c2";

pub fn main() {
    let balance = Arc::new(Lock::new(100).named("balance"));
    let paid = [(); 2].map(|()| {
        let balance = Arc::clone(&balance);
        spawn(move || withdraw(&balance, 80)).join().expect("the machine answered")
    });
    println!("meanwhile: {}", balance.lock());

    let times = paid.into_iter().filter(|&paid| paid).count();
    println!("paid {times} times, balance = {}", balance.lock());
}

/// True if the amount is paid.
fn withdraw(balance: &Lock<i32>, amount: i32) -> bool {
    let enough = *balance.lock() >= amount;
    if enough {
        *balance.lock() -= amount;
    }
    enough
}
