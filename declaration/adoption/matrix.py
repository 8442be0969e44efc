"""Where each delegation stands on each paragraph: what the record says, and nothing that a delegation did not do.

=============  ================================================================================================
``reserve``    it has placed a reserve, and not lifted it
``agrees``     it moved or joined the words that stand, or its head has confirmed the whole text
``present``    it was in the room when the paragraph was put to the meeting, and stated no objection
``silent``     the words were agreed by silence, which it did not break
``absent``     it was not in the room when the paragraph was put
``""``         the paragraph is not settled, or nobody proposed anything to it
=============  ================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from declaration.drafts import views
from declaration.forums.delegations import Delegation
from declaration.procedure import consequences
from declaration.procedure.state import State

WORDS: Mapping[str, tuple[str, object]] = {
    "reserve": ("reserved", _l("reserve")),
    "agrees": ("yes", _l("agrees")),
    "present": ("wait", _l("present")),
    "silent": ("none", _l("silent")),
    "absent": ("no", _l("absent")),
}
"""Where a delegation stands → the drawn sign, and the word beside it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph.

    :ivar stands: a key of :data:`WORDS` or empty, for each delegation in the order of the columns.
    :ivar can: nothing but the meeting's word stands between it and *agreed ad referendum*.
    """

    unit: str
    name: str
    sign: str
    word: str
    stands: Sequence[str]
    can: bool


def stand(state: State, unit: str, party: str) -> str:
    """Where one delegation stands on one paragraph."""
    if any(each.delegation == party for each in state.reserves.get(unit, ())):
        return "reserve"
    given = consequences.confirmations(state).get(party)
    if given is not None and given.status == "confirmed" and unit in state.units:
        return "agrees"
    agreement = state.agreements.get(unit)
    if agreement is None or consequences.paragraph_status(state, unit) not in ("agreed_ad_ref", "reserved", "agreed"):
        return ""
    if party in _movers(state, unit):
        return "agrees"
    if agreement.content is None:
        return "silent"
    return "present" if party in agreement.present else "absent"


def _movers(state: State, unit: str) -> tuple[str, ...]:
    """Who proposed or joined the words that stand."""
    steps = state.history.get(unit, ())
    amendment = state.amendments.get(steps[-1].source) if steps else None
    return (amendment.proposer, *amendment.sponsors) if amendment is not None else ()


def rows(state: State, delegations: Sequence[Delegation], can: Mapping[str, bool]) -> list[Row]:
    """Every paragraph that stands, in the order of the text."""
    found = []
    for line in views.working_lines(state):
        sign, word = views.PARAGRAPH_STATUS[consequences.paragraph_status(state, line.id)]
        name = views.where({line.id: line.label}, line.kind, line.id)
        stands = [stand(state, line.id, each.id) for each in delegations]
        found.append(Row(line.id, name, sign, str(word), stands, can.get(line.id, False)))
    return found


def settled(state: State) -> tuple[int, int]:
    """How many paragraphs are agreed *ad referendum* (a reserve is none), and how many there are."""
    statuses = [consequences.paragraph_status(state, unit) for unit in state.units]
    return sum(each in ("agreed_ad_ref", "agreed") for each in statuses), len(statuses)
