"""Nodes of the tree from the database: for a proof, all of them in one query.

The functions of :mod:`declaration.protocol.merkle` ask for nodes one by one. They are run twice: first with a source that only
notes what is asked for, which depends on positions alone, then with the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from declaration.errors import ServiceHeld
from declaration.protocol.merkle import GetNode
from declaration.transparency.models import LogNode

T = TypeVar("T")

_BLANK = bytes(32)


def with_nodes(session: Session, log_id: int, compute: Callable[[GetNode], T]) -> T:
    """What ``compute`` makes of this log's nodes.

    :raises ServiceHeld: ``log.damaged`` when one is missing.
    """
    wanted: set[tuple[int, int]] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return _BLANK

    compute(note)
    if not wanted:
        return compute(note)
    # Each place on its own: for row values in a list, SQLite uses the first column of the key only and reads the whole level.
    places = [and_(LogNode.level == level, LogNode.idx == index) for level, index in sorted(wanted)]
    rows = session.execute(select(LogNode.level, LogNode.idx, LogNode.hash).where(LogNode.log_id == log_id, or_(*places)))
    found = {(level, index): node for level, index, node in rows}
    if found.keys() != wanted:
        raise ServiceHeld(
            "Nodes of the record's tree are missing from the database",
            code="log.damaged",
            instead="Stop the service, put back the newest copy of the database, and run: flask --app wsgi log check.",
        )
    return compute(lambda level, index: found[level, index])


def row_of_nodes(session: Session, log_id: int, level: int, start: int, stop: int) -> list[bytes]:
    """The hashes of one level from index ``start`` up to, not including, ``stop``."""
    statement = (
        select(LogNode.hash)
        .where(LogNode.log_id == log_id, LogNode.level == level, LogNode.idx >= start, LogNode.idx < stop)
        .order_by(LogNode.idx)
    )
    return list(session.scalars(statement))
