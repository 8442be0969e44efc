"""``/<forum>/home``: what waits for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from declaration.credentials.states import current
from declaration.desk.blueprint import blueprint, this_forum
from declaration.desk.cards import Waiting, address
from declaration.desk.signatory_cards import RECEIPT
from declaration.desk.waiting import what_waits
from declaration.drafts.reading import may_read
from declaration.forums import queries
from declaration.forums.delegations import delegation
from declaration.web.access import SIGNED_IN, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

_COUNTED = (
    _l("One thing wants you"), _l("Two things want you"), _l("Three things want you"), _l("Four things want you"),
    _l("Five things want you"), _l("Six things want you"), _l("Seven things want you"), _l("Eight things want you"),
    _l("Nine things want you"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hour:
    """The next hour that may need the reader: what happens, when, and whether it binds or is a plan."""

    word: str
    at: datetime
    binds: bool

    @property
    def heading(self) -> str:
        return str(_("Until %(what)s", what=self.word))


@blueprint.get("/<forum>/home")
@allow(SIGNED_IN)
def home(forum: str) -> ResponseReturnValue:
    """What wants the reader, by what runs out next; what does not yet, and why."""
    session, actor, moment = current_session(), current_actor(), now()
    state = current(session, this_forum())
    found = what_waits(session, this_forum(), state, actor, moment)
    hour = next_hour(found)
    signed = state.by_party.get(actor.party) if actor.role == "signatory" else None
    return render_template(
        "desk/home.html",
        cards=found.cards,
        later=found.later,
        heading=heading(len(found.cards)),
        first=next((card for card in found.cards if card.until is not None), None),
        hour=hour,
        moment=moment,
        whom=_whom(found),
        reads=may_read(state, actor, moment) and state.current is not None,
        signed=state.endorsements[signed] if signed else None,
        receipt=address(RECEIPT, digest=signed) if signed else None,
        state=state,
    )


def heading(number: int) -> str:
    """The first sentence."""
    if number == 0:
        return str(_("Nothing wants you now"))
    return str(_COUNTED[number - 1]) if number <= len(_COUNTED) else str(_("%(number)d things want you", number=number))


def next_hour(found: Waiting) -> Hour | None:
    """The next hour of the record or, where there is none, of the forum's own plan."""
    state, moment = found.state, found.now
    if found.closing is not None:
        return Hour(str(_("amendments close")), found.closing, True)
    window = state.window
    if window is not None and moment < window.opens:
        return Hour(str(_("signature opens")), window.opens, True)
    if window is not None:
        return Hour(str(_("signature closes")), window.closes, True) if moment < window.closes else None
    plan = queries.schedule(found.forum) if found.forum.schedule else None
    if plan is None:
        return None
    planned = [
        (str(_("the zero draft is to be circulated")), plan.zero_draft_circulated),
        (str(_("amendments are due")), plan.amendments_due),
        (str(_("adoption is planned")), plan.adoption),
        (str(_("signature is planned to open")), plan.signature_opens),
    ]
    return next((Hour(word, at, False) for word, at in planned if at > moment), None)


def _whom(found: Waiting) -> str:
    """For whom the reader decides, in a sentence."""
    if found.actor.delegation is not None:
        return delegation(found.forum, found.actor.delegation).name(language())
    return ""
