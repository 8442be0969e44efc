"""Acts of the record are followed in the transaction that records them: what is rolled back was never told."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from declaration.credentials import acts
from declaration.credentials.record import Recorded
from declaration.desk.telling import table
from declaration.desk.telling.audiences import tales_of
from declaration.desk.telling.facts import facts_of
from declaration.forums.models import Forum
from declaration.notices.telling import tell
from declaration.web.clock import now


def init_app(app: Flask) -> None:
    """Follow every type of act that has a row."""
    for type_ in table.recorded():
        acts.register(app, type_, then=_tell)


def _tell(session: Session, forum: Forum, recorded: Recorded) -> None:
    act = recorded.act
    row, facts = table.ROWS[act.type.removesuffix("-v1")], facts_of(session, forum, act)
    tell(session, forum.id, tales_of(session, forum, row, facts), key=f"act:{act.digest}", at=now(), place=act.index, untold=True)
