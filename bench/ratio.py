"""Ratios within one run: what is slow that minute is slow for both sides. No figure here is in absolute time.

``ratio`` times two things in turns, A B B A, and gives the median of the rounds' ratios with quartiles; ``growth`` fits the power of
the size with which a time grows, by least squares on logarithms of the fastest rounds. Both read the clock on the wall unless told
``time.process_time``, which is right where nothing waits for a disk, a thread or another process: it does not see who else is busy.
"""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

Run = Callable[[], object]
Clock = Callable[[], float]


class Ratio(NamedTuple):
    """Median and quartiles of time(f) / time(g)."""

    median: float
    low: float
    high: float


class Growth(NamedTuple):
    """The exponent, and the seconds by size that it was fitted to."""

    exponent: float
    seconds: dict[int, float]


def seconds(run: Run, clock: Clock = time.perf_counter) -> float:
    """The time of one run, without the collector: what an earlier run left behind is not this one's."""
    gc.collect()
    gc.disable()
    try:
        began = clock()
        run()
        return clock() - began
    finally:
        gc.enable()


def ratio(f: Run, g: Run, rounds: int = 7, clock: Clock = time.perf_counter) -> Ratio:
    f()
    g()
    found = []
    for _ in range(rounds):
        first, second, third, fourth = seconds(f, clock), seconds(g, clock), seconds(g, clock), seconds(f, clock)
        found.append((first + fourth) / (second + third))
    quartiles = statistics.quantiles(found, n=4)
    return Ratio(statistics.median(found), quartiles[0], quartiles[2])


def growth(make: Callable[[int], Run], sizes: Sequence[int], rounds: int = 5, clock: Clock = time.perf_counter) -> Growth:
    runs = {size: make(size) for size in sizes}
    best = {size: min(seconds(run, clock) for _ in range(rounds)) for size, run in runs.items()}
    xs, ys = [math.log(size) for size in sizes], [math.log(best[size]) for size in sizes]
    x, y = statistics.mean(xs), statistics.mean(ys)
    slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
    return Growth(slope, best)
