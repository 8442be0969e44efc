"""Nodes of the tree from the database: for a proof, all of them in one query.

A complete subtree of level ``l`` and index ``i`` ends with entry ``(i + 1) * 2**l - 1`` and was complete when that came in. So it is kept
in the row of that entry, as the ``l``-th of the hashes there, and appending an entry writes one row.

The functions of :mod:`declaration.protocol.merkle` ask for nodes one by one. They are run twice: first with a source that only
notes what is asked for, which depends on positions alone, then with the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.errors import ServiceHeld
from declaration.protocol.merkle import GetNode
from declaration.transparency.models import LogEntry
from declaration.transparency.tree import HASH_BYTES

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
    rows = _rows(session, log_id, [last_entry(level, index) for level, index in wanted])
    return compute(lambda level, index: node_in(rows.get(last_entry(level, index), b""), level))


def last_entry(level: int, index: int) -> int:
    """The entry with which a subtree is complete."""
    return (index + 1 << level) - 1


def _rows(session: Session, log_id: int, entries: Sequence[int]) -> dict[int, bytes]:
    query = select(LogEntry.seq, LogEntry.nodes).where(LogEntry.log_id == log_id, LogEntry.seq.in_(sorted(set(entries))))
    return dict(session.execute(query).all())


def node_in(nodes: bytes, level: int) -> bytes:
    """One of the hashes that are kept with an entry.

    :raises ServiceHeld: ``log.damaged`` when it is missing.
    """
    node = nodes[level * HASH_BYTES :][:HASH_BYTES]
    if len(node) != HASH_BYTES:
        raise damaged("nodes of the record's tree are missing from the database")
    return node


def damaged(what: str) -> ServiceHeld:
    """The rows of a log contradict one another."""
    return ServiceHeld(
        what[0].upper() + what[1:],
        code="log.damaged",
        instead="Stop the service, put back the newest copy of the database, and run: flask --app wsgi log check.",
    )


def row_of_nodes(session: Session, log_id: int, level: int, start: int, stop: int) -> list[bytes]:
    """The hashes of one level from index ``start`` up to, not including, ``stop``: at most some hundreds.

    :raises ServiceHeld: ``log.damaged`` when one is missing.
    """
    rows = _rows(session, log_id, [last_entry(level, index) for index in range(start, stop)])
    return [node_in(rows.get(last_entry(level, index), b""), level) for index in range(start, stop)]
