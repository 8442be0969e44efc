"""One proposal as a page: all its paragraphs together, and everything that was ever done with it, from the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from declaration.amendments import words
from declaration.amendments.proposals import Proposal, proposal, redline_of
from declaration.credentials import contents
from declaration.errors import NotFound
from declaration.forums.models import Forum
from declaration.procedure.act import Act, act_of
from declaration.procedure.state import Amendment, State
from declaration.protocol.entry import parse_entry
from declaration.text.edits import parse_edits
from declaration.text.redline import Change
from declaration.transparency import queries
from declaration.web.access import role_name
from declaration.web.i18n import capital

DEEPEST: Final = 2
"""How deep sub-amendments go: one to a proposal, and one to that."""

SAYS: Final[Mapping[str, object]] = {
    "submit": _l("submitted"),
    "submit_late": _l("submitted late"),
    "table_chair_text": _l("tabled as a text of the Chair"),
    "table_with_break": _l("tabled with a break of silence"),
    "grant_leave": _l("leave given"),
    "refuse_leave": _l("leave refused"),
    "admit": _l("admitted as in order"),
    "rule_inadmissible": _l("ruled inadmissible"),
    "join": _l("joined as co-sponsor"),
    "leave_sponsorship": _l("left as co-sponsor"),
    "revise": _l("revised"),
    "rebase": _l("confirmed against the new words"),
    "accept": _l("accepted"),
    "park": _l("parked, taken up elsewhere"),
    "revive": _l("revived"),
    "not_retain": _l("not retained"),
    "lapse": _l("lapsed"),
    "withdraw": _l("withdrawn"),
    "take_over": _l("taken over"),
}
"""What was done, for a line of the history; who did it stands before."""

_GIVES_WORDS = ("submit", "submit_late", "table_chair_text", "table_with_break", "revise", "rebase")


@dataclass(frozen=True, slots=True)
class Event:
    """One act on a proposal.

    :ivar changes: for an act that gave the proposal its words, the redline of each paragraph; nothing is overwritten.
    :ivar reason: the document that the act names: a rationale, a ruling's reason, a minute.
    """

    name: str
    says: str
    who: str
    at: datetime
    index: int
    changes: Sequence[tuple[str, Sequence[Change]]] = ()
    reason: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """See the module.

    :ivar changed: proposals that amend this one.
    """

    amendment: Amendment
    units: Sequence[tuple[str, Proposal]]
    events: Sequence[Event]
    changed: Sequence[Amendment]
    depth: int


def find(state: State, name: str) -> Amendment:
    """A proposal by the short form of its symbol in an address: ``AM-001`` for ``…/AM/001``.

    :raises NotFound: there is none.
    """
    digest = state.symbols.get(f"{state.declaration}/{name.replace('-', '/')}")
    if digest is None or digest not in state.amendments:
        raise NotFound("there is no such proposal", code="amendment.unknown")
    return state.amendments[digest]


def address(state: State, amendment: Amendment) -> str:
    """The counterpart of :func:`find`."""
    return amendment.symbol.removeprefix(state.declaration + "/").replace("/", "-")


def page(session: Session, forum: Forum, state: State, amendment: Amendment) -> Page:
    """Everything that every participant may see of one proposal."""
    reasons = contents.read_many(session, forum.id, [each for each in (amendment.content, amendment.reason) if each])
    units = [
        (unit, proposal(state, amendment, unit, reasons.get(amendment.content, {}), reasons.get(amendment.reason or "", {})))
        for unit in amendment.units
    ]
    changed = [each for each in state.amendments.values() if each.amends == amendment.digest]
    return Page(amendment, units, history(session, forum, state, amendment), changed, depth(state, amendment))


def depth(state: State, amendment: Amendment) -> int:
    """How deep a proposal stands: 0 for one to the text, 1 for one to that, 2 for one to that again, which is not itself amended."""
    found, parent = 0, amendment.amends
    while parent is not None and parent in state.amendments:
        found, parent = found + 1, state.amendments[parent].amends
    return found


def history(session: Session, forum: Forum, state: State, amendment: Amendment) -> list[Event]:
    """What was done with a proposal, oldest first, read from the record itself."""
    log = queries.find_log(session, forum.origin)
    if log is None:
        return []
    name = amendment.digest.encode()
    found = []
    for index, raw in queries.entries(session, log, amendment.index, min(state.size, log.size)):
        if index != amendment.index and name not in raw:  # most of the record is about other things: look before reading
            continue
        act = act_of(parse_entry(raw), index)
        if act.digest == amendment.digest or (act.object == amendment.digest and act.type.startswith("amendment.")):
            found.append(act)
    documents = contents.read_many(session, forum.id, [each for each in (content_of(act) for act in found) if each])
    return [_event(state, amendment, act, documents) for act in found]


def content_of(act: Act) -> str:
    """The hash of the document that an act names, or empty."""
    content: Any = act.statement.body.get("content")
    return content if isinstance(content, str) else ""


def _event(state: State, amendment: Amendment, act: Act, documents: Mapping[str, Mapping[str, str]]) -> Event:
    name = act.type.removesuffix("-v1").partition(".")[2]
    changes: list[tuple[str, Sequence[Change]]] = []
    if name in _GIVES_WORDS:
        changes = [(each.unit, redline_of(state, amendment, each)[1]) for each in parse_edits([dict(each) for each in act["edits"]])]
    says = str(SAYS.get(name, name.replace("_", " ")))
    return Event(name, says, _who(act), act.at, act.index, changes, documents.get(content_of(act)))


def _who(act: Act) -> str:
    """A delegation by its name, an office by what it is."""
    by = act.statement.by
    return words.party_name(by.party) if by.role in ("head", "member", "chair") else capital(role_name(by.role))
