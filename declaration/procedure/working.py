"""The working text: the current version with what has been accepted since, in the original language.

An amendment's edits are exact: each names its unit by id and, by hash, the words it was written for. They are applied all or
none. Nothing is searched for, nothing is guessed: where a unit no longer has those words the amendment is *stale*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from declaration.errors import Refused
from declaration.procedure.state import Amendment, State, Unit
from declaration.text.splices import apply_splices
from declaration.text.units import unit_hash

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

    :raises Refused: ``amendment.base-changed`` where the text has moved on.
    """
    return apply_edits(base_of(state, amendment), amendment.edits)


def is_stale(state: State, amendment: Amendment) -> bool:
    """Whether the words that the amendment was written for are no longer those of the text."""
    try:
        result_of(state, amendment)
    except Refused:
        return True
    return False


def apply_edits(units: Units, edits: Sequence[Mapping[str, Any]]) -> Units:
    """Return ``units`` with all of ``edits`` applied in their order.

    :raises Refused: ``amendment.base-changed``, ``amendment.unit-unknown``, ``amendment.unit-exists`` or ``amendment.splices``.
    """
    result = units
    for edit in edits:
        result = _OPERATIONS[edit["op"]](result, edit)
    return result


def _based(units: Units, edit: Mapping[str, Any]) -> Unit:
    unit = units.get(edit["unit"])
    if unit is None:
        raise Refused(
            f"{edit['unit']} is not in the text",
            code="amendment.unit-unknown",
            instead="Propose a new paragraph, or amend one that stands in the text.",
        )
    if unit.sha256 != edit["base"]:
        raise Refused(
            f"{edit['unit']} has changed since this was written",
            code="amendment.base-changed",
            instead="The proposer's head can confirm it against the new words.",
        )
    return unit


def _spliced(text: str, splices: Sequence[Sequence[Any]]) -> str:
    return apply_splices(text, [(start, end, new) for start, end, new in splices])


def _replace(units: Units, edit: Mapping[str, Any]) -> Units:
    unit = _based(units, edit)
    text = _spliced(unit.text, edit["splices"])
    if not text.strip():
        raise Refused(
            f"{unit.id} would be left empty",
            code="amendment.empties-unit",
            instead="Propose to delete the paragraph.",
        )
    return {**units, unit.id: Unit(unit.id, unit.kind, unit.parent, text, unit_hash(text))}


def _insert_after(units: Units, edit: Mapping[str, Any]) -> Units:
    if edit["unit"] in units:
        raise Refused(
            f"there is already a unit {edit['unit']}",
            code="amendment.unit-exists",
            instead="Choose the next free name, such as bis or ter.",
        )
    text = _spliced("", edit["splices"])
    return _placed(units, edit["after"], Unit(edit["unit"], edit["kind"], edit["parent"], text, unit_hash(text)))


def _delete(units: Units, edit: Mapping[str, Any]) -> Units:
    unit = _based(units, edit)
    return {key: value for key, value in units.items() if key != unit.id}


def _move(units: Units, edit: Mapping[str, Any]) -> Units:
    unit = _based(units, edit)
    rest = {key: value for key, value in units.items() if key != unit.id}
    return _placed(rest, edit["after"], unit)


def _placed(units: Units, after: str | None, unit: Unit) -> Units:
    if after is not None and after not in units:
        raise Refused(f"{after} is not in the text", code="amendment.unit-unknown", instead="Name a paragraph that stands.")
    result: Units = {unit.id: unit} if after is None else {}
    for key, value in units.items():
        result[key] = value
        if key == after:
            result[unit.id] = unit
    return result


_OPERATIONS = {"replace": _replace, "insert_after": _insert_after, "delete": _delete, "move": _move}
