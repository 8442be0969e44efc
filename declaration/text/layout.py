"""Where units stand after a merge: base units in their order, moved and new ones behind their anchors.

Every new or moved unit hangs behind its anchor, wherever the anchor goes; behind a paragraph means behind its list items too, unless
the unit is itself an item of that paragraph. Behind an item, for what is no item of that list, means behind the list: no paragraph
stands inside one, and items that others put at its end stay with it. The items of a paragraph that is joined to another go with its
words. Units that are taken out keep their place here, so that what hangs behind them still has one; the caller leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from declaration.text.units import UnitText


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit that is put in or moved.

    :param by: everybody who wants it there.
    :param after: the unit before it; ``None`` at the beginning.
    :param parent: the paragraph whose item it is, if it is one.
    """

    id: str
    by: tuple[str, ...]
    after: str | None
    parent: str | None


Place = tuple[str | None, str | None]
"""A place in the base: the base unit before it, and the parent of what is put there."""


@dataclass(frozen=True, slots=True)
class Layout:
    """All units in order, those taken out included.

    :param places: what was put at every place, in order.
    :param lost: units that hang behind each other, or are joined to each other's items, in a circle and so have no place.
    """

    order: tuple[str, ...]
    places: Mapping[Place, tuple[Placed, ...]]
    lost: tuple[Placed, ...]


def lay_out(
    base: Sequence[UnitText],
    placed: Sequence[Placed],
    parts: Mapping[str, tuple[str, ...]],
    joined: Mapping[str, tuple[str, ...]] | None = None,
) -> Layout:
    """Lay out the units of ``base``, with what is put in or moved.

    :param parts: for every unit that is split, its parts.
    :param joined: for every unit that others are joined to, those others.
    """
    return _LayingOut(base, placed, parts, joined or {}).run()


class _LayingOut:
    def __init__(
        self,
        base: Sequence[UnitText],
        placed: Sequence[Placed],
        parts: Mapping[str, tuple[str, ...]],
        joined: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.placed = {one.id: one for one in placed}
        self.parts = parts
        self.joined = joined
        self.members = {part for units in joined.values() for part in units}
        self.base = {unit.id for unit in base}
        self.parents = {unit.id: unit.parent for unit in base} | {one.id: one.parent for one in placed}
        self.children: dict[str | None, list[str]] = {}
        for unit in base:
            if unit.id not in self.placed:
                self.children.setdefault(unit.parent, []).append(unit.id)
        self.inside: dict[str | None, list[str]] = {}
        self.behind: dict[str | None, list[str]] = {}
        hosts: dict[str | None, list[tuple[int, str]]] = {}
        for one in placed:
            if one.parent is not None and one.parent == one.after:
                self.inside.setdefault(one.after, []).append(one.id)
            else:
                host, steps = self.host(one)
                hosts.setdefault(host, []).append((-steps, one.id))
        for host, hung in hosts.items():
            # What hung behind the end of the list stands there before what hung behind the paragraph.
            self.behind[host] = [unit for _, unit in sorted(hung, key=lambda item: item[0])]
        self.order: list[str] = []
        self.met: set[str] = set()
        self.places: dict[Place, list[Placed]] = {}
        self.last: str | None = None
        # No recursion: chains of units behind units can be long.
        self.stack: list[tuple[str, Literal["enter", "part", "leave"]]] = []

    def run(self) -> Layout:
        self.push(self.children.get(None, ()))
        self.push(self.behind.get(None, ()))
        while self.stack:
            unit, step = self.stack.pop()
            if step == "enter":
                self.enter(unit)
            elif step == "part":
                self.order.append(unit)
                # What others hang behind the unit that was split stands behind its last part, also where a part keeps its id.
                self.push(() if unit in self.parts else self.behind.get(unit, ()))
            else:
                self.push(self.behind.get(unit, ()))
        met = set(self.order)
        every = {unit: Placed(unit, (), None, self.parents[unit]) for unit in self.base} | self.placed
        lost = tuple(one for unit, one in sorted(every.items()) if met.isdisjoint(self.parts.get(unit, (unit,))))
        return Layout(tuple(self.order), {place: tuple(found) for place, found in self.places.items()}, lost)

    def host(self, one: Placed) -> tuple[str | None, int]:
        """What a unit hangs behind, and how many lists that ends: its anchor, or the paragraph or item whose list the anchor ends."""
        host, steps = one.after, 0
        while host is not None and steps <= len(self.parents) and host in self.parents:
            if self.parents[host] == one.parent:
                return host, steps
            host, steps = self.parents[host], steps + 1
        return one.after, 0

    def push(self, units: Iterable[str]) -> None:
        self.stack += [(unit, "enter") for unit in reversed(list(units))]

    def enter(self, unit: str) -> None:
        if unit in self.met:
            return
        self.met.add(unit)
        if unit in self.placed:
            one = self.placed[unit]
            self.places.setdefault((self.last, one.parent), []).append(one)
        if unit in self.base:
            self.last = unit
        self.stack.append((unit, "leave"))
        if unit not in self.members:
            for member in reversed((unit, *self.joined.get(unit, ()))):
                self.push(self.children.get(member, ()))
                self.push(self.inside.get(member, ()))
        if unit in self.parts:
            self.stack += [(part, "part") for part in reversed(self.parts[unit])]
        else:
            self.order.append(unit)
