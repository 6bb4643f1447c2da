"""What Python's timers need for the work that the group `timer` measures.

Prints the version, and then nanoseconds a timer for making and cancelling some, and the microseconds by which a single one
is late: medians of some rounds.
"""

import platform
import statistics
import threading
import time

ROUNDS = 3
TIMERS = 500
LATENESS = 51


def many():
    """Starts timers of an hour and cancels them: nanoseconds of each."""
    timers = [threading.Timer(3600, print) for _ in range(TIMERS)]
    started = time.perf_counter_ns()
    for timer in timers:
        timer.start()
    scheduled = time.perf_counter_ns()
    for timer in timers:
        timer.cancel()
    for timer in timers:
        timer.join()
    ended = time.perf_counter_ns()
    return (scheduled - started) / TIMERS, (ended - scheduled) / TIMERS


def lateness():
    """The median microseconds by which a timer of 10 ms is late."""
    late = []
    for _ in range(LATENESS):
        called = []
        due = time.perf_counter_ns() + 10_000_000
        timer = threading.Timer(0.01, lambda: called.append(time.perf_counter_ns()))
        timer.start()
        timer.join()
        late.append((called[0] - due) / 1000)
    return statistics.median(late)


many()
rounds = [many() for _ in range(ROUNDS)]
print(platform.python_version())
print("schedule", statistics.median(schedule for schedule, _ in rounds))
print("cancel", statistics.median(cancel for _, cancel in rounds))
print("lateness", statistics.median(lateness() for _ in range(ROUNDS)))
