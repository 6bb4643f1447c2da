"""What Python's queue needs for the work that the group `queue` measures.

Prints the version, and then on each line how many producers and which capacity, and the nanoseconds of one item: medians
of some rounds.
"""

import platform
import queue
import statistics
import threading
import time

ROUNDS = 5
ITEMS = 20_000


def median(measure):
    """The median of some rounds, after one that warms up."""
    measure()
    return statistics.median(measure() for _ in range(ROUNDS))


def alone(capacity):
    """One thread that puts and gets in turns."""
    items = queue.Queue(capacity)
    started = time.perf_counter_ns()
    for item in range(ITEMS):
        items.put(item)
        items.get()
    return (time.perf_counter_ns() - started) / ITEMS


def passing(capacity, producers):
    """Some threads that put, and one that gets."""
    items = queue.Queue(capacity)
    each = ITEMS // producers
    total = 0

    def put():
        for item in range(each):
            items.put(item)

    def get():
        nonlocal total
        for _ in range(each * producers):
            total += items.get()

    workers = [threading.Thread(target=put) for _ in range(producers)] + [threading.Thread(target=get)]
    started = time.perf_counter_ns()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter_ns() - started
    assert total == producers * (each * (each - 1) // 2)
    return took / (each * producers)


print(platform.python_version())
for room in (0, 1000):
    print(f"0-{room}", median(lambda: alone(room)))
    for count in (1, 2):
        print(f"{count}-{room}", median(lambda: passing(room, count)))
