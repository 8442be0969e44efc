"""What only a demonstration has: a persona's key to bring to one's browser, and a clock that can be moved forward."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from declaration.credentials.states import current
from declaration.demo import offering
from declaration.demo.personas import require_demo
from declaration.errors import Refused
from declaration.forums import queries
from declaration.forums.models import Forum
from declaration.forums.pages import begin_session, home_of
from declaration.web.access import SIGNED_IN, Actor, allow, current_actor
from declaration.web.clock import now
from declaration.web.db import current_session

blueprint = Blueprint("demo", __name__)


def init_app(app: Flask) -> None:
    """Let the page of keys find a persona's key, and every page the hour that the clock can be moved to."""
    app.extensions["demo-keys"] = demo_key
    app.jinja_env.globals["demo_hour"] = next_hour


def demo_key(forum: Forum, actor: Actor) -> dict[str, str] | None:
    """Where the persona's encrypted backup is, and what opens it."""
    ring = offering.ring_of_instance()
    if not forum.demo or not ring.has(actor.role, actor.party):
        return None
    return {"pem_url": url_for("demo.key", forum=forum.slug), "passphrase": ring.passphrase}


@blueprint.get("/<forum>/demo/key.pem")
@allow(SIGNED_IN)
def key(forum: str) -> Response:
    """The persona's encrypted backup, for the persona alone."""
    require_demo(g.forum)
    actor = current_actor()
    pem = offering.ring_of_instance().pem(actor.role, actor.party)
    return Response(pem, content_type="application/x-pem-file", headers={"Cache-Control": "no-store"})


@blueprint.get("/<forum>/demo/people")
@allow(SIGNED_IN)
def people(forum: str) -> ResponseReturnValue:
    """Everybody whom a visitor of the demonstration may be, in the same browser."""
    require_demo(g.forum)
    session, actor = current_session(), current_actor()
    state = current(session, g.forum)
    ring = offering.ring_of_instance()
    rows = [(one, ring.has(one.role, one.party)) for one in queries.people_of(session, g.forum)]
    return render_template("demo/people.html", rows=rows, me=actor.person_id, state=state)


@blueprint.post("/<forum>/demo/people/<int:number>")
@allow(SIGNED_IN)
def become(forum: str, number: int) -> ResponseReturnValue:
    """Go on as another invented person; this browser keeps the keys of all of them apart."""
    require_demo(g.forum)
    person = queries.person(current_session(), g.forum, number)
    answer = redirect(home_of(g.forum))
    begin_session(answer, person)
    return answer


def next_hour() -> str | None:
    """What the clock of this demonstration can be moved to: ``deadline`` or ``close``; ``None`` elsewhere."""
    forum = g.get("forum")
    if forum is None or not forum.demo:
        return None
    state = current(current_session(), forum)
    if state.stage == "first_reading" and state.deadline is not None and now() < state.deadline:
        return "deadline"
    if state.stage == "open_for_signature" and state.window is not None and now() < state.window.closes:
        return "close"
    return None


@blueprint.post("/<forum>/demo/clock")
@allow(SIGNED_IN)
def clock(forum: str) -> ResponseReturnValue:
    """Move the demonstration's clock forward to the next hour that matters; never back."""
    require_demo(g.forum)
    state = current(current_session(), g.forum)
    wanted = next_hour()
    if wanted is None or wanted != request.form.get("to"):
        raise Refused(_("The clock cannot be moved now."), code="demo.clock")
    goal = state.deadline if wanted == "deadline" else state.window.closes if state.window else None
    if goal is not None:
        g.forum.clock_offset += int((goal - now() + timedelta(seconds=1)).total_seconds())
    flash(_("The clock of this demonstration has been moved forward."), "good")
    return redirect(url_for("adoption.stage", forum=forum))
