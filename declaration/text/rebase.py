"""Rebasing: what an amendment written for one version says to a later one.

Nothing submitted is rewritten. When the ground moves, every open amendment gets a status against the new version, and where its
words still have their place a *proposed* new revision, which its own head confirms or not:

``unchanged``         every unit it touches reads as before: the edits hold as they are
``rebased``           the text around its words has changed: the proposed edits make the same change there
``partly-absorbed``   some of its changes are in the new version already, the same to the letter; the proposed edits are the rest
``absorbed``          all of them are
``conflict``          the new version has changed the same words, or words with nothing but space between
``orphaned``          a unit that it changes is gone

The two changes (old to amended, old to new) are compared as splices of the old text, as two amendments are in a merge; what does
not touch is shifted. Where a phrase was changed and the new version has taken some of its words, and none but its words, the rest of
the phrase is what is left to propose: there the result is, to the letter, what the amendment said. No text is searched for. Where
units were split or joined, the recorded lineage says where their words went.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from declaration.errors import Refused
from declaration.text.collisions import sentences, touching, words_at
from declaration.text.composition import cut_at
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.redline import finest, splices_between
from declaration.text.splices import Splice, apply_splices
from declaration.text.units import UnitText, unit_hash

Status = Literal["unchanged", "rebased", "partly-absorbed", "absorbed", "conflict", "orphaned"]


@dataclass(frozen=True, slots=True)
class Rebased:
    """An amendment against a new version.

    :param edits: the proposed edits to the new version; empty unless ``unchanged``, ``rebased`` or ``partly-absorbed``.
    :param text: every unit of the new version that they change, as it would read.
    :param words: for ``conflict`` the words of the old text in question, for ``orphaned`` the units that are gone.
    :param cautions: what a person should look at: ``same-sentence``, ``anchor-gone``.
    """

    status: Status
    edits: tuple[Edit, ...]
    text: Mapping[str, str]
    words: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _One:
    """One edit against the new version."""

    status: Status
    edits: tuple[Edit, ...] = ()
    words: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


class Ground:
    """The way from an old version to a new one, worked out once for all open amendments.

    :param lineage: for every unit that was split or joined, the units of the new version that its words went to.
    """

    def __init__(self, old: Sequence[UnitText], new: Sequence[UnitText], lineage: Mapping[str, Sequence[str]] | None = None) -> None:
        self.old = {unit.id: unit for unit in old}
        self.new = {unit.id: unit for unit in new}
        self.lineage = {unit: tuple(into) for unit, into in (lineage or {}).items()}
        self.order = [unit.id for unit in old]
        self.added = {(unit.kind, unit.text): unit.id for unit in new if unit.id not in self.old}
        self._before = {unit.id: before for before, unit in zip([None, *self.order], old, strict=False)}
        self._after_in_new = {unit.id: before for before, unit in zip([None, *self.new], new, strict=False)}
        self._old_hashes: dict[str, str] = {}
        self._ways: dict[str, _Way] = {}

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

    def way(self, unit: str) -> _Way:
        """Return how a unit's words changed on the way; its words are found in one unit of the new version or in several."""
        if unit not in self._ways:
            parts = [part for part in self.lineage.get(unit, (unit,)) if part in self.new]
            self._ways[unit] = _Way(self.old[unit].text, [(part, self.new[part].text) for part in parts], self._joined(unit))
        return self._ways[unit]

    def _joined(self, unit: str) -> tuple[str, str]:
        """What stands before and after a joined unit's words in the new version, where all members of the join are as they were."""
        into = self.lineage.get(unit, ())
        if len(into) != 1:
            return "", ""
        members = [other for other in self.order if self.lineage.get(other) == into]
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

    def anchor(self, unit: str | None) -> tuple[str | None, bool]:
        """Return the unit of the new version that stands where ``unit`` stood, and whether it is another one."""
        at = unit
        while at is not None:
            found = self.lineage.get(at, (at,))
            if found[-1] in self.new:
                return found[-1], at != unit
            at = self._before.get(at)
        return None, unit is not None

    def follows(self, unit: str) -> str | None:
        """Return the unit before ``unit`` in the new version."""
        return self._after_in_new.get(unit)


