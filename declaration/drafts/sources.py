"""Who put these words here: the origin of every word of the working text, from the record alone.

The words of the first version come from it; from then on each accepted proposal, each editorial correction and each paragraph that the
Chair restored puts its own. The text package follows the edits that were signed; if what follows is not the working text, letter by
letter, nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from declaration.drafts.composing import working_units
from declaration.errors import Malformed, Refused
from declaration.procedure.state import Amendment, Change, State
from declaration.text import attribution
from declaration.text.attribution import Attribution
from declaration.text.edits import parse_edits
from declaration.text.units import UnitText, of_kind

_OWN_ACTS = {
    "replace": _l("Editorial correction"),
    "delete": _l("Deletion agreed in the meeting"),
    "insert_after": _l("Paragraph restored in the meeting"),
}
"""What acts of the Chair and the secretariat on a paragraph are called, by what they do to its words."""

_BY = {"replace": "secretariat"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where words come from.

    :ivar name: the digest of a proposal or of an act on the paragraph, or the symbol of the first version.
    :ivar symbol: what people call it.
    :ivar parties: who proposed it, the mover first; empty for a version.
    :ivar index: position of its entry.
    :ivar bridges: the proposals that were taken up in it.
    """

    name: str
    symbol: str
    parties: tuple[str, ...]
    index: int
    bridges: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one origin; ``sources`` is empty for words of the first version."""

    text: str
    sources: tuple[Source, ...]


def attribute(state: State) -> Attribution | None:
    """The attribution of the whole working text, or None where it does not follow from the record."""
    first = next(iter(state.versions.values()), None)
    if first is None:
        return None
    try:
        result = attribution.begin(_units_of(state, first.digest), first.symbol)
        for step in state.steps:
            result = attribution.follow(result, {step.source: parse_edits([dict(edit) for edit in step.edits])})
        attribution.require(result, working_units(state))
    except (Refused, Malformed):
        return None
    return result


def runs(state: State, attributed: Attribution, unit: str) -> list[Run]:
    """The words of a unit that stands in the text, by origin."""
    text = state.units[unit].text
    return [
        Run(text[run.start : run.end], tuple(found for origin in run.origins if (found := source(state, origin)) and found.parties))
        for run in attributed.runs.get(unit, ())
    ]


def source(state: State, name: str) -> Source | None:
    """The proposal or version of that name."""
    amendment = state.amendments.get(name)
    if amendment is not None:
        parties = (amendment.proposer, *amendment.sponsors)
        return Source(name, amendment.symbol, parties, amendment.index, taken_up(state, amendment))
    for version in state.versions.values():
        if version.symbol == name:
            return Source(name, name, (), version.index)
    own = next((step for step in state.steps if step.source == name), None)
    if own is not None and name in state.digests:
        return Source(name, str(_OWN_ACTS.get(own.edits[0]["op"], "")), (_BY.get(own.edits[0]["op"], "chair"),), state.digests[name])
    return None


def taken_up(state: State, amendment: Amendment) -> tuple[Amendment, ...]:
    """The proposals that were merged in this one, those that went into them included, in the order in which they were tabled."""
    found: dict[str, Amendment] = {}
    waiting = [amendment.digest]
    while waiting:
        target = waiting.pop()
        for each in state.amendments.values():
            if each.target == target and each.status in ("merged", "parked") and each.digest not in found:
                found[each.digest] = each
                waiting.append(each.digest)
    return tuple(sorted(found.values(), key=lambda each: each.index))


def history(state: State, unit: str) -> list[tuple[Change, Source | None]]:
    """The steps of a unit's history, oldest first, each with the proposal or version that it came from."""
    return [(change, source(state, change.source)) for change in state.history.get(unit, ())]


def _units_of(state: State, digest: str) -> list[UnitText]:
    version = state.version_text(digest)
    if version is None:
        raise Refused("the text of this version is not at hand", code="version.text-missing")
    words = version.texts[state.known.original]
    return [UnitText(row.id, of_kind(row.kind), words[row.id], row.parent) for row in version.manifest.units]
