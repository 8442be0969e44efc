"""The edits of many amendments, checked against their base and sorted by unit: what a merge works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import pairwise

from declaration.errors import Malformed, Refused
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.layout import Placed
from declaration.text.splices import Splice, apply_splices
from declaration.text.units import UnitText, unit_hash


class Plan:
    """Edits by unit, then by amendment.

    :raises Refused: ``edit.base-changed``, ``edit.unit-unknown``, ``edit.unit-exists``
    :raises Malformed: ``edit.twice``, ``edit.malformed``, ``splice.…``
    """

    def __init__(self, base: Mapping[str, UnitText], amendments: Mapping[str, Sequence[Edit]]) -> None:
        self.base = base
        self.replaces: dict[str, dict[str, tuple[Splice, ...]]] = {}
        self.deletes: dict[str, set[str]] = {}
        self.moves: dict[str, dict[str, Move]] = {}
        self.splits: dict[str, dict[str, Split]] = {}
        self.joins: dict[str, dict[str, Join]] = {}
        self.inserts: list[tuple[str, InsertAfter]] = []
        self.same_ids: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
        self._hashes: dict[str, str] = {}
        self._applied: set[tuple[str, tuple[Splice, ...]]] = set()
        for name in sorted(amendments):
            self._sort(name, amendments[name])
        self._credited = self._same_inserts_once()

    def _sort(self, name: str, edits: Iterable[Edit]) -> None:
        own: set[str] = set()
        anchors: list[str | None] = []
        seen: set[tuple[type[Edit], str]] = set()
        joined: set[str] = set()
        for edit in edits:
            if (type(edit), edit.unit) in seen:
                raise Malformed(f"{edit.unit} has the same operation twice", code="edit.twice")
            seen.add((type(edit), edit.unit))
            if isinstance(edit, InsertAfter):
                if edit.unit in self.base or edit.unit in own:
                    raise Refused(f"there is already a unit {edit.unit}", code="edit.unit-exists")
                own.add(edit.unit)
                anchors += [edit.after, edit.parent]
                self.inserts.append((name, edit))
                continue
            self._require(edit.unit, edit.base)
            if isinstance(edit, Replace):
                self._check_words(edit)
                self.replaces.setdefault(edit.unit, {})[name] = edit.splices
            elif isinstance(edit, Delete):
                self.deletes.setdefault(edit.unit, set()).add(name)
            elif isinstance(edit, Move):
                anchors.append(edit.after)
                self.moves.setdefault(edit.unit, {})[name] = edit
            elif isinstance(edit, Split):
                self._check_parts(edit)
                own.update(edit.into)
                self.splits.setdefault(edit.unit, {})[name] = edit
            else:
                for part, digest in edit.parts:
                    self._require(part, digest)
                self._check_join(edit, joined)
                self.joins.setdefault(edit.unit, {})[name] = edit
        for anchor in anchors:
            if anchor is not None and anchor not in self.base and anchor not in own:
                raise Refused(f"{anchor} is not in the text", code="edit.unit-unknown")

    def _require(self, unit: str, digest: str) -> None:
        if unit not in self.base:
            raise Refused(f"{unit} is not in the text", code="edit.unit-unknown")
        if unit not in self._hashes:
            self._hashes[unit] = unit_hash(self.base[unit].text)
        if self._hashes[unit] != digest:
            raise Refused(f"{unit} has other words than the edit was made for", code="edit.base-changed", instead="Rebase it first.")

    def _check_words(self, edit: Replace) -> None:
        # Many amendments make the same change; checking it once is enough.
        if (edit.unit, edit.splices) not in self._applied:
            apply_splices(self.base[edit.unit].text, edit.splices)
            self._applied.add((edit.unit, edit.splices))

    def _check_parts(self, edit: Split) -> None:
        text = self.base[edit.unit].text
        cuts = [0, *edit.at, len(text)]
        if not all(text[start:end].strip() for start, end in pairwise(cuts)):
            raise Malformed(f"a split of {edit.unit} leaves a part without words", code="edit.malformed")
        if any(part in self.base and part != edit.unit for part in edit.into):
            raise Refused(f"a part of {edit.unit} has an id that is taken", code="edit.unit-exists")

    def _check_join(self, edit: Join, joined: set[str]) -> None:
        units = {edit.unit, *(part for part, _ in edit.parts)}
        if units & joined:
            raise Malformed(f"an amendment joins {min(units & joined)} twice", code="edit.contradiction")
        joined |= units
        above = self.base[edit.unit].parent
        while above is not None and above in self.base:
            if above in units:
                raise Malformed(f"{above} is joined to its own list item {edit.unit}", code="edit.contradiction")
            above = self.base[above].parent

    def _same_inserts_once(self) -> dict[str, tuple[str, ...]]:
        """Keep one of the inserts that say the same, under the first id; return who wants every new unit, by that id."""
        alias: dict[str, str] = {}
        while True:
            groups: dict[InsertAfter, list[tuple[str, InsertAfter]]] = {}
            for name, insert in self.inserts:
                after, parent = alias.get(insert.after or "", insert.after), alias.get(insert.parent or "", insert.parent)
                groups.setdefault(InsertAfter("", after, insert.kind, insert.text, parent), []).append((name, insert))
            found = {one.unit: min(other.unit for _, other in same) for same in groups.values() for _, one in same}
            renamed = {unit: first for unit, first in found.items() if unit != first}
            if renamed == alias:
                break
            alias = renamed
        credited: dict[str, tuple[str, ...]] = {}
        kept: list[tuple[str, InsertAfter]] = []
        taken = {part: tuple(sorted(splits)) for splits in self.splits.values() for split in splits.values() for part in split.into}
        for shape, same in groups.items():
            unit = min(one.unit for _, one in same)
            names = tuple(sorted({name for name, _ in same}))
            if unit in taken:
                self.same_ids.append((unit, taken[unit], names))
                continue
            taken[unit] = credited[unit] = names
            kept.append((same[0][0], InsertAfter(unit, shape.after, shape.kind, shape.text, shape.parent)))
        self.inserts = kept
        return credited

    def by(self, unit: str) -> tuple[str, ...]:
        """Everybody who wants a new unit."""
        return self._credited[unit]

    def placed(self) -> list[Placed]:
        """Every unit that is put in or moved, in the order in which each amendment names them."""
        result = [Placed(one.unit, self.by(one.unit), one.after, one.parent) for _, one in self.inserts]
        new = {insert.unit: insert for _, insert in self.inserts}
        for unit, moves in self.moves.items():
            move = next(iter(moves.values()))
            result.append(Placed(unit, tuple(sorted(moves)), move.after, self._new_parent(unit, move.after, new)))
        return result

    def _new_parent(self, unit: str, after: str | None, new: Mapping[str, InsertAfter]) -> str | None:
        """A list item that is moved becomes an item of the paragraph it is put into."""
        if self.base[unit].kind != "item":
            return None
        if after is None:
            raise Malformed(f"the list item {unit} is moved out of every paragraph", code="edit.malformed")
        anchor = self.base.get(after) or new.get(after)
        if anchor is None:
            return self.base[unit].parent
        return anchor.parent if anchor.kind == "item" else after

    def touched(self) -> set[str]:
        """Every unit that is moved, split or joined."""
        members = {part for joins in self.joins.values() for join in joins.values() for part, _ in join.parts}
        return {*self.moves, *self.splits, *self.joins, *members}

    def members(self) -> dict[str, tuple[str, ...]]:
        """For every unit that others are joined to, those others."""
        return {unit: tuple(part for part, _ in next(iter(joins.values())).parts) for unit, joins in self.joins.items()}

    def movers(self, units: Set[str]) -> set[str]:
        """Everybody who puts in, moves, takes out, splits or joins one of some units, or what stands behind one."""
        names = {name for one in self.placed() if units & {one.id, one.after, one.parent} for name in one.by}
        names.update(*(deleting for unit, deleting in self.deletes.items() if unit in units))
        for unit, splits in self.splits.items():
            names.update(name for name, split in splits.items() if units & {unit, *split.into})
        for unit, joins in self.joins.items():
            names.update(name for name, join in joins.items() if units & {unit, *(part for part, _ in join.parts)})
        return names

    def joins_of(self, unit: str) -> dict[str, Join]:
        """The joins that a unit takes part in, by amendment."""
        result = dict(self.joins.get(unit, {}))
        for joins in self.joins.values():
            for name, join in joins.items():
                if any(part == unit for part, _ in join.parts):
                    result[name] = join
        return result

    def joined_by(self, unit: str) -> list[str]:
        """The amendments that join a unit to another or others to it."""
        return sorted(self.joins_of(unit)) if self.joins else []
