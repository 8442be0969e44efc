"""Rebasing: what an amendment written for one version says to a later one.

Nothing submitted is rewritten. When the ground moves, every open amendment gets a status against the new version, and where its
words still have their place a *proposed* new revision, which its own head confirms or not:

``unchanged``         every unit it touches reads as before: the edits hold as they are
``rebased``           the text around its words has changed: the proposed edits make the same change there
``partly-absorbed``   some of its changes are in the new version already, the same to the letter; the proposed edits are the rest
``absorbed``          all of them are; a new unit, where it stands at the same place
``conflict``          the new version has changed the same words, or words with nothing but space between
``orphaned``          a unit that it changes is gone, or the place that it moves one to

The two changes (old to amended, old to new) are compared as splices of the old text, as two amendments are in a merge; what does
not touch is shifted. Where a phrase was changed and the new version has taken some of its words, and none but its words, the rest of
the phrase is what is left to propose: there the result is, to the letter, what the amendment said. No text is searched for. Where
units were split or joined, the recorded lineage says where their words went.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from declaration.text.collisions import sentences, words_at
from declaration.text.composition import cut_at
from declaration.text.edits import Delete, Edit, InsertAfter, Join, Move, Replace, Split
from declaration.text.ground import Ground, Way
from declaration.text.splices import Splice, apply_splices
from declaration.text.units import unit_hash

Status = Literal["unchanged", "rebased", "partly-absorbed", "absorbed", "conflict", "orphaned"]


@dataclass(frozen=True, slots=True)
class Rebased:
    """An amendment against a new version.

    :param edits: the proposed edits to the new version; empty unless ``unchanged``, ``rebased`` or ``partly-absorbed``.
    :param text: every unit of the new version that they change, as it would read.
    :param words: for ``conflict`` the words of the old text in question, for ``orphaned`` the units that are gone.
    :param cautions: what a person should look at: ``same-sentence``, ``anchor-gone``, ``stands-elsewhere`` (the words
        of a new unit stand in the new version, at another place).
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
    proposed = _once_a_unit([edit for one in found for edit in one.edits])
    if proposed is None:
        met = {edit.unit for one in found for edit in one.edits if isinstance(edit, Replace)}
        return Rebased("conflict", (), {}, tuple(ground.new[unit].text for unit in sorted(met)), cautions)
    text: dict[str, str] = {}
    for edit in proposed:
        if isinstance(edit, Replace):
            text[edit.unit] = apply_splices(ground.new[edit.unit].text, edit.splices)
        elif isinstance(edit, InsertAfter):
            text[edit.unit] = edit.text
    return Rebased(status, proposed, text, (), cautions)


def _once_a_unit(edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
    """Put the changes of words that have come into one unit, by a join, into one edit; ``None`` where they touch."""
    result: dict[tuple[type[Edit], str], Edit] = {}
    for edit in edits:
        before = result.get((type(edit), edit.unit))
        if isinstance(before, Replace) and isinstance(edit, Replace):
            splices = sorted((*before.splices, *edit.splices))
            if any(one[1] >= other[0] for one, other in pairwise(splices)):
                return None
            result[(Replace, edit.unit)] = replace(before, splices=tuple(splices))
        else:
            result[(type(edit), edit.unit)] = edit
    return tuple(result.values())


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


def _same_sentence(way: Way, left: Sequence[Splice]) -> tuple[str, ...]:
    mine, theirs = sentences(way.old, left), sentences(way.old, way.splices)
    return ("same-sentence",) if set(mine) & set(theirs) else ()


def _insert(edit: InsertAfter, ground: Ground, own: set[str]) -> _One:
    parent, after = edit.parent, edit.after
    if parent is not None and parent not in own:
        parent, gone = ground.anchor(parent)
        if gone:
            return _One("orphaned", words=(edit.parent or "",))
    moved = False
    if after is not None and after not in own:
        after, moved = ground.anchor(after, parent)
    if ground.stands(edit, after, parent):
        return _One("absorbed")
    if edit.unit in ground.new:
        return _One("conflict", words=(ground.new[edit.unit].text,))
    cautions = ("anchor-gone",) if moved else ()
    if (edit.kind, edit.text) in ground.added:
        cautions = (*cautions, "stands-elsewhere")
    result = replace(edit, after=after, parent=parent)
    return _One("unchanged" if result == edit else "rebased", (result,), cautions=cautions)


def _move(edit: Move, ground: Ground, own: set[str]) -> _One:
    if edit.unit in ground.lineage:
        return _One("conflict", words=(ground.old[edit.unit].text,))
    after, moved = (edit.after, False) if edit.after in own else ground.anchor(edit.after)
    if not moved and ground.follows(edit.unit) == after:
        return _One("absorbed")
    no_place = after is None and ground.new[edit.unit].kind == "item"
    if no_place or (after is not None and after not in own and ground.within(after, edit.unit)):
        return _One("orphaned", words=(edit.after or "",))
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
