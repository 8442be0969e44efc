"""Which forum a request is about, who sends it, and that their session is in use.

A route with ``<forum>`` in its address finds the forum in ``g.forum``; the view still gets the slug. Somebody signed in to another
forum is nobody here: their cookie opens no door and gives nothing away.

A GET changes nothing, and yet an idle session must be told from a used one. So the trace of use is written after the answer is
made, in a transaction of its own, at most once a minute.
"""

from __future__ import annotations

from contextvars import Context
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from flask import Flask, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from declaration.forums import lifetimes, queries, sessions
from declaration.forums.models import AuthSession, Forum
from declaration.forums.people import actor_of
from declaration.forums.roles import NAMES
from declaration.web import access, clock
from declaration.web.access import Actor
from declaration.web.db import current_session
from declaration.web.i18n import use_forum_zone
from declaration.web.security import read_cookie
from declaration.web.transaction import request_reads_only, unit_of_work

COOKIE: Final = "session"
_EXACT_TO = timedelta(minutes=1)
_log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Register the loader, the forum of the request, and the forum's clock."""
    app.config.setdefault(lifetimes.SETTING, lifetimes.Lifetimes())
    access.set_loader(app, load_actor)
    access.set_role_names(app, NAMES)
    clock.set_offset(app, _offset)

    @app.before_request
    def _enter() -> None:
        forum_of_request()

    @app.context_processor
    def _forum() -> dict[str, Any]:
        return {"forum": g.get("forum")}

    @app.after_request
    def _trace(answer: Response) -> Response:
        if (used := g.pop("session_used", None)) is not None:
            _touch_apart(app, *used)
        return answer


def use_forum(forum: Forum) -> None:
    """Be in a forum: ``g.forum``, its hour and its zone. Requests do it by their address; commands and jobs say it."""
    g.forum = forum
    use_forum_zone(forum.time_zone)


def forum_of_request() -> Forum | None:
    """The forum that the address names, or None where it names none.

    :raises declaration.errors.NotFound: there is no such forum.
    """
    if "forum" not in g:
        g.forum = None  # should the refusal itself need to know: there is none
        slug = (request.view_args or {}).get("forum")
        if slug is not None:
            use_forum(queries.forum_by_slug(current_session(), slug))
    found: Forum | None = g.forum
    return found


def load_actor() -> Actor | None:
    """Who sends this request: the person of the session whose token is in the cookie."""
    forum = forum_of_request()
    token = read_cookie(COOKIE)
    if token is None:
        return None
    now = lifetimes.machine_now()
    found = queries.find_session(current_session(), token, now=now, lifetimes=lifetimes.current())
    if found is None or (forum is not None and found.person.forum_id != forum.id):
        return None
    g.auth_session = found
    if now - found.seen_at >= _EXACT_TO:
        _used(found, now)
    return actor_of(found.person)


def this_session() -> AuthSession:
    """The session of the current request; the route has made sure that somebody is signed in."""
    found: AuthSession = g.auth_session
    return found


def session_in_use() -> AuthSession | None:
    """The session of the current request, where there is a request and somebody is signed in."""
    found: AuthSession | None = g.get("auth_session")
    return found


def _used(found: AuthSession, now: datetime) -> None:
    if request_reads_only():
        g.session_used = (found.id, now)
    else:
        found.seen_at = now


def _touch_apart(app: Flask, number: int, now: datetime) -> None:
    """Write the trace in a context that knows nothing of this request, and so in a transaction that may write."""

    def job() -> None:
        with app.app_context(), unit_of_work() as session:
            sessions.touch(session, number, now=now)

    try:
        Context().run(job)
    except SQLAlchemyError:  # the page itself is made; the next one leaves the trace
        _log.exception("session.trace-failed")


def _offset() -> timedelta:
    forum: Forum | None = g.get("forum")
    return forum.offset if forum is not None else timedelta()