class _Way:
    """How the words of one unit changed: splices of its old text, and where the parts begin in the new one."""

    def __init__(self, old: str, parts: Sequence[tuple[str, str]], around: tuple[str, str]) -> None:
        self.old = old
        self.parts = parts
        self.text = " ".join(text for _, text in parts)
        self.offset = len(around[0])
        inner = self.text[self.offset : len(self.text) - len(around[1])]
        self.splices = splices_between(old, inner)
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


def rebase(edits: Sequence[Edit], ground: Ground) -> Rebased:
    """Return the status of an amendment against a new version and, where it has one, the proposed revision.

    :param edits: the amendment's edits to the old version, which they must fit.
    :raises Refused: ``edit.unit-unknown``, ``edit.base-changed``
    """
    for edit in edits:
        if not isinstance(edit, InsertAfter):
            ground.require(edit.unit, edit.base)
    own = {edit.unit for edit in edits if isinstance(edit, InsertAfter)} | {
        part for edit in edits if isinstance(edit, Split) for part in edit.into
    }
    found = [_rebase_one(edit, ground, own) for edit in edits]
    status = _together([one.status for one in found])
    cautions = tuple(dict.fromkeys(caution for one in found for caution in one.cautions))
    if status in ("conflict", "orphaned"):
        return Rebased(status, (), {}, tuple(word for one in found if one.status == status for word in one.words), cautions)
    proposed = tuple(edit for one in found for edit in one.edits)
    text: dict[str, str] = {}
    for edit in proposed:
        if isinstance(edit, Replace):
            text[edit.unit] = apply_splices(ground.new[edit.unit].text, edit.splices)
        elif isinstance(edit, InsertAfter):
            text[edit.unit] = edit.text
    return Rebased(status, proposed, text, (), cautions)


def _together(statuses: Sequence[Status]) -> Status:
    if "conflict" in statuses:
        return "conflict"
    if "orphaned" in statuses:
        return "orphaned"
    if all(status == "absorbed" for status in statuses):
        return "absorbed"
    if "absorbed" in statuses or "partly-absorbed" in statuses:
        return "partly-absorbed"
    return "rebased" if "rebased" in statuses else "unchanged"


def _rebase_one(edit: Edit, ground: Ground, own: set[str]) -> _One:
    if isinstance(edit, InsertAfter):
        return _insert(edit, ground, own)
    if isinstance(edit, Join):
        return _join(edit, ground)
    if isinstance(edit, Delete) and edit.unit not in ground.new and edit.unit not in ground.lineage:
        return _One("absorbed")
    if edit.unit not in ground.new and edit.unit not in ground.lineage:
        return _One("orphaned", words=(edit.unit,))
    if isinstance(edit, Move):
        return _move(edit, ground, own)
    if ground.same(edit.unit):
        return _One("unchanged", (edit,))
    if isinstance(edit, Delete):
        # Who proposed to take these words out has not seen the new ones.
        return _One("conflict", words=_changed_words(ground, edit.unit))
    if isinstance(edit, Split):
        return _split(edit, ground)
    return _replace(edit, ground)


def _changed_words(ground: Ground, unit: str) -> tuple[str, ...]:
    text = ground.old[unit].text
    return tuple(words_at(text, start, end) for start, end, _ in ground.way(unit).splices) or (text,)


