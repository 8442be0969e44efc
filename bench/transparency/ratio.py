"""Two things timed in turns, A B B A, and the median of the rounds' ratios: what is slow that minute is slow for both."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Ratio(NamedTuple):
    """Median and quartiles of time(f) / time(g)."""

    median: float
    low: float
    high: float


def seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def ratio(f: Callable[[], object], g: Callable[[], object], rounds: int = 7) -> Ratio:
    f()
    g()
    found = []
    for _ in range(rounds):
        first, second, third, fourth = seconds(f), seconds(g), seconds(g), seconds(f)
        found.append((first + fourth) / (second + third))
    quartiles = statistics.quantiles(found, n=4)
    return Ratio(statistics.median(found), quartiles[0], quartiles[2])


def exponent(make: Callable[[int], Callable[[], object]], sizes: Sequence[int], rounds: int = 5) -> float:
    """The power of the size with which the time grows: least squares on logarithms of the fastest rounds."""
    runs = {size: make(size) for size in sizes}
    best = {size: min(seconds(run) for _ in range(rounds)) for size, run in runs.items()}
    xs, ys = [math.log(size) for size in sizes], [math.log(best[size]) for size in sizes]
    x, y = statistics.mean(xs), statistics.mean(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
