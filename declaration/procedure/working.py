"""The working text: the current version with what has been accepted since, in the original language.

An amendment's edits are exact: each names its unit by id and, by hash, the words it was written for. They are applied all or
none. Nothing is searched for, nothing is guessed: where a unit no longer has those words the amendment is *stale*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from declaration.errors import Malformed, Refused
from declaration.procedure.state import Amendment, State, Unit
from declaration.text import merge
from declaration.text.edits import parse_edits
from declaration.text.units import UnitText, of_kind, unit_hash

Units = dict[str, Unit]


def units_of(state: State, digest: str) -> Units:
    """The units of a version in the original language, in document order.

    :raises Refused: ``version.text-missing`` or ``version.original-missing``.
    """
    version = state.version_text(digest)
    original = state.known.original
    if original not in version.texts:
        raise Refused("the version lacks the original language", code="version.original-missing")
    texts = version.texts[original]
    return {row.id: Unit(row.id, row.kind, row.parent, texts[row.id], row.sha256[original]) for row in version.manifest.units}


def base_of(state: State, amendment: Amendment) -> Units:
    """The text that an amendment's edits are meant for: the working text, or what the amended proposal would make of it."""
    if amendment.amends is None:
        return dict(state.units)
    return result_of(state, state.amendments[amendment.amends])


def result_of(state: State, amendment: Amendment) -> Units:
    """The working text as it would read with ``amendment`` and, for a sub-amendment, with the proposal that it amends.

    :raises Refused: ``edit.base-changed`` where the text has moved on; and as :func:`apply_edits`.
    """
    return apply_edits(base_of(state, amendment), amendment.edits)


def is_stale(state: State, amendment: Amendment) -> bool:
    """Whether the words that the amendment was written for are no longer those of the text."""
    try:
        result_of(state, amendment)
    except (Refused, Malformed):
        return True
    return False


def apply_edits(units: Units, edits: Sequence[Mapping[str, Any]]) -> Units:
    """Return ``units`` with all of ``edits`` applied, or none.

    :raises Refused, Malformed: ``edit.base-changed``, ``edit.unit-unknown``, ``edit.unit-exists``, ``edit.contradiction``,
        ``splice.*``; ``unit.parent`` and ``unit.level`` where a list item would stand apart from its paragraph or four levels deep;
        ``amendment.empties-unit`` where a paragraph would be left without words.
    """
    base = [UnitText(unit.id, of_kind(unit.kind), unit.text, unit.parent) for unit in units.values()]
    result: Units = {}
    for made in merge.apply_edits(base, parse_edits(list(edits))):
        before = units.get(made.id)
        if before is not None and (before.text, before.parent) == (made.text, made.parent):
            result[made.id] = before
            continue
        if not made.text.strip():
            raise Refused(f"{made.id} would be left empty", code="amendment.empties-unit", instead="Propose to delete the paragraph.")
        result[made.id] = Unit(made.id, made.kind, made.parent, made.text, unit_hash(made.text))
    return result
