"""A paragraph with everything proposed on it, as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from declaration.amendments import showing
from declaration.amendments.composing import base_units, rebased, short
from declaration.credentials import contents
from declaration.errors import DeclarationError
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import Amendment, State, Unit, units_of_edits
from declaration.text.collisions import Collision, collisions
from declaration.text.edits import Edit, InsertAfter, Replace, parse_edits
from declaration.text.redline import Change, changes_of
from declaration.text.splices import Splice

SHOWN = ("submitted", "late", "admitted", "in_silence", "stale", "parked")
"""Statuses of proposals that still wait for something."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One amendment as far as it touches one paragraph.

    :ivar op: ``replace``, ``insert_after``, ``delete`` or another operation of an edit.
    :ivar changes: the redline that was signed; for a new paragraph, all of it as added.
    :ivar rationale: text and language, or empty where it is withheld.
    :ivar decision: the same of the reason that was given when it was decided.
    :ivar sources: for a Chair's text, the proposals that it takes up.
    :ivar carried: for a stale one, what it would say to the words as they are now; ``question`` names the words in the way.
    :ivar label: what it does to the paragraph, where that is more than a change of words.
    """

    amendment: Amendment
    short: str
    status: str
    op: str
    changes: tuple[Change, ...]
    rationale: Mapping[str, str]
    decision: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Amendment, ...] = ()
    parent: Amendment | None = None
    others: tuple[str, ...] = ()
    carried: tuple[Change, ...] = ()
    label: str = ""
    question: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A unit of the working text with its proposals and what collides in it.

    :ivar proposals: those that are open or parked, what is on the table first.
    """

    unit: Unit | None
    id: str
    status: str
    proposals: tuple[Proposal, ...]
    decided: tuple[Proposal, ...]
    collisions: tuple[Collision, ...]
    marked: tuple[tuple[str, int], ...] = field(default=())

    @property
    def open(self) -> tuple[Proposal, ...]:
        """Proposals on the table, parked ones not among them."""
        return tuple(each for each in self.proposals if each.status != "parked")


def paragraph(session: Session, forum: Forum, state: State, unit: str, *, now: datetime) -> Paragraph:
    """Everything about one unit that every participant may see."""
    found = consequences.proposals_on(state, unit)
    reasons = contents.read_many(session, forum.id, [digest for each in found for digest in (each.content, each.reason) if digest])
    made = [proposal(state, each, unit, reasons.get(each.content, {}), reasons.get(each.reason or "", {})) for each in found]
    standing = state.units.get(unit)
    clashes = _collisions(state, standing, found) if standing is not None else []
    return Paragraph(
        unit=standing,
        id=unit,
        status=consequences.paragraph_status(state, unit),
        proposals=tuple(sorted((each for each in made if each.status in SHOWN), key=lambda each: each.status == "parked")),
        decided=tuple(each for each in made if each.status not in SHOWN),
        collisions=tuple(clashes),
        marked=tuple(marked(standing.text, clashes)) if standing is not None else (),
    )


def proposal(
    state: State, amendment: Amendment, unit: str, rationale: Mapping[str, str], decision: Mapping[str, str] | None = None
) -> Proposal:
    """One amendment on one unit."""
    status = consequences.amendment_status(state, amendment)
    op, changes, label = _changes(state, amendment, unit)
    carried, question = _carried(state, amendment, unit) if status == "stale" else ((), ())
    return Proposal(
        amendment=amendment,
        short=short(state, amendment),
        status=status,
        op=op,
        changes=tuple(changes),
        rationale=rationale,
        decision=decision or {},
        sources=tuple(state.amendments[each] for each in amendment.sources if each in state.amendments),
        parent=state.amendments.get(amendment.amends or ""),
        others=tuple(each for each in amendment.units if each != unit),
        carried=tuple(carried),
        label=label,
        question=question,
    )


def _changes(state: State, amendment: Amendment, unit: str) -> tuple[str, Sequence[Change], str]:
    """The operation, the redline and the remark of what an amendment does to one unit: a change of words first, if it has one.

    A paragraph that is joined on to another, or comes of a split, is shown with the whole of that edit.
    """
    found = parse_edits([dict(each) for each in amendment.edits if unit in units_of_edits([each])])
    found.sort(key=lambda each: not isinstance(each, Replace))
    op, changes = redline_of(state, amendment, found[0])
    remarks = [showing.label(operation(each), showing.target_of(each)) for each in found]
    return op, changes, " ".join(each for each in remarks if each)


def redline_of(state: State, amendment: Amendment, edit: Edit) -> tuple[str, Sequence[Change]]:
    """An edit of a proposal: its operation, and the redline on the words that it was made for; empty where those are not known."""
    if isinstance(edit, InsertAfter):
        return "insert_after", showing.of_edit(edit, "", {})
    base = _base_text(state, amendment, edit.unit, edit.base)
    return operation(edit), showing.of_edit(edit, base, state.words) if base is not None else []


def operation(edit: Edit) -> str:
    """What an edit is called in a statement."""
    return {
        "Replace": "replace", "InsertAfter": "insert_after", "Delete": "delete", "Move": "move", "Split": "split", "Join": "join",
    }[type(edit).__name__]  # fmt: skip


def _base_text(state: State, amendment: Amendment, unit: str, base: str) -> str | None:
    if base in state.words:
        return state.words[base]
    try:
        found = base_units(state, amendment.amends).get(unit)
    except DeclarationError:
        return None
    return found.text if found is not None and found.sha256 == base else None


def _carried(state: State, amendment: Amendment, unit: str) -> tuple[Sequence[Change], tuple[str, ...]]:
    """What a stale proposal would say to the words as they are now; where it cannot be carried over, the words in question."""
    try:
        proposed = rebased(state, amendment)
    except DeclarationError:
        return (), ()
    for edit in proposed.edits:
        if isinstance(edit, Replace) and edit.unit == unit:
            return changes_of(state.units[unit].text, edit.splices), ()
    return (), proposed.words


def _collisions(state: State, unit: Unit, found: Sequence[Amendment]) -> list[Collision]:
    """Which open proposals to the words as they stand want different things of the same words."""
    splices: dict[str, list[Splice]] = {}
    for each in found:
        if each.amends is not None or not each.open:
            continue
        for edit in each.edits:
            if edit["unit"] == unit.id and edit["base"] == unit.sha256:
                if edit["op"] == "replace":
                    splices[short(state, each)] = [(start, end, text) for start, end, text in edit["splices"]]
                elif edit["op"] == "delete":
                    splices[short(state, each)] = [(0, len(unit.text), "")]
    return collisions(unit.text, splices)


def marked(text: str, clashes: Sequence[Collision]) -> list[tuple[str, int]]:
    """The base text in pieces, each with the number of the collision that it belongs to (0: none)."""
    pieces: list[tuple[str, int]] = []
    position = 0
    for number, clash in enumerate(clashes, 1):
        start, end = clash.start, clash.end
        if start == end:  # between two words: box the word after it, so that there is something to see
            end = text.find(" ", start + 1) if text.find(" ", start + 1) > 0 else len(text)
        start = max(start, position)
        if position < start:
            pieces.append((text[position:start], 0))
        pieces.append((text[start:end], number))
        position = max(end, start)
    if position < len(text):
        pieces.append((text[position:], 0))
    return pieces
