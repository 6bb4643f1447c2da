//! The word, step by step, as one thread after the other would change it.

use super::*;

fn semaphore(permits: u32) -> RawSemaphore {
    RawSemaphore::new(permits, "semaphore")
}

/// Announces that it sleeps, and is woken in vain: where it stands then, and the word that it left.
fn woken_in_vain(semaphore: &RawSemaphore, place: Place) -> (Place, u32) {
    match semaphore.take_or_announce(1, place) {
        Turn::Announced { word, place } => (place.woken(), word),
        Turn::Taken { .. } => panic!("there is a permit"),
    }
}

#[test]
fn who_is_woken_in_vain_becomes_the_front_and_closes_the_door_after_three_more_times() {
    let semaphore = semaphore(0);
    let mut place = Place::Newcomer;
    let words: Vec<u32> = (0..6)
        .map(|_| {
            let word;
            (place, word) = woken_in_vain(&semaphore, place);
            word
        })
        .collect();
    let (front, closed) = (CALL | FRONT, CALL | FRONT | CLOSED);
    assert_eq!(words, [CALL, front, front, front, closed, closed]);
    assert_eq!(semaphore.add(1, MAX_PERMITS), Ok(1));
    assert_eq!(semaphore.try_take(1), Err(1 | FRONT | CLOSED), "it is kept for the front");
    assert!(matches!(semaphore.take_or_announce(1, place), Turn::Taken { word: CALL }), "others may sleep");
}

#[test]
fn one_is_the_front_and_who_else_is_woken_in_vain_is_not() {
    let semaphore = semaphore(0);
    assert_eq!(woken_in_vain(&semaphore, Place::Woken).0, Place::Front { in_vain: 1 });
    assert_eq!(woken_in_vain(&semaphore, Place::Woken).0, Place::Woken);
}

#[test]
fn a_front_that_gives_up_opens_the_door_and_leaves_a_call() {
    let semaphore = semaphore(1);
    let front = Place::Front { in_vain: PATIENCE };
    assert!(matches!(semaphore.take_or_announce(2, front), Turn::Announced { .. }));
    assert!(semaphore.try_take(1).is_err());
    semaphore.give_up(front);
    assert_eq!(semaphore.try_take(1), Ok(CALL));
    semaphore.give_up(Place::Woken);
    assert_eq!(semaphore.word.load(Ordering::Relaxed), CALL, "only the front leaves something");
}

#[test]
fn a_guess_of_the_word_may_be_right_or_wrong_and_nothing_is_lost() {
    let semaphore = semaphore(3);
    let left = semaphore.try_take(2).expect("they are there");
    assert_eq!(semaphore.add_after(left, 2, 3), Ok(3));
    let left = semaphore.try_take(2).expect("they are there");
    assert_eq!(semaphore.try_take(1), Ok(0));
    assert_eq!(semaphore.add_after(left, 2, 3), Ok(2), "one is taken since");
    let left = semaphore.try_take(1).expect("they are there");
    assert!(matches!(semaphore.take_or_announce(2, Place::Newcomer), Turn::Announced { .. }));
    assert_eq!(semaphore.add_after(left, 1, 3), Ok(2), "somebody sleeps since");
    assert_eq!(semaphore.word.load(Ordering::Relaxed), 2, "and was called");
    let left = semaphore.try_take(2).expect("they are there");
    assert_eq!(semaphore.add(3, 3), Ok(3));
    assert_eq!(semaphore.add_after(left, 2, 3), Err(3), "above the limit, as others have released too many");
    assert_eq!(semaphore.available(), 3);
}

#[test]
fn waiters_on_real_threads_get_what_is_released() {
    let semaphore = semaphore(0);
    std::thread::scope(|scope| {
        let waiters = [2, 1, 1].map(|wanted| {
            let semaphore = &semaphore;
            scope.spawn(move || semaphore.take_waiting_for_ever(wanted))
        });
        for _ in 0..4 {
            semaphore.add(1, MAX_PERMITS).expect("there is room");
            std::thread::yield_now();
        }
        for waiter in waiters {
            waiter.join().expect("it only waits");
        }
    });
    assert_eq!(semaphore.available(), 0);
    assert_eq!(semaphore.take_waiting(1, Instant::after(core::time::Duration::from_millis(1))), None);
}
