"""What changed between two texts of one language, unit by unit: pure, for redlines on a page and on paper.

Units are paired by id and by nothing else. A unit that is only in the newer text is new, one that is only in the older text is
taken out and shown where it stood. A unit is *moved* when it stands in another order among those that both texts have; as few
as possible are called so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from declaration.text.redline import Change, redline

State = Literal["same", "changed", "new", "deleted", "moved"]


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a text in one language, as it is printed.

    :ivar label: what stands before it (``5``, ``8 bis``, ``A``, ``(a)``), or None.
    :ivar level: 0, or 1 to 3 for a list item.
    """

    id: str
    kind: str
    label: str | None
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One unit of a comparison.

    :ivar line: as in the newer text; as in the older one where it was taken out.
    :ivar before: its label in the older text, where that was another one.
    :ivar changes: the redline; a single run where nothing changed.
    """

    line: Line
    state: State
    changes: tuple[Change, ...]
    before: str | None = None

    @property
    def differs(self) -> bool:
        """Whether there is anything to show."""
        return self.state != "same"


def compare(old: Sequence[Line], new: Sequence[Line]) -> list[Compared]:
    """Compare two texts; the result is in the order of the newer one."""
    older = {line.id: line for line in old}
    stays = _in_order([line.id for line in old], [line.id for line in new])
    result: list[Compared] = []
    gone = _gone_after(old, {line.id for line in new})
    result += gone.get(None, [])
    for line in new:
        before = older.get(line.id)
        if before is None:
            result.append(Compared(line, "new", (Change("insert", line.text),)))
        else:
            changes = tuple(redline(before.text, line.text))
            state: State = "moved" if line.id not in stays else "same" if before.text == line.text else "changed"
            result.append(Compared(line, state, changes, before.label if before.label != line.label else None))
        result += gone.get(line.id, [])
    return result


def lines_of(
    units: Iterable[tuple[str, str, str | None]], labels: Mapping[str, str | None], texts: Mapping[str, str]
) -> list[Line]:
    """Lines from ``(id, kind, parent)`` in document order; units without a text are left out."""
    levels: dict[str, int] = {}
    result: list[Line] = []
    for unit, kind, parent in units:
        if kind == "item":
            levels[unit] = levels.get(parent or "", 0) + 1
        if unit in texts:
            result.append(Line(unit, kind, labels.get(unit), levels.get(unit, 0), texts[unit]))
    return result


def _gone_after(old: Sequence[Line], kept: set[str]) -> dict[str | None, list[Compared]]:
    """Units that were taken out, by the unit that stands before them still; None for the beginning."""
    result: dict[str | None, list[Compared]] = {}
    anchor: str | None = None
    for line in old:
        if line.id in kept:
            anchor = line.id
        else:
            result.setdefault(anchor, []).append(Compared(line, "deleted", (Change("delete", line.text),)))
    return result


def _in_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The longest run of ids that stand in the same order in both; all others of both were moved."""
    position = {unit: index for index, unit in enumerate(old)}
    common = [unit for unit in new if unit in position]
    tails: list[int] = []
    last: list[str] = []
    behind: dict[str, str | None] = {}
    for unit in common:
        place = bisect_left(tails, position[unit])
        behind[unit] = last[place - 1] if place else None
        tails[place : place + 1] = [position[unit]]
        last[place : place + 1] = [unit]
    result: set[str] = set()
    at: str | None = last[-1] if last else None
    while at is not None:
        result.add(at)
        at = behind[at]
    return result
