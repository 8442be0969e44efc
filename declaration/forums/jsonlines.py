"""On which line of a JSON file a value stands, so that a refusal can point at it.

The text has been parsed already; this walk only counts. A path is what a reader of the parsed value would write:
``("people", "secretariat", 1, "name")``. Where the last step is missing in the file, its nearest ancestor is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from json.decoder import JSONDecoder

Path = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+')
_STRING = JSONDecoder(strict=True)


def lines_of(text: str) -> Mapping[Path, int]:
    """The line (from 1) on which each value begins, by path."""
    return dict(places(text))


def repeated(text: str) -> tuple[Path, int] | None:
    """The first value whose key is given twice in one object, with the line of the second; the text is JSON otherwise."""
    seen: set[Path] = set()
    for path, line in places(text):
        if path in seen:
            return path, line
        seen.add(path)
    return None


def places(text: str) -> Iterator[tuple[Path, int]]:
    """Every value's path and line, in the order of the file."""
    path: list[str | int] = []  # the place of the value that comes next
    awaiting_key = False
    line, counted = 1, 0
    for match in _TOKEN.finditer(text):
        mark = match[0]
        line += text.count("\n", counted, match.start())
        counted = match.start()
        if awaiting_key and mark.startswith('"'):
            path[-1] = _STRING.decode(mark)
            awaiting_key = False
        elif mark == ",":
            last = path[-1]
            if isinstance(last, int):
                path[-1] = last + 1
            else:
                awaiting_key = True
        elif mark in "]}":
            path.pop()
            awaiting_key = False
        elif mark != ":":
            yield tuple(path), line
            if mark == "{":
                path.append("")
                awaiting_key = True
            elif mark == "[":
                path.append(0)


def line_of(lines: Mapping[Path, int], path: Sequence[str | int]) -> int | None:
    """The line of a value, or of the innermost thing around it that is in the file."""
    for length in range(len(path), -1, -1):
        if (line := lines.get(tuple(path[:length]))) is not None:
            return line
    return None
