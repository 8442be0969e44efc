"""``/<forum>/unsigned``: who has not signed yet, by country, and reminding them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from declaration.credentials.states import current
from declaration.desk import unsigned
from declaration.desk.blueprint import blueprint, this_forum
from declaration.desk.unsigned import MAY_SIGN, NO_MANDATE, NOT_ACTIVATED, NOT_ENROLLED, ONE_OF_TWO, Missing
from declaration.endorsements.sentence import country_name
from declaration.errors import Malformed
from declaration.procedure import papers
from declaration.procedure.state import State
from declaration.web.access import allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session
from declaration.web.i18n import language

STATE_WORDS: Mapping[str, tuple[str, object]] = {
    NO_MANDATE: ("none", _l("No mandate")),
    NOT_ENROLLED: ("wait", _l("Not enrolled")),
    NOT_ACTIVATED: ("silence", _l("Enrolled, not activated")),
    MAY_SIGN: ("yes", _l("May sign, has not")),
    ONE_OF_TWO: ("adref", _l("One of two has signed")),
}
_PAGE = 100
_log = structlog.get_logger(__name__)


@blueprint.get("/<forum>/unsigned")
@allow("secretariat", "head")
def unsigned_list(forum: str) -> ResponseReturnValue:
    """Every organization that has not signed, how far it is, and when it was reminded last."""
    rows, state = _rows()
    country, how_far, query = _filters(request.args)
    shown = unsigned.chosen(rows, country=country, state=how_far, query=query)
    start = request.args.get("from", "0")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    actor = current_actor()
    people = None if actor.role == "secretariat" else [one.id for row in rows for one in row.remindable]
    return render_template(
        "desk/unsigned.html",
        rows=shown[first : first + _PAGE],
        total=len(shown),
        everything=len(rows),
        start=first,
        step=_PAGE,
        counts=unsigned.by_country(rows),
        words=STATE_WORDS,
        name=lambda party: country_name(this_forum(), party, language()),
        chosen_country=country,
        chosen_state=how_far,
        query=query,
        actor=actor,
        papers={each.party for each in papers.on_paper(state)},
        sent=unsigned.sent(current_session(), this_forum(), people),
    )


@blueprint.post("/<forum>/unsigned/review")
@allow("secretariat", "head", reads_only=True)
def unsigned_review(forum: str) -> ResponseReturnValue:
    """Whom a reminder to a selection, or to everybody shown, would reach; nothing is sent yet."""
    rows, _state = _rows()
    chosen = _chosen(rows)
    return render_template(
        "desk/unsigned_review.html",
        plan=unsigned.plan(current_session(), chosen),
        parties=[row.party for row in chosen],
        words=STATE_WORDS,
        name=lambda party: country_name(this_forum(), party, language()),
    )


@blueprint.post("/<forum>/unsigned/reminders")
@allow("secretariat", "head")
def unsigned_remind(forum: str) -> ResponseReturnValue:
    """Send the reminders, each person at most one on a day."""
    rows, state = _rows()
    actor, chosen = current_actor(), _chosen(rows)
    count = unsigned.remind(current_session(), this_forum(), state, actor, chosen, now=now())
    _log.info("reminders.sent", count=count, by=actor.person_id)
    if count:
        flash(ngettext("One person is reminded.", "%(num)d persons are reminded.", count), "good")
    else:
        flash(_("Nobody was reminded: everybody chosen was reminded today already."), "warn")
    return redirect(url_for("desk.unsigned_list", forum=forum), 303)


def _rows() -> tuple[list[Missing], State]:
    session, forum = current_session(), this_forum()
    state = current(session, forum)
    return unsigned.missing(session, forum, state, current_actor(), now()), state


def _filters(given: Mapping[str, Any]) -> tuple[str, str, str]:
    how_far = given.get("state", "")
    return given.get("country", ""), how_far if how_far in unsigned.STATES else "", given.get("q", "").strip()[:200]


def _chosen(rows: Sequence[Missing]) -> list[Missing]:
    """The organizations that were ticked, or all that the filter shows. One that is not the reader's to know of is none."""
    if request.form.get("all") == "yes":
        country, how_far, query = _filters(request.form)
        found = unsigned.chosen(rows, country=country, state=how_far, query=query)
    else:
        ticked = set(request.form.getlist("party"))
        found = [row for row in rows if row.party in ticked]
    if not found:
        raise Malformed(_("Nobody is chosen."), code="reminder.nobody", instead=_("Tick an organization, or choose all that are shown."))
    return found
