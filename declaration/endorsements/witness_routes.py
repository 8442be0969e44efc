"""Who watches the record: which witnesses have seen how much of it, and how to become one."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from declaration.credentials.record import trust_root
from declaration.endorsements.blueprint import blueprint, this_forum, this_state
from declaration.endorsements.bundle import opened_log
from declaration.transparency import witnesses
from declaration.transparency.models import Log
from declaration.transparency.witnesses import Standing
from declaration.web.access import PUBLIC, allow
from declaration.web.db import current_session

Status = tuple[str, str]
"""A sign and a word."""


@blueprint.get("/<forum>/witnesses")
@allow(PUBLIC)
def witnesses_page(forum: str) -> ResponseReturnValue:
    """What each witness has signed, whether that is enough, and the commands to run a witness or a monitor."""
    session, found, state = current_session(), this_forum(), this_state()
    if trust_root(session, found) is None:
        return render_template("endorsements/verify_empty.html", state=state)
    log = opened_log(session, found)
    standings = witnesses.standings(session, log)
    promised = witnesses.configured().quorum is not None
    return render_template(
        "endorsements/witnesses.html",
        state=state,
        log=log,
        rows=[(one, *status(one, log)) for one in standings],
        promised=promised,
        quorum=witnesses.newest_with_quorum(session, log) if promised else None,
        alarm=any(one.outcome in ("ahead", "contradicts") for one in standings),
        policy=witnesses.policy_text(log).decode(),
    )


def status(one: Standing, log: Log) -> Status:
    """How a witness stands to the record now, as a sign and in words."""
    if one.outcome == "ahead":
        return "no", _("it has seen more than this service now shows")
    if one.outcome == "contradicts":
        return "no", _("it has seen another record")
    behind = log.size - (one.size or 0)
    if not behind:
        return "yes", _("has signed everything")
    if one.outcome == "unreachable":
        return "wait", _("did not answer")
    if one.outcome == "refused":
        return "wait", _("did not sign")
    if one.size is None:
        return "wait", _("has signed nothing yet")
    return "wait", _("%(count)s entries behind", count=behind)
