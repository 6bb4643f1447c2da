//! Wrong: with a pause the dough is ordered first on most days.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab";

pub fn main() {
    let kitchen = Arc::new(ThreadPool::new(1));
    let dough = Arc::new(Event::new().named("dough"));
    let mut baker = Thread::new({
        let (kitchen, dough) = (Arc::clone(&kitchen), Arc::clone(&dough));
        move || order_bread(&kitchen, &dough)
    })
    .name("baker");
    baker.start().expect("it was not started before");
    order_dough(&kitchen, &dough);
    baker.join().expect("the bread was ordered");
    println!("all is done");
}

/// Has the cook bake a bread, and waits for it.
fn order_bread(kitchen: &ThreadPool, dough: &Arc<Event>) {
    sleep(Duration::from_millis(10));
    let dough = Arc::clone(dough);
    let bread = kitchen.submit(move || {
        dough.wait();
        println!("the bread is baked");
    });
    bread.result().expect("the bread is baked");
}

/// Has the cook knead the dough, and waits for it.
fn order_dough(kitchen: &ThreadPool, dough: &Arc<Event>) {
    let dough = Arc::clone(dough);
    let kneading = kitchen.submit(move || {
        println!("the dough is kneaded");
        dough.set();
    });
    kneading.result().expect("the dough is kneaded");
}
