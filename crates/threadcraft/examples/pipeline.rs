//! A producer and a slower consumer with a bounded queue between them: the producer waits while it is full, the consumer
//! while it is empty, and nothing is lost.

use std::sync::Arc;

use threadcraft::prelude::*;
use threadcraft::println;

fn main() {
    println!("{:?}", run(10, 3, Duration::from_millis(5)));
}

/// What the consumer got.
pub(crate) fn run(messages: u32, room: usize, pause: Duration) -> Vec<u32> {
    let pipeline = Arc::new(Queue::new(room));
    let producer = spawn({
        let pipeline = Arc::clone(&pipeline);
        move || {
            for message in 0..messages {
                pipeline.put(message).expect("it is not shut down");
            }
            // No end marker in the queue, of which each consumer would need one.
            pipeline.shutdown(false);
        }
    });
    let consumer = spawn(move || {
        let mut got = Vec::new();
        while let Ok(message) = pipeline.get() {
            sleep(pause);
            got.push(message);
        }
        got
    });
    producer.join().expect("it only puts");
    consumer.join().expect("it only gets")
}
