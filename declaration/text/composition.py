"""The text of every unit after a merge, put together from pieces that know where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from declaration.text.collisions import Region
from declaration.text.edits import InsertAfter, Join
from declaration.text.plan import Plan
from declaration.text.splices import Splice
from declaration.text.units import UnitText


@dataclass(frozen=True, slots=True)
class Kept:
    """Code points ``start`` to ``end`` of a unit of the base."""

    unit: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Put:
    """New words, with everybody who put them there."""

    text: str
    by: tuple[str, ...]


Piece: TypeAlias = Kept | Put


@dataclass(frozen=True, slots=True)
class Credit:
    """A change in the merged text, with everybody who proposed it."""

    unit: str
    op: Literal["replace", "insert_after", "delete", "move", "split", "join"]
    by: tuple[str, ...]
    splice: Splice | None = None


def cut_at(text: str, offset: int) -> Splice:
    """Return the stretch of space around an offset, as a splice that takes it out."""
    start = end = offset
    while start > 0 and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end].isspace():
        end += 1
    return start, end, ""


class Composition:
    """The units of a merge without conflicts."""

    def __init__(self, plan: Plan, regions: Mapping[str, list[Region]], removed: Mapping[str, set[str]]) -> None:
        self._plan = plan
        self._base = plan.base
        self._changes = {unit: [change for region in found for change in region.changes] for unit, found in regions.items()}
        self._removed = removed
        self._inserts: dict[str, InsertAfter] = {insert.unit: insert for _, insert in plan.inserts}
        self._joins: dict[str, Join] = {unit: next(iter(joins.values())) for unit, joins in plan.joins.items()}
        self._members = {part: join.unit for join in self._joins.values() for part, _ in join.parts}
        self._parts: dict[str, tuple[str, int, int]] = {}
        self._last_part: dict[str, str] = {}
        for unit, splits in plan.splits.items():
            split = next(iter(splits.values()))
            self._cut(unit, split.at, split.into)
        self._parents = {one.id: one.parent for one in plan.placed()}

    def _cut(self, unit: str, at: Iterable[int], into: tuple[str, ...]) -> None:
        text = self._base[unit].text
        start = 0
        for offset, part in zip([*at, len(text)], into, strict=True):
            space = cut_at(text, offset)
            self._parts[part] = (unit, start, space[0] if offset < len(text) else len(text))
            start = space[1]
        self._last_part[unit] = into[-1]

    def stands(self, unit: str) -> bool:
        """Whether a unit of the layout is in the merged text."""
        return unit not in self._removed and unit not in self._members

    def unit(self, unit_id: str) -> UnitText:
        """Return the merged unit."""
        text = "".join(
            piece.text if isinstance(piece, Put) else self._base[piece.unit].text[piece.start : piece.end] for piece in self.pieces(unit_id)
        )
        if unit_id in self._inserts:
            insert = self._inserts[unit_id]
            return UnitText(unit_id, insert.kind, text, self._parent(insert.parent))
        source = self._base[self._parts[unit_id][0] if unit_id in self._parts else unit_id]
        parent = self._parents.get(source.id, source.parent)
        return UnitText(unit_id, source.kind, text, self._parent(parent))

    def _parent(self, parent: str | None) -> str | None:
        """The paragraph that an item belongs to now: the last part of one that was split, or what it was joined to."""
        if parent is None:
            return None
        return self._last_part.get(parent) or self._members.get(parent, parent)

    def pieces(self, unit_id: str) -> tuple[Piece, ...]:
        """Return where the characters of a merged unit come from, in order."""
        if unit_id in self._inserts:
            return (Put(self._inserts[unit_id].text, self._plan.by(unit_id)),)
        if unit_id in self._parts:
            return tuple(self._stretch(*self._parts[unit_id]))
        pieces = list(self._stretch(unit_id, 0, len(self._base[unit_id].text)))
        if unit_id in self._joins:
            join = self._joins[unit_id]
            by = tuple(sorted(self._plan.joins[unit_id]))
            for part, _ in join.parts:
                pieces += [Put(join.separator, by)] if join.separator else []
                pieces += self._stretch(part, 0, len(self._base[part].text))
        return tuple(pieces)

    def _stretch(self, unit: str, start: int, end: int) -> Iterator[Piece]:
        at = start
        for (first, last, text), names in self._changes.get(unit, ()):
            if not (start <= first and last <= end):
                continue
            if at < first:
                yield Kept(unit, at, first)
            if text:
                yield Put(text, names)
            at = last
        if at < end:
            yield Kept(unit, at, end)

    def credits(self) -> Iterator[Credit]:
        """Every change, by unit and place, with everybody who proposed it."""
        plan = self._plan
        for unit in sorted(self._changes):
            for splice, names in self._changes[unit]:
                yield Credit(unit, "replace", names, splice)
        for unit in sorted(self._inserts):
            yield Credit(unit, "insert_after", plan.by(unit))
        for unit in sorted(plan.deletes):
            yield Credit(unit, "delete", tuple(sorted(plan.deletes[unit])))
        for unit in sorted(plan.moves):
            yield Credit(unit, "move", tuple(sorted(plan.moves[unit])))
        for unit in sorted(plan.splits):
            yield Credit(unit, "split", tuple(sorted(plan.splits[unit])))
        for unit in sorted(plan.joins):
            yield Credit(unit, "join", tuple(sorted(plan.joins[unit])))
