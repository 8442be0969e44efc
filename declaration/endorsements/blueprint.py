"""The blueprint of this package and what its pages have in common."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, url_for

from declaration.credentials.states import current
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.web.db import current_session

blueprint = Blueprint("endorsements", __name__)

_GROUP = 4


def this_forum() -> Forum:
    """The forum in this route's address."""
    forum: Forum = g.forum
    return forum


def this_state() -> State:
    """The state of this forum; its pages say what is so at every stage."""
    return current(current_session(), this_forum())


def public_url(endpoint: str, **values: Any) -> str:
    """The address of a page as it stands on paper and in codes."""
    path = url_for(endpoint, forum=this_forum().slug, _external=False, **values)
    return f"{current_app.config['PUBLIC_URL']}{path}"


def words_of(digest: str, count: int = 6) -> list[str]:
    """The first groups of four digits: what two people read to each other, and what the signing page computes from the screen."""
    return [digest[start : start + _GROUP] for start in range(0, count * _GROUP, _GROUP)]
