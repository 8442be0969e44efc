"""Ratios within one run: what is slow that minute is slow for both sides. No figure here is in absolute time.

``ratio`` times two things in turns, A B B A, and gives the median of the rounds' ratios with quartiles; ``growth`` fits the power of
the size with which a time grows, by least squares on logarithms of the fastest rounds.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

Run = Callable[[], object]


class Ratio(NamedTuple):
    """Median and quartiles of time(f) / time(g)."""

    median: float
    low: float
    high: float


class Growth(NamedTuple):
    """The exponent, and the seconds by size that it was fitted to."""

    exponent: float
    seconds: dict[int, float]


def seconds(run: Run) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def ratio(f: Run, g: Run, rounds: int = 7) -> Ratio:
    f()
    g()
    found = []
    for _ in range(rounds):
        first, second, third, fourth = seconds(f), seconds(g), seconds(g), seconds(f)
        found.append((first + fourth) / (second + third))
    quartiles = statistics.quantiles(found, n=4)
    return Ratio(statistics.median(found), quartiles[0], quartiles[2])


def growth(make: Callable[[int], Run], sizes: Sequence[int], rounds: int = 5) -> Growth:
    runs = {size: make(size) for size in sizes}
    best = {size: min(seconds(run) for _ in range(rounds)) for size, run in runs.items()}
    xs, ys = [math.log(size) for size in sizes], [math.log(best[size]) for size in sizes]
    x, y = statistics.mean(xs), statistics.mean(ys)
    slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
    return Growth(slope, best)
