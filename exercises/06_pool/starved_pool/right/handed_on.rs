//! Right: whoever finishes the dough hands in the next job, so no job ever waits.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab";

/// What is handed in when the dough is ready.
type Next = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Dough {
    is_kneaded: bool,
    next: Option<Next>,
}

pub fn main() {
    let kitchen = Arc::new(ThreadPool::new(1));
    let dough = Arc::new(Lock::new(Dough::default()).named("dough"));
    let mut baker = Thread::new({
        let (kitchen, dough) = (Arc::clone(&kitchen), Arc::clone(&dough));
        move || order_bread(&kitchen, &dough)
    })
    .name("baker");
    baker.start().expect("it was not started before");
    kitchen.submit(move || {
        println!("the dough is kneaded");
        let next = {
            let mut dough = dough.lock();
            dough.is_kneaded = true;
            dough.next.take()
        };
        if let Some(bake) = next {
            bake();
        }
    });
    baker.join().expect("the bread was ordered");
    kitchen.shutdown(Shutdown::Wait);
    println!("all is done");
}

fn order_bread(kitchen: &ThreadPool, dough: &Lock<Dough>) {
    let bake = || println!("the bread is baked");
    let mut dough = dough.lock();
    if dough.is_kneaded {
        drop(dough);
        kitchen.submit(bake);
    } else {
        dough.next = Some(Box::new(bake));
    }
}
