"""Acts of the record are followed in the transaction that records them: what is rolled back was never told."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from sqlalchemy.orm import Session

from declaration.credentials import acts
from declaration.credentials.record import Recorded
from declaration.desk.telling import table
from declaration.desk.telling.audiences import tales_of_all
from declaration.desk.telling.facts import facts_of
from declaration.forums.models import Forum
from declaration.notices.telling import Told, tell_of_all
from declaration.web.clock import now


def init_app(app: Flask) -> None:
    """Follow every type of act that has a row."""
    for type_ in table.recorded():
        acts.register(app, type_, then_all=_tell)


def _tell(session: Session, forum: Forum, several: Sequence[Recorded]) -> None:
    found = [(recorded.act, facts_of(session, forum, recorded.act)) for recorded in several]
    row = table.ROWS[several[0].act.type.removesuffix("-v1")]
    tales = tales_of_all(session, forum, row, [facts for _, facts in found])
    told = [Told(each, f"act:{act.digest}", act.index) for (act, _), each in zip(found, tales, strict=True)]
    tell_of_all(session, forum.id, told, at=now())
