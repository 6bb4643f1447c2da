"""What Python's executor needs for the work that the group `pool` measures.

Prints the version, and then on each line the name of a measurement and its figure: nanoseconds of a job or an item, or
microseconds of a ping or of processor time; medians of some rounds.
"""

import concurrent.futures
import platform
import statistics
import threading
import time

ROUNDS = 3
JOBS = 10_000


def median(measure):
    """The median of some rounds, after one that warms up."""
    measure()
    return statistics.median(measure() for _ in range(ROUNDS))


def nothing(_=None):
    """A job."""


def empty():
    """Jobs whose end is waited for."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        started = time.perf_counter_ns()
        for _ in range(JOBS):
            pool.submit(nothing)
        pool.shutdown()
        return (time.perf_counter_ns() - started) / JOBS


def futures():
    """Jobs whose results are read."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        started = time.perf_counter_ns()
        for future in [pool.submit(nothing) for _ in range(JOBS)]:
            future.result()
        return (time.perf_counter_ns() - started) / JOBS


def two_producers():
    """Jobs from two threads."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:

        def produce():
            for _ in range(JOBS // 2):
                pool.submit(nothing)

        producers = [threading.Thread(target=produce) for _ in range(2)]
        started = time.perf_counter_ns()
        for producer in producers:
            producer.start()
        for producer in producers:
            producer.join()
        pool.shutdown()
        return (time.perf_counter_ns() - started) / JOBS


def nested():
    """Jobs that submit two more each."""
    depth = 12
    count = 2 ** (depth + 1) - 1
    left = threading.Semaphore(0)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:

        def grow(levels):
            if levels:
                pool.submit(grow, levels - 1)
                pool.submit(grow, levels - 1)
            left.release()

        started = time.perf_counter_ns()
        pool.submit(grow, depth)
        for _ in range(count):
            left.acquire()
        return (time.perf_counter_ns() - started) / count


def ping(pause):
    """The median microseconds from a submit to its result."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        times = []
        for _ in range(101):
            if pause:
                time.sleep(pause)
            started = time.perf_counter_ns()
            pool.submit(nothing).result()
            times.append((time.perf_counter_ns() - started) / 1000)
        return statistics.median(times)


def trickle():
    """The microseconds of processor time of a job, one each millisecond."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        started = time.process_time_ns()
        for _ in range(100):
            pool.submit(nothing).result()
            time.sleep(0.001)
        return (time.process_time_ns() - started) / 1000 / 100


def mapped():
    """A map of cheap items."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        started = time.perf_counter_ns()
        for _ in pool.map(nothing, range(JOBS)):
            pass
        return (time.perf_counter_ns() - started) / JOBS


print(platform.python_version())
print("empty-jobs,-2-workers", median(empty))
print("futures,-all-read,-2-workers", median(futures))
print("nested-jobs,-2-workers", median(nested))
print("two-producers,-2-workers", median(two_producers))
print("idle-ping,-2-workers", median(lambda: ping(0.0003)))
print("hot-ping,-2-workers", median(lambda: ping(0)))
print("processor-time,-a-job-each-ms,-2-workers", median(trickle))
print("map", median(mapped))
