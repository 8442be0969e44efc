"""From what somebody wrote to the edits that are signed.

The redline is computed once, here; its splices go into the statement, and from then on nobody needs a diff.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from declaration.errors import Malformed, Refused
from declaration.procedure.state import Amendment, State, Unit
from declaration.procedure.working import result_of
from declaration.protocol.manifest import unit_hash
from declaration.text.edits import InsertAfter, parse_edits
from declaration.text.ground import Ground
from declaration.text.letters import check_letters
from declaration.text.numbering import ADVERBS
from declaration.text.rebase import Rebased, rebase
from declaration.text.redline import splices_between
from declaration.text.units import UnitText, of_kind

_LONGEST = 20_000
_SPACES = re.compile(r"\s+")


def cleaned(written: str) -> str:
    """What was written as one line in NFC, with single spaces: line ends and doubled spaces of a paste are no amendment.

    :raises Malformed: ``text.too-long``, or a letter that may not stand in a text.
    """
    if len(written) > _LONGEST:
        raise Malformed("this paragraph is too long", code="text.too-long", instead=f"Use at most {_LONGEST:,} characters.")
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", written).strip())
    check_letters(text)
    return text


def base_units(state: State, amends: str | None) -> Mapping[str, Unit]:
    """The text that a proposal is written for: the working text, or what the proposal that it amends would make of it."""
    return state.units if amends is None else result_of(state, state.amendments[amends])


def edits_of(state: State, *, op: str, unit: str, text: str, amends: str | None = None) -> list[dict[str, Any]]:
    """The edits of one proposal, as its statement carries them.

    :raises Refused: ``amendment.unit-unknown``, ``amendment.no-change``.
    """
    units = base_units(state, amends)
    if unit not in units:
        raise Refused(f"{unit} is not in the text", code="amendment.unit-unknown", instead="Choose a paragraph that stands.")
    base = units[unit]
    if op == "delete":
        return [{"base": base.sha256, "op": "delete", "splices": [], "unit": unit}]
    if op == "insert_after":
        if not text:
            raise Malformed("a new paragraph needs words", code="amendment.empty", instead="Write the paragraph.")
        fresh = next_unit(state, unit)
        place = {"after": unit, "kind": "operative" if base.kind == "item" else base.kind, "parent": None}
        return [{"base": None, "op": "insert_after", "splices": [[0, 0, text]], "unit": fresh, **place}]
    if text == base.text:
        raise Refused("this changes nothing", code="amendment.no-change", instead="Change the words as they should read.")
    splices = [list(each) for each in splices_between(base.text, text)]
    return [{"base": unit_hash(base.text), "op": "replace", "splices": splices, "unit": unit}]


def rebased(state: State, amendment: Amendment) -> Rebased:
    """What an amendment says to the text as it is now, for its proposer to confirm or not.

    :raises Refused: ``amendment.rebase`` for a sub-amendment, whose ground is another proposal.
    """
    if amendment.amends is not None:
        raise Refused("a sub-amendment follows the proposal that it amends", code="amendment.rebase", instead="Submit it anew.")
    edits = parse_edits([dict(edit) for edit in amendment.edits])
    new = [UnitText(unit.id, of_kind(unit.kind), unit.text, unit.parent) for unit in state.units.values()]
    bases = {edit.unit: edit.base for edit in edits if not isinstance(edit, InsertAfter)}
    old = [UnitText(each.id, each.kind, state.words.get(bases.get(each.id, ""), each.text), each.parent) for each in new]
    old += [
        UnitText(unit, "operative", state.words[base]) for unit, base in bases.items() if unit not in state.units and base in state.words
    ]
    return rebase(edits, Ground(old, new))


def next_unit(state: State, after: str) -> str:
    """The id of a paragraph put in after ``after``: ``OP8bis``, ``OP8ter``. Open proposals hold theirs, so none is taken twice."""
    stem = next((after.removesuffix(adverb) for adverb in ADVERBS if after.endswith(adverb)), after)
    taken = set(state.units) | set(state.history)
    taken |= {unit for each in state.amendments.values() for unit in each.units}
    for adverb in ADVERBS:
        if f"{stem}{adverb}" not in taken:
            return f"{stem}{adverb}"
    raise Refused("no more paragraphs can be put in here", code="amendment.unit-exists", instead="Amend the one before.")


def next_symbol(state: State) -> str:
    """The next free symbol for a proposal: ``OTSNGO/2025/JD/AM/021``.

    Only what is in the record counts, so the number says nothing about what other delegations are writing.
    """
    stem = f"{state.declaration}/AM/"
    numbers = [int(symbol.removeprefix(stem)) for symbol in state.symbols if symbol.startswith(stem) and symbol[len(stem) :].isdigit()]
    return f"{stem}{max(numbers, default=0) + 1:03}"


def short(state: State, amendment: Amendment) -> str:
    """``AM/021``, as people say it."""
    return amendment.symbol.removeprefix(state.declaration + "/")


def number_of(state: State, unit: str) -> str | None:
    """The number that a unit bears in the current version, or ``None``."""
    if state.current is None:
        return None
    version = state.version_text(state.current)
    return next((row.number for row in version.manifest.units if row.id == unit), None)


def neighbours(state: State, unit: str) -> tuple[str | None, str | None]:
    """The units before and after, for going on."""
    order = list(state.units)
    if unit not in order:
        return None, None
    at = order.index(unit)
    return (order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None)
