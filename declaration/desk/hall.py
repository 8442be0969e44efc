"""One paragraph for the plenary hall: the words with their brackets, who stands behind each, how large they can be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from declaration.amendments import proposals
from declaration.amendments.composing import short
from declaration.drafts import views
from declaration.drafts.composing import working_units
from declaration.errors import DeclarationError
from declaration.forums.models import Forum
from declaration.procedure import consequences
from declaration.procedure.state import Amendment, State
from declaration.procedure.working import result_of
from declaration.text.edits import parse_edits
from declaration.text.rolling import Alternative, Block, Proposal, rolling
from declaration.web.i18n import language

LONG, LONGEST = 320, 520
"""From so many letters in the longer language the words are set smaller, and smaller again."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words; ``by`` are the tags of those who want the change."""

    op: str
    text: str
    by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """A proposal that stands beside the line: an alternative, a new paragraph, a deletion."""

    word: str
    by: Sequence[str]
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the hall reads.

    :ivar sha256: of the words as they stand, or as the Chair's text would make them; None where something else is proposed.
    :ivar chair: this is the Chair's text.
    :ivar several: more than one proposal is open.
    """

    pieces: Sequence[Piece]
    wholes: Sequence[Whole]
    sha256: str | None
    chair: bool = False
    several: bool = False

    @property
    def letters(self) -> int:
        return sum(len(each.text) for each in (*self.pieces, *(piece for whole in self.wholes for piece in whole.pieces)))


def shown(state: State, forum: Forum, unit: str) -> Shown:
    """One unit: under a Chair's text that alone, otherwise every open proposal in one reading."""
    open_ones = [each for each in consequences.proposals_on(state, unit) if each.open]
    standing = state.units.get(unit)
    silent = next((each for each in open_ones if each.status == "in_silence"), None)
    chair = next((each for each in reversed(open_ones) if each.kind == "chair_text" and each.status == "admitted"), None)
    if silent is not None or (chair is not None and standing is not None):
        return _one(state, forum, unit, silent or chair or open_ones[0])
    if standing is None:
        wholes = _new(state, forum, unit, open_ones)
        return Shown((), wholes, None, several=len(open_ones) > 1)
    if not open_ones:
        return Shown((Piece("equal", standing.text),), (), standing.sha256)
    try:
        block = next(each for each in rolling(working_units(state), open_proposals(state, forum)) if each.unit and each.unit.id == unit)
    except (DeclarationError, StopIteration):
        return Shown((Piece("equal", standing.text),), (), None, several=len(open_ones) > 1)
    wholes = [whole_of(each) for each in block.alternatives if each.unit == unit]
    return Shown(pieces_of(block), wholes, None, several=len(open_ones) > 1)


def pieces_of(block: Block) -> list[Piece]:
    """The line of a unit in a rolling text."""
    return _tagged([Piece(run.op, run.text, run.owners) for run in block.runs])


def whole_of(each: Alternative) -> Whole:
    """What stands below the line of a unit."""
    return Whole(_word(each.kind), each.owners, _words(each))


def _words(each: Alternative) -> list[Piece]:
    """A sub-amendment's words before and after, or the words of an alternative; nothing for a deletion."""
    if each.kind == "sub" and len(each.texts) == 2:
        return [Piece("delete", each.texts[0]), Piece("equal", " "), Piece("insert", each.texts[1])]
    return [Piece("insert", text) for text in each.texts if each.kind != "delete"]


def size(letters: int) -> str:
    """The class of a text of so many letters."""
    return " hall--longest" if letters >= LONGEST else " hall--long" if letters >= LONG else ""


def _one(state: State, forum: Forum, unit: str, amendment: Amendment) -> Shown:
    tag = views.party_tag(forum, amendment.proposer, language())
    changes = proposals.proposal(state, amendment, unit, {}).changes
    pieces = _tagged([Piece(each.op, each.text, () if each.op == "equal" else (tag,)) for each in changes])
    try:
        made = result_of(state, amendment).get(unit)
    except DeclarationError:
        made = None
    return Shown(pieces, (), made.sha256 if made else None, chair=amendment.kind == "chair_text")


def _tagged(pieces: Sequence[Piece]) -> list[Piece]:
    """The tags once for words that are taken out and those that come in their place."""
    following = [*pieces[1:], Piece("equal", "")]
    return [
        replace(each, by=()) if each.op == "delete" and after.op == "insert" and after.by == each.by else each
        for each, after in zip(pieces, following, strict=True)
    ]


def _new(state: State, forum: Forum, unit: str, open_ones: Sequence[Amendment]) -> list[Whole]:
    found = []
    for each in open_ones:
        for edit in parse_edits([dict(edit) for edit in each.edits]):
            text = getattr(edit, "text", None)
            if edit.unit == unit and isinstance(text, str):
                found.append(Whole("", _owners(forum, each), [Piece("insert", text)]))
    return found


def open_proposals(state: State, forum: Forum) -> list[Proposal]:
    """Every open proposal as a rolling text takes it."""
    return [
        Proposal(
            name=short(state, each),
            owners=_owners(forum, each),
            edits=tuple(parse_edits([dict(edit) for edit in each.edits])),
            amends=short(state, state.amendments[each.amends]) if each.amends else None,
        )
        for each in state.amendments.values()
        if each.open and (each.amends is None or state.amendments[each.amends].open)
    ]


def _owners(forum: Forum, amendment: Amendment) -> tuple[str, ...]:
    return tuple(views.party_tag(forum, party, language()) for party in (amendment.proposer, *amendment.sponsors))


def _word(kind: str) -> str:
    return {
        "alt": str(_("Instead of the paragraph")),
        "new": str(_("New paragraph")),
        "move": str(_("Moves")),
        "split": str(_("Split in two")),
        "join": str(_("Joined into one")),
        "delete": str(_("Delete the paragraph")),
        "sub": str(_("Amends an amendment")),
    }[kind]
