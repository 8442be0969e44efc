"""Stretches of a play that many tests begin with, played once by each worker and put in their place as rows from then on.

    reach(app, session, ("found",), play)

plays, and keeps which rows came of it; wherever the same stretch begins on the same ground at the same hour, the rows are put in
instead, inside the transaction that is open. It differs from :mod:`tests.support.snapshots`, which copies a database that nobody
has open yet, in that a test says in the middle of its own transaction how far it wants to go.

The ground is known only where nothing was written but by stretches, in one transaction on SQLite, beginning with an empty database
and the usual address; everywhere else a stretch is simply played.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from declaration.protocol.merkle import EMPTY_ROOT
from declaration.transparency import operations, signing, watch
from declaration.transparency.guard import Mark
from declaration.transparency.models import Log
from declaration.transparency.signing import KEY_FILE, current_signing
from declaration.web.db import Base
from declaration.web.transaction import on_commit

Name = tuple[object, ...]
Rows = dict[str, list[tuple[Any, ...]]]
_GROUND = "tests.ground"


@dataclass
class Step:
    """What a stretch did: rows that came, rows that changed and rows that went, by table, and the hour at its end."""

    came: Rows = field(default_factory=dict)
    changed: Rows = field(default_factory=dict)
    went: Rows = field(default_factory=dict)
    until: datetime | None = None


@dataclass(frozen=True)
class _Ground:
    """How a database came to be as it is, and how to see that nothing was written since."""

    name: Name
    transaction: object
    writes: int


class _Shelf:
    """What one worker has played, under one key of the log."""

    def __init__(self) -> None:
        self.key = b""
        self.steps: dict[Name, Step] = {}


_SHELF = _Shelf()


def reach(app: Flask, session: Session, name: Name, play: Callable[[], object]) -> bool:
    """Play, or put in what was played before; True where it was put in."""
    session.flush()
    ground = _ground(app, session)
    if ground is None:
        play()
        return False
    clock = app.extensions["clock"]
    key = (*ground, *name, clock.now())
    step = _SHELF.steps.get(key)
    if step is not None:
        _put(session, step)
        clock.set(step.until)
    else:
        before = _rows(session)
        play()
        session.flush()
        _SHELF.steps[key] = _difference(before, _rows(session), clock.now())
    session.info[_GROUND] = _Ground(key, session.get_transaction(), _writes(session))
    return step is not None


def _ground(app: Flask, session: Session) -> Name | None:
    """The name of what the database holds; None where that cannot be said."""
    if session.connection().dialect.name != "sqlite":
        return None
    known = session.info.get(_GROUND)
    if known is not None and known.transaction is session.get_transaction() and known.writes == _writes(session):
        return known.name
    empty = " AND ".join(f'NOT EXISTS (SELECT 1 FROM "{table}")' for table in Base.metadata.tables)
    if not session.connection().exec_driver_sql(f"SELECT {empty}").scalar():
        return None
    _same_key(app)
    return ()


def _same_key(app: Flask) -> None:
    """What is kept is signed with the key of the log that the first application had: every other one gets it."""
    path = current_signing().folder / KEY_FILE
    if not _SHELF.key:
        _SHELF.key = path.read_bytes()
    elif path.read_bytes() != _SHELF.key:
        path.write_bytes(_SHELF.key)
        signing.init_app(app)


def _writes(session: Session) -> int:
    return session.connection().connection.dbapi_connection.total_changes


def _rows(session: Session) -> Rows:
    """Every row as the database has it, in the order in which they came."""
    connection = session.connection()
    rows: Rows = {}
    for table in Base.metadata.sorted_tables:
        found = connection.exec_driver_sql(f'SELECT {_columns(table)} FROM "{table.name}" ORDER BY {_order(table)}')
        rows[table.name] = [tuple(row) for row in found]
    return rows


def _difference(before: Rows, after: Rows, until: datetime) -> Step:
    step = Step(until=until)
    for table in Base.metadata.sorted_tables:
        number = _key_of(table)
        old, new = ({number(row): row for row in rows[table.name]} for rows in (before, after))
        step.came[table.name] = [row for key, row in new.items() if key not in old]
        step.changed[table.name] = [row for key, row in new.items() if key in old and old[key] != row]
        step.went[table.name] = [row for key, row in old.items() if key not in new]
    return step


def _put(session: Session, step: Step) -> None:
    connection = session.connection()
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in Base.metadata.sorted_tables:
        keys = [column.name for column in table.primary_key]
        same, number = " AND ".join(f'"{key}" = ?' for key in keys), _key_of(table)
        _many(connection, f'DELETE FROM "{table.name}" WHERE {same}', [number(row) for row in step.went[table.name]])
        setting = ", ".join(f'"{column.name}" = ?' for column in table.columns)
        changed = [(*row, *number(row)) for row in step.changed[table.name]]
        _many(connection, f'UPDATE "{table.name}" SET {setting} WHERE {same}', changed)
        values = ", ".join("?" * len(table.columns))
        _many(connection, f'INSERT INTO "{table.name}" ({_columns(table)}) VALUES ({values})', step.came[table.name])
    session.expire_all()
    for log in session.scalars(sa.select(Log)):
        guard = current_signing().guard(log.origin)
        if guard.read() is None:
            guard.create(Mark(0, EMPTY_ROOT))
            on_commit(lambda origin=log.origin: operations._publish(origin), session)
        watch.follow_commit(session, log)


def _order(table: sa.Table) -> str:
    """As they came; where SQLite keeps no count of that, the key is one."""
    if table.dialect_options["sqlite"]["with_rowid"]:
        return "rowid"
    return ", ".join(f'"{column.name}"' for column in table.primary_key)


def _columns(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _key_of(table: sa.Table) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    columns = [column.name for column in table.columns]
    places = [columns.index(column.name) for column in table.primary_key]
    return lambda row: tuple(row[place] for place in places)


def _many(connection: sa.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        connection.exec_driver_sql(statement, list(rows))
