"""The blueprint of this package and what its pages have in common."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, make_response, render_template
from werkzeug.wrappers import Response

from declaration.forums.models import Forum, Person
from declaration.forums.queries import person
from declaration.web.access import Actor, current_actor
from declaration.web.db import current_session

blueprint = Blueprint("forums", __name__)


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


def unkept_page(template: str, **values: Any) -> Response:
    """A page with a secret on it, or in its address: no copy of it stays in a browser or on the way."""
    answer = make_response(render_template(template, **values))
    answer.headers["Cache-Control"] = "no-store"
    return answer