def _replace(edit: Replace, ground: Ground) -> _One:
    way = ground.way(edit.unit)
    if way.text == apply_splices(way.old, edit.splices):
        return _One("absorbed")
    left: list[Splice] = []
    met: list[tuple[Splice, Splice]] = []
    for splice in edit.splices:
        if splice in way.known:
            continue
        other = way.meets(splice)
        rest = [splice] if other is None else way.not_yet_taken(splice)
        if rest is None and other is not None:
            met.append((splice, other))
        else:
            left += rest or []
    if met:
        return _One("conflict", words=_words(way.old, met))
    if not left:
        return _One("absorbed")
    by_part: dict[str, list[Splice]] = {}
    for splice in left:
        placed = way.place(way.shifted(splice))
        if placed is None:
            return _One("conflict", words=(words_at(way.old, splice[0], splice[1]),))
        by_part.setdefault(placed[0], []).append(placed[1])
    edits = tuple(Replace(part, unit_hash(ground.new[part].text), tuple(splices)) for part, splices in by_part.items())
    whole: Status = "rebased" if left == list(edit.splices) else "partly-absorbed"
    return _One(whole, edits, cautions=_same_sentence(way, left))


def _words(old: str, met: Sequence[tuple[Splice, Splice]]) -> tuple[str, ...]:
    return tuple(words_at(old, min(one[0], other[0]), max(one[1], other[1])) for one, other in met)


def _same_sentence(way: _Way, left: Sequence[Splice]) -> tuple[str, ...]:
    mine, theirs = sentences(way.old, left), sentences(way.old, way.splices)
    return ("same-sentence",) if set(mine) & set(theirs) else ()


def _insert(edit: InsertAfter, ground: Ground, own: set[str]) -> _One:
    if (edit.kind, edit.text) in ground.added:
        return _One("absorbed")
    if edit.unit in ground.new:
        return _One("conflict", words=(ground.new[edit.unit].text,))
    parent, after = edit.parent, edit.after
    if parent is not None and parent not in own:
        parent, gone = ground.anchor(parent)
        if gone:
            return _One("orphaned", words=(edit.parent or "",))
    moved = False
    if after is not None and after not in own:
        after, moved = ground.anchor(after)
    result = replace(edit, after=after, parent=parent)
    if result == edit:
        return _One("unchanged", (edit,))
    return _One("rebased", (result,), cautions=("anchor-gone",) if moved else ())


def _move(edit: Move, ground: Ground, own: set[str]) -> _One:
    if edit.unit in ground.lineage:
        return _One("conflict", words=(ground.old[edit.unit].text,))
    after, moved = (edit.after, False) if edit.after in own else ground.anchor(edit.after)
    if not moved and ground.follows(edit.unit) == after:
        return _One("absorbed")
    result = Move(edit.unit, unit_hash(ground.new[edit.unit].text), after)
    if result == edit:
        return _One("unchanged", (edit,))
    return _One("rebased", (result,), cautions=("anchor-gone",) if moved else ())


def _split(edit: Split, ground: Ground) -> _One:
    way = ground.way(edit.unit)
    cuts = [cut_at(way.old, at) for at in edit.at]
    met = [(cut, other) for cut in cuts if (other := way.meets(cut))]
    if met or edit.unit in ground.lineage:
        return _One("conflict", words=_words(way.old, met) or (way.old,))
    at = tuple(way.shifted((offset, offset, ""))[0] for offset in edit.at)
    return _One("rebased", (replace(edit, base=unit_hash(ground.new[edit.unit].text), at=at),))


def _join(edit: Join, ground: Ground) -> _One:
    units = [edit.unit, *(part for part, _ in edit.parts)]
    if any(unit in ground.lineage for unit in units):
        return _One("conflict", words=tuple(unit for unit in units if unit in ground.lineage))
    gone = tuple(unit for unit in units if unit not in ground.new)
    if gone:
        return _One("orphaned", words=gone)
    parts = tuple((part, unit_hash(ground.new[part].text)) for part, _ in edit.parts)
    result = replace(edit, base=unit_hash(ground.new[edit.unit].text), parts=parts)
    return _One("unchanged" if result == edit else "rebased", (result,))
