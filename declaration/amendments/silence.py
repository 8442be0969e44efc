"""Bodies of the acts of a silence procedure, from what somebody filled in (see :mod:`declaration.credentials.acts`).

==============================  ========================================================================================
type                            fields
==============================  ========================================================================================
``silence.announce-v1``         ``setting``: session, overnight or between; ``expires``: an hour; ``reason``: the notice
``silence.extend-v1``           ``expires``: a later hour; ``reason``
==============================  ========================================================================================

``object_to_use``, ``break`` and ``cancel`` have a reason alone, and ``open`` nothing: they need nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from declaration.amendments.composers import result_hashes
from declaration.credentials import acts
from declaration.credentials.acts import Fields, reason_content
from declaration.forums.hours import hour
from declaration.forums.models import Forum
from declaration.procedure.state import State
from declaration.web.access import Actor

_NOTICE = "This text is agreed unless a head of delegation breaks silence in writing before the hour."


def register(app: Flask) -> None:
    """Say how the acts of a silence procedure are composed."""
    acts.register(app, "silence.announce-v1", compose=announce)
    acts.register(app, "silence.extend-v1", compose=extend)


def announce(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """The exact text, the exact hour, and the notice."""
    notice = {**fields, "reason": fields.get("reason", "").strip() or _NOTICE}
    return {
        "setting": fields.get("setting") or "session",
        "expires": hour(forum, fields, "expires"),
        "result": result_hashes(state, object_ or ""),
        "content": reason_content(session, forum, actor, notice),
    }


def extend(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """A later hour, and why."""
    return {"expires": hour(forum, fields, "expires"), "content": reason_content(session, forum, actor, fields)}
