//! A kitchen with one cook.

use std::sync::Arc;

use threadcraft::prelude::*;

// TODO: first the schedule on which the kitchen stands still, one letter a step …
pub const SCHEDULE: &str = "";

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
    // TODO: … then mend this, so that there is no such schedule.
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
