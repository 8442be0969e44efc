"""Merging: any number of amendments to one base, by unit id, without a diff and without a guess.

Every amendment says exactly what it changes (:mod:`declaration.text.edits`). The merge is the union of all changes where they leave
each other alone; where they do not, it is a conflict that names both amendments, the unit and the words, and there is no merged
text. The result is a function of the *set* of amendments: their order does not matter, and merging A with B is merging B with A.

=====================  ==========================================================================================
conflict               two amendments
=====================  ==========================================================================================
``overlap``            change the same words, or words with nothing but space between
``insert-order``       put different units at the same place; ``unit`` is the one before it
``same-id``            give different new units the same id
``move-move``          move one unit to different places
``move-cycle``         move units behind each other, or join them to each other's list items
``delete-edit``        one deletes what the other changes (likewise ``delete-move``, ``-insert``, ``-split``, ``-join``)
``split-edit``         one splits a unit where the other changes words (likewise ``join-edit``)
``split-split``        split or join one unit in different ways (likewise ``join-join``, ``join-split``, ``join-move``)
``misplaced``          together leave a list item apart from its paragraph, or four levels deep; ``unit`` is the item
=====================  ==========================================================================================

No conflict: the same change made twice (applied once, credited to both); a move and a change of words (the change follows the
unit); a unit put in after one that another amendment deletes, joins away or moves (it is placed, with a caution). Changes in one
sentence that do not touch merge with the caution ``same-sentence``: each author has seen only half of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from declaration.errors import Malformed
from declaration.text.collisions import Region, regions, sentences, touching, words_at
from declaration.text.composition import Composition, Credit, Piece, cut_at
from declaration.text.edits import Edit, Join, Split
from declaration.text.layout import Layout, lay_out
from declaration.text.plan import Plan
from declaration.text.splices import Splice
from declaration.text.units import UnitText, misplaced


@dataclass(frozen=True, slots=True)
class Conflict:
    """What two amendments cannot both have.

    :param kind: see the table above.
    :param unit: its id; for ``insert-order`` the unit before the place, ``None`` for the beginning.
    :param between: the two amendments, in alphabetical order.
    :param words: the words of the base in question, one run for each place.
    """

    kind: str
    unit: str | None
    between: tuple[str, str]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a person should look at although it merges: ``anchor-gone``, ``anchor-moved``, ``anchor-joined``, ``same-sentence``."""

    kind: str
    unit: str | None
    by: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome.

    :param units: the merged text in document order; empty where there are conflicts.
    :param pieces: for every unit of it, where its characters come from.
    """

    units: tuple[UnitText, ...]
    conflicts: tuple[Conflict, ...]
    cautions: tuple[Caution, ...]
    credits: tuple[Credit, ...]
    pieces: Mapping[str, tuple[Piece, ...]]

    @property
    def status(self) -> Literal["clean", "conflict"]:
        """``conflict`` where there is at least one; otherwise ``clean``."""
        return "conflict" if self.conflicts else "clean"


def merge(base: Sequence[UnitText], amendments: Mapping[str, Sequence[Edit]]) -> Merged:
    """Merge ``amendments``, by name, into ``base``.

    :raises Refused: ``edit.base-changed``, ``edit.unit-unknown``, ``edit.unit-exists``: an amendment is not one to this base.
    :raises Malformed: ``edit.contradiction`` where one amendment contradicts itself; ``unit.parent``, ``unit.level`` where one alone
        leaves a list item apart from its paragraph, or four levels deep; ``splice.…``
    """
    return _Merge(base, amendments).result()


def apply_edits(base: Sequence[UnitText], edits: Sequence[Edit]) -> list[UnitText]:
    """Return ``base`` with the edits of one amendment applied; raises as :func:`merge`."""
    return list(merge(base, {"": edits}).units)


Pair = tuple[str, str]


class _Merge:
    """One merge: sorts the edits by unit, finds the conflicts, lays out the units and composes their texts."""

    def __init__(self, base: Sequence[UnitText], amendments: Mapping[str, Sequence[Edit]]) -> None:
        self.units = base
        self.base = {unit.id: unit for unit in base}
        if len(self.base) != len(base):
            raise Malformed("an id is used twice in the base", code="unit.id")
        self.children: dict[str, list[str]] = {}
        for unit in base:
            if unit.parent is not None:
                self.children.setdefault(unit.parent, []).append(unit.id)
        self.found: dict[tuple[str, str | None, Pair], list[str]] = {}
        self.cautions: set[Caution] = set()
        self.plan = Plan(self.base, amendments)
        self.regions = {unit: regions(self.base[unit].text, named) for unit, named in self.plan.replaces.items()}

    def result(self) -> Merged:
        self.deletions()
        self.structures()
        self.words()
        layout = lay_out(self.units, self.plan.placed(), self.parts(), self.plan.members())
        self.places(layout)
        composed = None if self.found else Composition(self.plan, self.regions, self.removed())
        units = () if composed is None else tuple(composed.unit(unit_id) for unit_id in layout.order if composed.stands(unit_id))
        self.tree(units)
        conflicts = tuple(
            Conflict(kind, unit, pair, tuple(dict.fromkeys(words)))
            for (kind, unit, pair), words in sorted(self.found.items(), key=lambda item: (item[0][1] or "", item[0][0], item[0][2]))
        )
        cautions = tuple(sorted(self.cautions, key=lambda one: (one.unit or "", one.kind, one.by)))
        if composed is None or conflicts:
            return Merged((), conflicts, cautions, (), {})
        pieces = {unit.id: composed.pieces(unit.id) for unit in units}
        return Merged(units, (), cautions, tuple(composed.credits()), pieces)

    # -- conflicts -----------------------------------------------------------

    def clash(self, kind: str, unit: str | None, one: str, other: str, words: str = "") -> None:
        if one == other:
            raise Malformed(f"an amendment contradicts itself at {unit} ({kind})", code="edit.contradiction")
        pair = (one, other) if one < other else (other, one)
        self.found.setdefault((kind, unit, pair), []).extend([words] if words else [])

    def clash_all(self, kind: str, unit: str | None, ones: Iterable[str], others: Iterable[str], words: str = "") -> None:
        rest = sorted(others)
        for one in sorted(ones):
            for other in rest:
                self.clash(kind, unit, one, other, words)

    def removed(self) -> dict[str, set[str]]:
        """Every unit that is taken out, list items of deleted paragraphs included, with those who take it out."""
        removed: dict[str, set[str]] = {}
        for unit, names in self.plan.deletes.items():
            waiting = [unit]
            while waiting:
                one = waiting.pop()
                removed.setdefault(one, set()).update(names)
                waiting += self.children.get(one, ())
        return removed

    def deletions(self) -> None:
        plan = self.plan
        moved = [one for one in plan.placed() if one.id in plan.moves]
        for unit, names in self.removed().items():
            for name, splices in plan.replaces.get(unit, {}).items():
                for start, end, _ in splices:
                    self.clash_all("delete-edit", unit, names, [name], words_at(self.base[unit].text, start, end))
            self.clash_all("delete-move", unit, names, plan.moves.get(unit, ()))
            self.clash_all("delete-split", unit, names, plan.splits.get(unit, ()))
            self.clash_all("delete-join", unit, names, plan.joined_by(unit))
            for name, insert in plan.inserts:
                if insert.parent == unit:
                    self.clash_all("delete-insert", unit, names, [name], insert.text)
            for one in moved:
                if one.parent == unit:
                    self.clash_all("delete-move", one.id, names, one.by)

    def structures(self) -> None:
        plan = self.plan
        for unit in sorted(plan.touched()):
            moves, splits, joined = plan.moves.get(unit, {}), plan.splits.get(unit, {}), plan.joins_of(unit)
            for a, b in combinations(sorted(moves), 2):
                if moves[a].after != moves[b].after:
                    self.clash("move-move", unit, a, b)
            for a, b in combinations(sorted(splits), 2):
                if splits[a] != splits[b]:
                    self.clash("split-split", unit, a, b)
            for a, b in combinations(sorted(joined), 2):
                if joined[a] != joined[b]:
                    self.clash("join-join", unit, a, b)
            self.clash_all("join-split", unit, joined, splits)
            members = [name for name, join in joined.items() if join.unit != unit]
            self.clash_all("join-move", unit, members, moves)
            self.cuts(unit, splits, joined)

    def cuts(self, unit: str, splits: Mapping[str, Split], joined: Mapping[str, Join]) -> None:
        """Changes of words that touch where the unit is cut, or where it is joined to another."""
        text = self.base[unit].text
        for name, splices in self.plan.replaces.get(unit, {}).items():
            for splice in splices:
                words = words_at(text, splice[0], splice[1])
                for other, split in splits.items():
                    if any(touching(text, splice, cut_at(text, at)) for at in split.at):
                        self.clash("split-edit", unit, name, other, words)
                for other, join in joined.items():
                    first, last = unit == join.unit, unit == join.parts[-1][0]
                    at_start, at_end = not text[: splice[0]].strip(), not text[splice[1] :].strip()
                    if name != other and ((at_start and not first) or (at_end and not last)):
                        self.clash("join-edit", unit, name, other, words)

    def words(self) -> None:
        for unit, found in self.regions.items():
            text = self.base[unit].text
            for region in found:
                if region.disputed:
                    self.dispute(unit, text, region)
            self.sentences(unit, text, [region for region in found if not region.disputed])

    def dispute(self, unit: str, text: str, region: Region) -> None:
        groups: dict[tuple[Splice, ...], list[str]] = {}
        for name, splices in region.by_name().items():
            groups.setdefault(splices, []).append(name)
        for one, other in combinations(sorted(groups), 2):
            if set(one) <= set(other) or set(other) <= set(one):
                continue
            for s in one:
                for t in other:
                    if s != t and touching(text, s, t):
                        words = words_at(text, min(s[0], t[0]), max(s[1], t[1]))
                        self.clash_all("overlap", unit, groups[one], groups[other], words)

    def sentences(self, unit: str, text: str, found: Sequence[Region]) -> None:
        changes = [(splice, names) for region in found for splice, names in region.changes]
        by_sentence: dict[int, list[tuple[Splice, tuple[str, ...]]]] = {}
        for change, number in zip(changes, sentences(text, [splice for splice, _ in changes]), strict=True):
            by_sentence.setdefault(number, []).append(change)
        for together in by_sentence.values():
            authors = {names for _, names in together}
            if len(authors) > 1:
                start, end = together[0][0][0], together[-1][0][1]
                by = tuple(sorted({name for names in authors for name in names}))
                self.cautions.add(Caution("same-sentence", unit, by, words_at(text, start, end)))

    # -- places --------------------------------------------------------------

    def parts(self) -> dict[str, tuple[str, ...]]:
        return {unit: next(iter(splits.values())).into for unit, splits in self.plan.splits.items()}

    def places(self, layout: Layout) -> None:
        for (unit, _), found in layout.places.items():
            for one, other in combinations(found, 2):
                if not set(one.by) & set(other.by):
                    for a in one.by:
                        self.clash_all("insert-order", unit, [a], other.by)
        for new, ones, others in self.plan.same_ids:
            # Who says the same as another stands under the other's id too, where it may clash with an id of its own.
            apart = [(mine, theirs) for mine in ones for theirs in others if mine != theirs]
            for mine, theirs in apart or [(ones[0], others[0])]:
                self.clash("same-id", new, mine, theirs)
        for one, other in combinations([lost for lost in layout.lost if lost.by], 2):
            if not set(one.by) & set(other.by):
                self.clash("move-cycle", min(one.id, other.id), one.by[0], other.by[0])
        if layout.lost and not self.found:
            units = {unit for lost in layout.lost for unit in (lost.id, lost.after, lost.parent) if unit is not None}
            names = sorted(self.plan.movers(units))
            first = min(layout.lost, key=lambda lost: (not lost.by, lost.id)).id
            if len(names) < 2:
                raise Malformed(f"{first} is put behind itself", code="edit.contradiction")
            for a, b in combinations(names, 2):
                self.clash("move-cycle", first, a, b)
        self.anchors(layout)

    def tree(self, units: Sequence[UnitText]) -> None:
        """What each amendment leaves well formed, all of them together must too."""
        found = misplaced(units)
        if found is None or misplaced(self.units) is not None:
            return
        unit, problem = found
        names = self.plan.movers(self._around(units, unit))
        if len(names) < 2:
            raise problem
        text = next(one.text for one in units if one.id == unit)
        for one, other in combinations(sorted(names), 2):
            self.clash("misplaced", unit, one, other, text)

    def _around(self, units: Sequence[UnitText], unit_id: str) -> set[str]:
        """A unit, the paragraph and items it belongs to, and all that stands between it and them."""
        merged = {unit.id: unit for unit in units}
        order = list(merged)
        around = {unit_id}
        parent = merged[unit_id].parent
        while parent is not None and parent not in around:
            around.add(parent)
            if parent in merged:
                first, last = sorted((order.index(parent), order.index(unit_id)))
                around.update(order[first:last])
            parent = merged[parent].parent if parent in merged else None
        placed = {one.id: one for one in self.plan.placed()}
        around.update(one.after for unit, one in placed.items() if unit in around and one.after is not None)
        return around

    def anchors(self, layout: Layout) -> None:
        removed = self.removed()
        for found in layout.places.values():
            for one in found:
                if one.after in removed and not set(one.by) & removed[one.after]:
                    self.cautions.add(Caution("anchor-gone", one.id, one.by, one.after))
                elif one.after in self.plan.moves:
                    self.cautions.add(Caution("anchor-moved", one.id, one.by, one.after))
                elif one.after is not None and any(join.unit != one.after for join in self.plan.joins_of(one.after).values()):
                    self.cautions.add(Caution("anchor-joined", one.id, one.by, one.after))
