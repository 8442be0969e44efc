"""The blueprint of this package and what its pages ask first."""

from __future__ import annotations

from flask import Blueprint, g

from declaration.credentials.states import current
from declaration.drafts.reading import require_reader
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.web.access import optional_actor
from declaration.web.clock import now
from declaration.web.db import current_session

blueprint = Blueprint("adoption", __name__)


def this_forum() -> Forum:
    """The forum in this route's address."""
    forum: Forum = g.forum
    return forum


def readable() -> State:
    """The state of this forum, for a reader who may see its texts.

    :raises NeedsSignIn, NotAllowed: see :func:`declaration.drafts.reading.require_reader`.
    """
    state = current(current_session(), this_forum())
    require_reader(state, optional_actor(), now())
    return state
