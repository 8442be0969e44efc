"""What has lapsed: somebody's word on a text that is no longer the same, and signatures for which the time is over.

A **correction** of the adopted text lets nothing lapse: it corrects from the beginning, and every signature stands (VCLT 79). A **new
version** keeps nobody's word: until adoption it can come, and the heads' confirmations of the earlier one lapse; after adoption none
can (``version.stage``), and a signature can name no other (``version.not-adopted``), so no signature ever lapses because of the text.

==============  ======================================================================  =====================================
kind            what lapsed, and when                                                   what can be done
==============  ======================================================================  =====================================
``reopened``    a head's confirmation, when the text was opened again                   confirm the text as it is agreed anew
``window``      an organization's place to sign, when the window closed                 accede
``closed``      the same, when nobody can join any more                                 nothing
==============  ======================================================================  =====================================
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from declaration.procedure import consequences
from declaration.procedure.state import State


@dataclass(frozen=True, slots=True)
class Lapse:
    """One of them. ``act`` is the digest of the act that opened the text; None for organizations.

    :ivar version: digest of the version that was confirmed.
    :ivar given: when it was confirmed, or when the organization's key was accredited.
    :ivar restored: for a confirmation: the head has confirmed the text that is agreed now.
    """

    kind: str
    party: str
    given: datetime
    at: datetime
    act: str | None = None
    version: str | None = None
    restored: bool = False


def confirmations(state: State) -> list[Lapse]:
    """Confirmations that the text's reopening ended, oldest first. A word that was withheld binds nobody and lapses unseen."""
    now_given = {name for name, each in consequences.confirmations(state).items() if each.status == "confirmed"}
    after = state.adopted is not None
    return [
        Lapse("reopened", each.given.delegation, each.given.at, each.at, each.act, each.given.version,
              after or each.given.delegation in now_given)
        for each in state.unconfirmed
        if each.given.status == "confirmed"
    ]  # fmt: skip


def unsigned(state: State, moment: datetime) -> list[Lapse]:
    """Organizations that had a key and did not sign in time, by party."""
    window = state.window
    if window is None or moment < window.closes:
        return []
    if state.closed_at is not None and moment >= state.closed_at:
        kind, at = "closed", state.closed_at
    else:
        kind, at = ("window" if state.rules.accession else "closed"), window.closes
    signed = {each.party for each in state.endorsements.values() if each.at <= moment}
    return [
        Lapse(kind, party, state.times[key.accredited], at)
        for party, key in sorted(state.parties.items())
        if key.role == "signatory" and party not in signed and state.times[key.accredited] <= at
    ]


def lapses(state: State, moment: datetime) -> list[Lapse]:
    """Everything, in the order in which it lapsed."""
    return sorted([*confirmations(state), *unsigned(state, moment)], key=lambda each: each.at)
