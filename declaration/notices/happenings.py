"""What happens that is no act of the record: a comment, a draft that is put before its head, a key that waits.

A feature says it in its operation; whoever follows does so in the same transaction, knowing more than the feature does:

    happened(session, "comment.written", message)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

Follower = Callable[[Session, Any], None]
_EXTENSION = "happenings"


def follow(app: Flask, name: str, follower: Follower) -> None:
    """Let ``follower`` be called with what happened."""
    app.extensions.setdefault(_EXTENSION, {}).setdefault(name, []).append(follower)


def happened(session: Session, name: str, thing: object) -> None:
    """Say that something happened, to whoever follows; a follower that refuses makes the operation fail."""
    followers: dict[str, list[Follower]] = current_app.extensions.get(_EXTENSION, {})
    for follower in followers.get(name, ()):
        follower(session, thing)
