"""Acts of the record are told of, each once.

Nearly all in the transaction that records them: what is rolled back was never told. :data:`AFTERWARDS` are told of by whoever delivers
mail, a moment later: hundreds sign at the same time, each sees the receipt at once, and the notice says no more than that there is one.
How far the record was followed stands beside the notices and moves with them, so that none is lost and none is told twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials import acts
from declaration.credentials.record import Recorded, log_of
from declaration.desk.telling import table
from declaration.desk.telling.audiences import tales_of_all
from declaration.desk.telling.facts import facts_of
from declaration.forums import queries as forums
from declaration.forums.door import use_forum
from declaration.forums.models import Forum
from declaration.notices.models import Followed
from declaration.notices.telling import Told, tell_of_all
from declaration.procedure.act import Act, act_of
from declaration.protocol.entry import parse_entry
from declaration.transparency import queries
from declaration.web.clock import now
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work

AFTERWARDS = ("endorsement.sign-v1",)
"""Types of acts that come in bursts."""
_AT_ONCE = 100
"""Entries in one transaction: on SQLite nobody records while it lasts."""


def init_app(app: Flask) -> None:
    """Follow every type of act that has a row."""
    for type_ in table.recorded():
        if type_ not in AFTERWARDS:
            acts.register(app, type_, then=_follow)


def tell_afterwards() -> int:
    """Tell of what was recorded since this was last done, in transactions of its own; returns how many notices were written."""
    with reading():
        session = current_session()
        behind = [forum.id for forum in forums.forums(session) if _entries(session, forum) > _followed(session, forum)]
        session.rollback()
    return sum(_catch_up(forum_id) for forum_id in behind)


def _catch_up(forum_id: int) -> int:
    written, more = 0, True
    while more:
        with unit_of_work() as session:
            # Whoever else tells waits here; whoever signs, and only needs the forum to be there, does not.
            forum = session.get_one(Forum, forum_id, with_for_update={"key_share": True})
            use_forum(forum)
            start, end = _followed(session, forum), _entries(session, forum)
            stop = min(start + _AT_ONCE, end)
            read = [act_of(parse_entry(raw), index) for index, raw in queries.entries(session, log_of(session, forum), start, stop)]
            for type_ in AFTERWARDS:
                written += _tell(session, forum, [act for act in read if act.type == type_])
            session.merge(Followed(forum_id=forum_id, entries=stop))
            more = stop < end
    return written


def _followed(session: Session, forum: Forum) -> int:
    return session.scalar(select(Followed.entries).where(Followed.forum_id == forum.id)) or 0


def _entries(session: Session, forum: Forum) -> int:
    log = queries.find_log(session, forum.origin)
    return log.size if log is not None else 0


def _follow(session: Session, forum: Forum, recorded: Recorded) -> None:
    _tell(session, forum, [recorded.act], at=now())


def _tell(session: Session, forum: Forum, several: Sequence[Act], *, at: datetime | None = None) -> int:
    """Write the notices of acts of one type, as of ``at`` or of when each was received."""
    if not several:
        return 0
    row = table.ROWS[several[0].type.removesuffix("-v1")]
    tales = tales_of_all(session, forum, row, [facts_of(session, forum, act) for act in several])
    told = [Told(each, f"act:{act.digest}", at or act.at, act.index) for act, each in zip(several, tales, strict=True)]
    return tell_of_all(session, forum.id, told)
