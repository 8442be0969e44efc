"""A plot of times by size as SVG, both axes logarithmic: a flat line is what one hopes for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 190, 24, 48
_COLOURS = ("#0b4f6c", "#a2542a", "#3f6b2f", "#7a3b78", "#b5852b", "#444444")


def plot(sizes: Sequence[int], lines: Mapping[str, Sequence[float]]) -> str:
    """Milliseconds by number of entries or organizations."""
    every = [each for line in lines.values() for each in line]
    low, high = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: float) -> float:
        return _LEFT + (math.log10(size) - first) / max(last - first, 1e-9) * (_WIDTH - _LEFT - _RIGHT)

    def y(milliseconds: float) -> float:
        return _HEIGHT - _BOTTOM - (math.log10(milliseconds) - low) / max(high - low, 1) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="13" role="img">',
        "<title>Milliseconds by size of the record and the register</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>')
    for size in sizes:
        at = x(size)
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{at:.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{size:,}</text>')
    parts.append(f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">entries, organizations</text>')
    ends = _apart([y(line[-1]) for line in lines.values()])
    for (name, line), colour, end in zip(lines.items(), _COLOURS, ends, strict=False):
        points = " ".join(f"{x(size):.1f},{y(each):.1f}" for size, each in zip(sizes, line, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="3" fill="{colour}"/>' for point in points.split(" ")]
        parts.append(f'<text x="{_WIDTH - _RIGHT + 12}" y="{end + 4:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _apart(places: Sequence[float]) -> list[float]:
    """Where the names go, so that none lies on another."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    found, before = [0.0] * len(places), -math.inf
    for number in order:
        before = max(places[number], before + 17)
        found[number] = before
    return found
