"""``/<forum>/alternate``: a head appoints somebody who acts while the head cannot."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from declaration.credentials import acts, alternates
from declaration.credentials.states import current
from declaration.forums import hours, sections
from declaration.protocol.encoding import b64encode, format_time
from declaration.web.access import allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session

blueprint = Blueprint("alternates", __name__)

_NOTHING = "0" * 64
_A_DAY = timedelta(days=1)


def init_app(app: Flask) -> None:
    """Register the page and its section."""
    app.register_blueprint(blueprint)
    sections.add(app, "alternates.mine", _l("Alternate"), order=74, foot=True)


@blueprint.get("/<forum>/alternate")
@allow("head")
def mine(forum: str) -> ResponseReturnValue:
    """Who stands in for the head, now and before; and whom the head may appoint."""
    session, actor, moment = current_session(), current_actor(), now()
    state = current(session, g.forum)
    found = alternates.candidates(session, g.forum, state, actor.party)
    ask = None
    if found and state.constitution is not None:
        first = found[0].enrolment
        body = {
            "key": first.public,
            "possession": {"nonce": first.nonce, "signature": b64encode(first.possession or b"")},
            "from": format_time(moment),
            "until": format_time(moment + _A_DAY),
            "content": _NOTHING,
        }
        digest = state.constitution.digest
        ask = acts.offer(session, g.forum, actor, alternates.DELEGATE, digest, body, now=moment, filled_in=True)
    return render_template(
        "credentials/alternate.html",
        state=state,
        ask=ask,
        candidates=found,
        appointments=alternates.appointments(session, state, actor.party, moment),
        begins=hours.in_zone(g.forum, moment),
        ends=hours.in_zone(g.forum, moment + _A_DAY),
    )
