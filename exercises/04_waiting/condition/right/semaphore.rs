//! Right: a semaphore counts the loaves, and its `acquire` is the wait and the taking in one.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab2d3c";

struct Shop {
    loaves: Semaphore,
}

pub fn main() {
    let shop = Arc::new(Shop { loaves: Semaphore::new(0).named("loaves") });
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
        shop.loaves.release(1);
    }
}

/// Takes a loaf if there is one.
fn pass_by(shop: &Shop) {
    if let Some(loaf) = shop.loaves.try_acquire() {
        loaf.forget();
        println!("the passer-by leaves {}", shop.loaves.available_permits());
    }
}

/// Takes a loaf, once there is one.
fn buy(shop: &Shop) {
    shop.loaves.acquire().forget();
    println!("the customer leaves {}", shop.loaves.available_permits());
}
