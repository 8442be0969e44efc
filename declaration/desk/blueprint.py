"""The blueprint of this package."""

from __future__ import annotations

from flask import Blueprint, g

from declaration.forums.models import Forum

blueprint = Blueprint("desk", __name__)


def this_forum() -> Forum:
    """The forum in this route's address."""
    forum: Forum = g.forum
    return forum
