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


print(platform.python_version())
print("lock", median(lambda: pairs(threading.Lock())))
print("semaphore", median(lambda: pairs(threading.Semaphore(1))))
for count in (2, 4, 8):
    print(f"contended-{count}", median(lambda: contended(count)))
print("event", median(ping_pong))
