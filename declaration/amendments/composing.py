"""From what somebody wrote to the edits that are signed.

The redline is computed once, here; its splices go into the statement, and from then on nobody needs a diff.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from declaration.amendments.parts import Part
from declaration.errors import DeclarationError, Malformed, Refused
from declaration.procedure.state import Amendment, State, Unit
from declaration.procedure.working import apply_edits, base_of, result_of
from declaration.text.edits import InsertAfter, Replace, parse_edits
from declaration.text.ground import Ground
from declaration.text.letters import check_letters
from declaration.text.numbering import ADVERBS
from declaration.text.rebase import Rebased, rebase
from declaration.text.redline import splices_between
from declaration.text.units import UnitText, of_kind

_LONGEST = 20_000
_SPACES = re.compile(r"\s+")
_LINES = re.compile(r"[\r\n\v\f\u0085\u2028\u2029]+")

_KIND_BEHIND: Mapping[str, str] = {"item": "operative", "heading": "operative", "title": "preambular", "dateline": "preambular",
                                   "chapeau": "preambular"}  # fmt: skip
"""What a new paragraph is behind a unit of some kind; behind any other kind it is of the same."""


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


def ground_of(state: State, *, amends: str | None = None, revises: str | None = None) -> Mapping[str, Unit]:
    """The text that the words of a draft are about: for a new revision, the one that the proposal itself was made to."""
    if revises is not None and revises in state.amendments:
        return base_of(state, state.amendments[revises])
    return base_units(state, amends)


def edits_of(state: State, *, op: str, unit: str, text: str, amends: str | None = None) -> list[dict[str, Any]]:
    """The edits of a proposal to one paragraph, as its statement carries them; see :func:`edits_together`."""
    return edits_together(state, [Part(op, unit, text)], base_units(state, amends))


def edits_together(state: State, parts: Sequence[Part], units: Mapping[str, Unit], own: Collection[str] = ()) -> list[dict[str, Any]]:
    """The edits of all parts of one proposal, in their order. They hold together or not at all.

    :param units: the text that they are made to.
    :param own: ids of new paragraphs that the proposal has already; a new revision keeps them.
    :raises Refused, Malformed: ``amendment.unit-unknown``, ``amendment.no-change``, ``amendment.empty``, ``amendment.twice``,
        ``amendment.contradiction``, ``amendment.base-changed``, ``amendment.target``, ``amendment.cut``; and as the text refuses.
    """
    edits: list[dict[str, Any]] = []
    fresh = _Fresh(state, own)
    for part in parts:
        if part.unit not in units:
            raise Refused(f"{part.unit} is not in the text", code="amendment.unit-unknown", instead="Choose a paragraph that stands.")
        edits.append(_EDITS[part.op](part, units, fresh))
    named = [(edit["op"], edit["unit"]) for edit in edits]
    if len(set(named)) < len(named):
        raise Refused("one paragraph is changed twice in the same way", code="amendment.twice", instead="Take one of the two out.")
    try:
        apply_edits(dict(units), edits)
    except DeclarationError as error:
        if error.code != "edit.contradiction":
            raise
        raise Refused(
            "two parts of this amendment contradict each other", code="amendment.contradiction", instead="Take one of them out."
        ) from error
    return edits


class _Fresh:
    """Ids for new paragraphs, each given once."""

    def __init__(self, state: State, own: Collection[str]) -> None:
        self._state, self._given, self._own = state, set[str](), list(own)

    def after(self, unit: str) -> str:
        stem = _stem(unit)
        kept = next((each for each in self._own if _stem(each) == stem), None)
        if kept is not None:
            self._own.remove(kept)
        found = kept or next_unit(self._state, unit, self._given)
        self._given.add(found)
        return found


def _replace(part: Part, units: Mapping[str, Unit], fresh: _Fresh) -> dict[str, Any]:
    base, text = _as_written(part, units), cleaned(part.text)
    if text == base.text:
        raise Refused("this changes nothing", code="amendment.no-change", instead="Change the words as they should read.")
    splices = [list(each) for each in splices_between(base.text, text)]
    return {"base": base.sha256, "op": "replace", "splices": splices, "unit": part.unit}


def _insert_after(part: Part, units: Mapping[str, Unit], fresh: _Fresh) -> dict[str, Any]:
    text = cleaned(part.text)
    if not text:
        raise Malformed("a new paragraph needs words", code="amendment.empty", instead="Write the paragraph.")
    kind = units[part.unit].kind
    place = {"after": part.unit, "kind": _KIND_BEHIND.get(kind, kind), "parent": None}
    return {"base": None, "op": "insert_after", "splices": [[0, 0, text]], "unit": fresh.after(part.unit), **place}


def _delete(part: Part, units: Mapping[str, Unit], fresh: _Fresh) -> dict[str, Any]:
    return {"base": _as_written(part, units).sha256, "op": "delete", "splices": [], "unit": part.unit}


def _move(part: Part, units: Mapping[str, Unit], fresh: _Fresh) -> dict[str, Any]:
    after = _target(part, units) if part.target else None
    order = list(units)
    at = order.index(part.unit)
    if after == (order[at - 1] if at else None):
        raise Refused("the paragraph stands there already", code="amendment.no-change", instead="Choose another place.")
    return {"after": after, "base": units[part.unit].sha256, "op": "move", "splices": [], "unit": part.unit}


def _split(part: Part, units: Mapping[str, Unit], fresh: _Fresh) -> dict[str, Any]:
    at = cuts(units[part.unit].text, part.text)
    into = [part.unit, *(fresh.after(part.unit) for _ in at)]
    return {"at": at, "base": units[part.unit].sha256, "into": into, "op": "split", "splices": [], "unit": part.unit}


def _join(part: Part, units: Mapping[str, Unit], fresh: _Fresh) -> dict[str, Any]:
    other = units[_target(part, units)]
    if other.kind != units[part.unit].kind:
        raise Refused("only paragraphs of one kind are joined", code="amendment.target", instead="Choose a paragraph of the same kind.")
    return {
        "base": units[part.unit].sha256, "op": "join", "separator": " ", "splices": [], "unit": part.unit,
        "with": [[other.id, other.sha256]],
    }  # fmt: skip


_EDITS = {"replace": _replace, "insert_after": _insert_after, "delete": _delete, "move": _move, "split": _split, "join": _join}


def _as_written(part: Part, units: Mapping[str, Unit]) -> Unit:
    """The unit, if it still has the words that the part was written for: nothing is applied to words that its author never saw."""
    unit = units[part.unit]
    if part.base and part.base != unit.sha256:
        raise Refused(
            "the words have changed since this was written",
            code="amendment.base-changed",
            instead="The page of the draft shows what has changed, and carries your change over.",
        )
    return unit


def _target(part: Part, units: Mapping[str, Unit]) -> str:
    if not part.target or part.target not in units or part.target == part.unit:
        raise Refused("the other paragraph is not in the text", code="amendment.target-unknown", instead="Choose one from the list.")
    return part.target


def cuts(text: str, written: str) -> list[int]:
    """Where ``written``, the same words with line ends between them, cuts ``text``.

    :raises Refused: ``amendment.cut`` where there is no line end, or the words are others.
    """
    if len(written) > _LONGEST:
        raise Malformed("this paragraph is too long", code="text.too-long", instead=f"Use at most {_LONGEST:,} characters.")
    pieces = [cleaned(piece) for piece in _LINES.split(written) if piece.strip()]
    found, position = [], 0
    for number, piece in enumerate(pieces):
        while position < len(text) and text[position] == " ":
            position += 1
        if number:
            found.append(position)
        if not text.startswith(piece, position):
            position = -1
            break
        position += len(piece)
    if position != len(text):
        raise Refused(
            "a paragraph is split without changing its words",
            code="amendment.cut",
            instead="Put a line end where it is to be cut, and change the words in an amendment of their own.",
        )
    if not found:
        raise Refused("nothing is cut yet", code="amendment.no-change", instead="Put a line end where the paragraph is to be cut.")
    return found


def carried(state: State, part: Part, units: Mapping[str, Unit]) -> Rebased | None:
    """What a change of words that was written for other words says to those that stand now; ``None`` where the old are unknown."""
    old, unit = state.words.get(part.base), units.get(part.unit)
    if old is None or unit is None:
        return None
    kind = of_kind(unit.kind)
    splices = splices_between(old, part.text)
    ground = Ground([UnitText(part.unit, kind, old)], [UnitText(part.unit, kind, unit.text)])
    return rebase([Replace(part.unit, part.base, tuple(splices))], ground) if splices else None


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


def _stem(unit: str) -> str:
    return next((unit.removesuffix(adverb) for adverb in ADVERBS if unit.endswith(adverb)), unit)


def next_unit(state: State, after: str, given: Collection[str] = ()) -> str:
    """The id of a paragraph put in after ``after``: ``OP8bis``, ``OP8ter``. Open proposals hold theirs, so none is taken twice.

    :param given: ids that the same proposal has given already.
    """
    stem = _stem(after)
    taken = set(state.units) | set(state.history) | set(given)
    taken |= {unit for each in state.amendments.values() for edit in each.edits for unit in (edit["unit"], *edit.get("into", ()))}
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
