"""Writing notices, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from declaration.notices.models import Notice, new_id
from declaration.web.db import Base
from declaration.web.direct import Direct
from declaration.web.statements import Prepared

_AT_ONCE = 500
# As a table and built once: an act that hundreds do at the same time tells each of them something.
_NOTICES = Base.metadata.tables[Notice.__tablename__]
_INSERT = Prepared(insert(_NOTICES).inline(), *_NOTICES.columns.keys())


@dataclass(frozen=True, slots=True)
class Tale:
    """One notice for several people. ``facts`` are plain JSON: identifiers, symbols and moments, never sentences."""

    people: tuple[int, ...]
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    mine: bool = False
    urgent: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The tales of one thing of which nobody can have been told; ``key``, ``at`` and ``place`` as :func:`tell` has them."""

    tales: Sequence[Tale]
    key: str
    at: datetime
    place: int


def tell_of_all(session: Session, forum_id: int, told: Iterable[Told]) -> int:
    """Write the notices of several things at once; returns how many."""
    return _write(session, [row for each in told for row in _rows(forum_id, _readers(each.tales), each.key, each.at, each.place)])


def tell(session: Session, forum_id: int, tales: Iterable[Tale], *, key: str, at: datetime, place: int = 0) -> int:
    """Write the notices; nothing is composed or sent here.

    :param key: names what is told of; a person who was told of it already is not told again, and one who is meant by several tales
        hears the first.
    :param at: the forum's hour, UTC; ``place``: the order within that second.
    :returns: how many were written.
    """
    wanted = _readers(tales)
    known = _told_before(session, list(wanted), key)
    return _write(session, _rows(forum_id, {person: tale for person, tale in wanted.items() if person not in known}, key, at, place))


def _readers(tales: Iterable[Tale]) -> dict[int, Tale]:
    wanted: dict[int, Tale] = {}
    for tale in tales:
        for person in tale.people:
            wanted.setdefault(person, tale)
    return wanted


def _rows(forum_id: int, wanted: Mapping[int, Tale], key: str, at: datetime, place: int) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(), "forum_id": forum_id, "person_id": person, "kind": tale.kind, "facts": dict(tale.facts), "key": key, "at": at,
            "place": place, "mine": tale.mine, "urgent": tale.urgent, "private": tale.private, "settled": False, "mail_id": None,
        }
        for person, tale in wanted.items()
    ]  # fmt: skip


def _write(session: Session, rows: list[dict[str, Any]]) -> int:
    for start in range(0, len(rows), _AT_ONCE):
        _INSERT.run(Direct.of(session), rows[start : start + _AT_ONCE])
    return len(rows)


def _told_before(session: Session, people: list[int], key: str) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(people), _AT_ONCE):
        query = select(Notice.person_id).where(Notice.key == key, Notice.person_id.in_(people[start : start + _AT_ONCE]))
        found.update(session.scalars(query))
    return found
