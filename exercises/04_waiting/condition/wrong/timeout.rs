//! Wrong: a timeout is no loop; whoever was woken for nothing does not look again.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab2d3c";

struct Shop {
    loaves: Lock<i32>,
    baked: Condition,
}

pub fn main() {
    let shop = Arc::new(Shop { loaves: Lock::new(0).named("loaves"), baked: Condition::new().named("baked") });
    let [customer, passer_by, baker] = [buy, pass_by, bake].map(|doing| {
        let shop = Arc::clone(&shop);
        spawn(move || doing(&shop))
    });
    customer.join().expect("the customer has a loaf");
    passer_by.join().expect("the passer-by is gone");
    baker.join().expect("two loaves were baked");
}

fn bake(shop: &Shop) {
    for _ in 0..2 {
        let mut loaves = shop.loaves.lock();
        *loaves += 1;
        shop.baked.notify_one(&mut loaves);
    }
}

/// Takes a loaf if there is one.
fn pass_by(shop: &Shop) {
    let mut loaves = shop.loaves.lock();
    if *loaves > 0 {
        *loaves -= 1;
        println!("the passer-by leaves {loaves}");
    }
}

/// Takes a loaf, once there is one.
fn buy(shop: &Shop) {
    let mut loaves = shop.loaves.lock();
    if *loaves == 0 {
        shop.baked.wait_for(&mut loaves, Duration::from_millis(100));
    }
    *loaves -= 1;
    println!("the customer leaves {loaves}");
}
