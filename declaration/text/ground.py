"""The way from one version of a text to the next: how every unit's words changed, and where what was put behind a unit stands now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from declaration.errors import Refused
from declaration.text.collisions import touching
from declaration.text.composition import cut_at
from declaration.text.edits import InsertAfter
from declaration.text.redline import finest, splices_between
from declaration.text.splices import Splice
from declaration.text.units import UnitText, unit_hash


class Ground:
    """The way from an old version to a new one, worked out once for all open amendments.

    :param lineage: for every unit that was split or joined, the units of the new version that its words went to; those of one join in
        the order of their words there.
    """

    def __init__(self, old: Sequence[UnitText], new: Sequence[UnitText], lineage: Mapping[str, Sequence[str]] | None = None) -> None:
        self.old = {unit.id: unit for unit in old}
        self.new = {unit.id: unit for unit in new}
        self.lineage = {unit: tuple(into) for unit, into in (lineage or {}).items()}
        self.order = [unit.id for unit in old]
        into = {part for parts in self.lineage.values() for part in parts}
        self.added: dict[tuple[str, str], list[str]] = {}
        self._stands_after: dict[str, str | None] = {}
        last: str | None = None
        for unit in new:
            self._stands_after[unit.id] = last
            if unit.id in self.old or unit.id in into:
                last = unit.id
            else:
                self.added.setdefault((unit.kind, unit.text), []).append(unit.id)
        self._before = {unit.id: before for before, unit in zip([None, *self.order], old, strict=False)}
        self._after_in_new = {unit.id: before for before, unit in zip([None, *self.new], new, strict=False)}
        self._old_hashes: dict[str, str] = {}
        self._ways: dict[str, Way] = {}

    def require(self, unit: str, digest: str) -> None:
        """Refuse an edit that was not made to the old version."""
        if unit not in self.old:
            raise Refused(f"{unit} is not in the old version", code="edit.unit-unknown")
        if unit not in self._old_hashes:
            self._old_hashes[unit] = unit_hash(self.old[unit].text)
        if self._old_hashes[unit] != digest:
            raise Refused(f"{unit} has other words in the old version than the edit was made for", code="edit.base-changed")

    def same(self, unit: str) -> bool:
        """Whether a unit reads in the new version as in the old one."""
        return unit in self.new and unit not in self.lineage and self.new[unit].text == self.old[unit].text

    def way(self, unit: str) -> Way:
        """Return how a unit's words changed on the way; its words are found in one unit of the new version or in several."""
        if unit not in self._ways:
            parts = [(part, self.new[part].text) for part in self.lineage.get(unit, (unit,)) if part in self.new]
            text = " ".join(words for _, words in parts)
            self._ways[unit] = Way(self.old[unit].text, parts, *self._changes(unit, text))
        return self._ways[unit]

    def _changes(self, unit: str, text: str) -> tuple[int, Sequence[Splice]]:
        """Where the words of a unit begin in ``text``, and how they changed; of a joined unit, apart from those of the others."""
        old = self.old[unit].text
        before, after = self._joined(unit)
        if before or after:
            return len(before), splices_between(old, text[len(before) : len(text) - len(after)])
        apart = self._apart(unit, text)
        return apart if apart is not None else (0, splices_between(old, text))

    def _members(self, into: tuple[str, ...]) -> list[str]:
        """The units that were joined into one, in the order in which the lineage names them, which is that of their words."""
        return [unit for unit, went in self.lineage.items() if went == into and unit in self.old]

    def _apart(self, unit: str, text: str) -> tuple[int, Sequence[Splice]] | None:
        """The same for a join whose members were changed as well: words that stand in several members are found in the right one.

        ``None`` where this unit was not joined, or where a change runs from one member into another.
        """
        into = self.lineage.get(unit, ())
        members = self._members(into) if len(into) == 1 else []
        if len(members) < 2:
            return None
        texts = [self.old[other].text for other in members]
        start = sum(len(each) + 1 for each in texts[: members.index(unit)])
        end, shift = start + len(self.old[unit].text), 0
        mine: list[Splice] = []
        for first, last, put in splices_between(" ".join(texts), text):
            if last < start or first < last == start:
                shift += len(put) - (last - first)
            elif first > end or end == first < last:
                break
            elif first < start or last > end:
                return None
            else:
                mine.append((first - start, last - start, put))
        return start + shift, mine

    def _joined(self, unit: str) -> tuple[str, str]:
        """What stands before and after a joined unit's words in the new version, where all members of the join are as they were."""
        into = self.lineage.get(unit, ())
        if len(into) != 1:
            return "", ""
        members = self._members(into)
        texts = [self.old[other].text for other in members]
        joined = self.new[into[0]].text if into[0] in self.new else ""
        if len(texts) < 2:
            return "", ""
        # One separator stands between all members; what is left over after them gives its length.
        length = max(0, (len(joined) - sum(map(len, texts))) // (len(texts) - 1))
        separator = joined[len(texts[0]) : len(texts[0]) + length]
        if separator.join(texts) != joined:
            return "", ""
        position = members.index(unit)
        before = separator.join([*texts[:position], ""])
        after = separator.join(["", *texts[position + 1 :]])
        return before, after

    def anchor(self, unit: str | None, parent: str | None = None) -> tuple[str | None, bool]:
        """Return the unit of the new version that stands where ``unit`` stood, and whether it is another one.

        :param parent: for an item the unit of the new version that it belongs to: only that and its items will do.
        """
        at = unit
        while at is not None:
            found = self.lineage.get(at, (at,))[-1]
            if found in self.new and (parent is None or self.within(found, parent)):
                return found, at != unit
            at = self._before.get(at)
        return parent, unit is not None

    def within(self, unit: str, paragraph: str) -> bool:
        """Say whether a unit of the new version is another one, or belongs to its list at any level."""
        at: str | None = unit
        while at is not None and at != paragraph:
            at = self.new[at].parent if at in self.new else None
        return at is not None

    def stands(self, edit: InsertAfter, after: str | None, parent: str | None) -> bool:
        """Say whether the new version has the words that an edit puts in, where it puts them."""
        for unit in self.added.get((edit.kind, edit.text), ()):
            before = self._stands_after[unit]
            if self.new[unit].parent == parent and (before == after or (before is not None and self._ends(before, after, parent))):
                return True
        return False

    def _ends(self, before: str, after: str | None, parent: str | None) -> bool:
        """Whether two units belong to the same item of a list, or to the same paragraph: behind both is behind that."""
        if after is None:
            return False
        tops = []
        for unit in (before, after):
            top = unit
            while self.new[top].parent not in (None, parent):
                top = self.new[top].parent or top
            tops.append(top)
        return tops[0] == tops[1] and parent != after

    def follows(self, unit: str) -> str | None:
        """Return the unit before ``unit`` in the new version."""
        return self._after_in_new.get(unit)


class Way:
    """How the words of one unit changed: splices of its old text, and where the parts begin in the new one.

    :param offset: where its words begin in the new text, of all parts.
    """

    def __init__(self, old: str, parts: Sequence[tuple[str, str]], offset: int, splices: Sequence[Splice]) -> None:
        self.old = old
        self.parts = parts
        self.text = " ".join(text for _, text in parts)
        self.offset = offset
        self.splices = splices
        self.starts = [start for start, _, _ in self.splices]
        self.known = frozenset(self.splices)
        # Shifts go by single words, because what is left of a phrase may stand between words that were taken.
        single = [one for splice in self.splices for one in finest(old, splice)]
        self.single_starts = [start for start, _, _ in single]
        self.shifts = [0]
        for start, end, text in single:
            self.shifts.append(self.shifts[-1] + len(text) - (end - start))

    def meets(self, splice: Splice) -> Splice | None:
        """Return the first change of the new version that touches a splice."""
        first = bisect_right(self.starts, splice[0]) - 1
        for other in self.splices[max(0, first) :]:
            if touching(self.old, splice, other):
                return other
            if other[0] > splice[1] and self.old[splice[1] : other[0]].strip():
                break
        return None

    def not_yet_taken(self, splice: Splice) -> list[Splice] | None:
        """Return what is left of a splice of which the new version has taken some words, and no other words beside them.

        ``None`` where it has other words there: a conflict.
        """
        mine = finest(self.old, splice)
        theirs = {one for other in self.splices if touching(self.old, splice, other) for one in finest(self.old, other)}
        if any(touching(self.old, splice, one) and one not in mine for one in theirs):
            return None
        return [one for one in mine if one not in theirs]

    def shifted(self, splice: Splice) -> Splice:
        """Return a splice that meets none, at its offsets in :attr:`text`."""
        shift = self.shifts[bisect_right(self.single_starts, splice[0])] + self.offset
        return splice[0] + shift, splice[1] + shift, splice[2]

    def place(self, splice: Splice) -> tuple[str, Splice] | None:
        """Return the part that a shifted splice lies in, with its offsets there; ``None`` where it touches a cut."""
        start = 0
        for position, (part, text) in enumerate(self.parts):
            end = start + len(text)
            if start <= splice[0] and splice[1] <= end:
                cuts = [start] if position else []
                cuts += [end] if position + 1 < len(self.parts) else []
                if any(touching(self.text, splice, cut_at(self.text, cut)) for cut in cuts):
                    return None
                return part, (splice[0] - start, splice[1] - start, splice[2])
            start = end + 1
        return None
