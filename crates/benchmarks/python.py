"""What Python's threads need for the work that the group `primitives` measures.

Prints the version, and then a name and the nanoseconds of one operation on each line: medians of some rounds.
"""

import os
import platform
import statistics
import threading
import time

ROUNDS = 7


def median(measure):
    """The median of some rounds, after one that warms up."""
    measure()
    return statistics.median(measure() for _ in range(ROUNDS))


def pairs(lock, times=50_000):
    """Taking and giving back what nobody else wants."""
    started = time.perf_counter_ns()
    for _ in range(times):
        with lock:
            pass
    return (time.perf_counter_ns() - started) / times


def contended(threads, times=20_000):
    """Several threads that count under one lock."""
    lock = threading.Lock()
    total = 0

    def count():
        nonlocal total
        for _ in range(times):
            with lock:
                total += 1

    workers = [threading.Thread(target=count) for _ in range(threads)]
    started = time.perf_counter_ns()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter_ns() - started
    assert total == threads * times
    return took / total


def ping_pong(times=2_000):
    """Two events between two threads on one core: one round trip."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    ping, pong = threading.Event(), threading.Event()

    def answer():
        for _ in range(times):
            ping.wait()
            ping.clear()
            pong.set()

    other = threading.Thread(target=answer)
    other.start()
    started = time.perf_counter_ns()
    for _ in range(times):
        ping.set()
        pong.wait()
        pong.clear()
    took = time.perf_counter_ns() - started
    other.join()
    os.sched_setaffinity(0, allowed)
    return took / times


def turns(times=2_000):
    """Two conditions of one lock between two threads on one core: one round trip."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    lock = threading.Lock()
    conditions = [threading.Condition(lock), threading.Condition(lock)]
    turn = 0

    def take_turns(mine):
        nonlocal turn
        for _ in range(times):
            with lock:
                while turn != mine:
                    conditions[mine].wait()
                turn = 1 - mine
                conditions[turn].notify()

    other = threading.Thread(target=take_turns, args=(1,))
    other.start()
    started = time.perf_counter_ns()
    take_turns(0)
    took = time.perf_counter_ns() - started
    other.join()
    os.sched_setaffinity(0, allowed)
    return took / times


def phases(parties, times=500):
    """Threads on one core that meet at a barrier: one phase."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    barrier = threading.Barrier(parties)

    def meet():
        for _ in range(times):
            barrier.wait()

    others = [threading.Thread(target=meet) for _ in range(parties - 1)]
    for other in others:
        other.start()
    started = time.perf_counter_ns()
    meet()
    took = time.perf_counter_ns() - started
    for other in others:
        other.join()
    os.sched_setaffinity(0, allowed)
    return took / times


print(platform.python_version())
print("lock", median(lambda: pairs(threading.Lock())))
print("rlock", median(lambda: pairs(threading.RLock())))
print("semaphore", median(lambda: pairs(threading.Semaphore(1))))
for count in (2, 4, 8):
    print(f"contended-{count}", median(lambda: contended(count)))
print("event", median(ping_pong))
print("condition", median(turns))
for count in (2, 4, 8):
    print(f"barrier-{count}", median(lambda: phases(count)))
