"""The blueprint of this package and what its pages have in common."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, g, make_response, render_template, request
from werkzeug.wrappers import Response

from declaration.forums import lifetimes, sessions
from declaration.forums.door import COOKIE
from declaration.forums.models import Forum, Person
from declaration.forums.queries import person
from declaration.web.access import Actor, current_actor
from declaration.web.db import current_session
from declaration.web.security import read_cookie, set_cookie

blueprint = Blueprint("forums", __name__)
_log = structlog.get_logger("declaration.security")


def this_forum() -> Forum:
    """The forum in this route's address."""
    forum: Forum = g.forum
    return forum


def this_person() -> Person:
    """The row of whoever is signed in."""
    return person(current_session(), this_forum(), current_actor().person_id)


def home_url(actor: Actor) -> str:
    """Where somebody goes after signing in: what waits for them in their forum."""
    forum = current_session().get_one(Forum, actor.forum_id)
    return home_of(forum)


def home_of(forum: Forum) -> str:
    """The address of what waits for the reader in a forum."""
    return f"/{forum.slug}/home"


def begin_session(answer: Response, person: Person, *, key: str | None = None) -> None:
    """Sign a person in on the device that gets this answer; whoever was signed in there is signed out.

    For whoever has established who it is: the button of an invitation, a key of the record, the personas of a demonstration.

    :param key: fingerprint of the key that proved who it is.
    """
    token = sessions.start_session(
        current_session(),
        person,
        user_agent=request.user_agent.string,
        now=lifetimes.machine_now(),
        replaces=read_cookie(COOKIE),
        key=key,
    )
    set_cookie(answer, COOKIE, token, lasts=lifetimes.current().absolute)
    answer.headers["Cache-Control"] = "no-store"
    _log.info("sign-in", person=person.id, role=person.role, forum=person.forum.slug, key=key)


def unkept_page(template: str, **values: Any) -> Response:
    """A page with a secret on it, or in its address: no copy of it stays in a browser or on the way."""
    answer = make_response(render_template(template, **values))
    answer.headers["Cache-Control"] = "no-store"
    return answer
