"""The database: one declarative base, one session a request, SQLite or PostgreSQL with the same code.

* A model is ``class Thing(Base)`` with ``Mapped[...]`` columns; Flask-SQLAlchemy shares the metadata and gives the session.
* Anything that may write begins with ``BEGIN IMMEDIATE`` on SQLite. A deferred transaction that reads first and writes later
  fails at once with "database is locked" when somebody else wrote in between; the busy timeout does not apply there.
* Anything that only reads begins read-only on both databases, so a write in a GET is an error and not a habit.
* Times are aware and in UTC, in Python and in the database. A naive time is refused where it is written.

Which of the two a transaction is: see :func:`is_reading`. Who commits: see :mod:`declaration.web.transaction`.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, event, inspect
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

# Constraints need names: SQLite's migrations rebuild tables and can only find what is named.
_NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_WAL_PAGES = 4000
_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an acknowledged signature survives a power cut
    "foreign_keys=ON",
    "busy_timeout=15000",
    "temp_store=MEMORY",
    "cache_size=-16000",
    f"wal_autocheckpoint={_WAL_PAGES}",  # in a burst the same pages are written again and again, and each is copied once
    "journal_size_limit=67108864",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)
_SYNCHRONOUS_FULL = 2
_READS = "declaration-reads"  # in what a connection remembers: how it was told to begin

_POSTGRESQL_OPTIONS = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. Naive values are refused: nobody can say which hour they mean."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every model. ``Mapped[datetime]`` is :class:`UtcDateTime` without saying so."""

    registry = registry(metadata=MetaData(naming_convention=_NAMING), type_annotation_map={datetime: UtcDateTime()})


MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_reading: ContextVar[bool] = ContextVar("declaration_reading", default=False)


def current_session() -> Session:
    """The session of this request or application context: a plain :class:`sqlalchemy.orm.Session` to hand to operations."""
    return db.session()


def is_reading() -> bool:
    """Whether the transaction that begins now is read-only.

    In a request the transaction module decided it from the method and the route's rule; elsewhere (commands, jobs, tests)
    a transaction writes unless it is inside :func:`reading`.
    """
    if _reading.get():
        return True
    return bool(has_request_context() and g.get("transaction_reads", True))


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside are read-only, outside of a request."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


# -- guards: triggers that a table rebuild would silently drop -------------------------------------------------------------

_guards: dict[str, tuple[Mapping[str, Sequence[str]], frozenset[str]]] = {}


def register_guard(name: str, statements: Mapping[str, Sequence[str]], *, tables: Collection[str]) -> None:
    """Keep idempotent DDL (``CREATE TRIGGER IF NOT EXISTS`` and the like) per dialect name, under a name of its own.

    :param tables: what it guards; a database that an early revision has brought half the way does not have them yet.

    Rebuilding a table in a migration drops its triggers on SQLite, so they are not part of a revision: :func:`ensure_guards`
    runs after every upgrade.
    """
    _guards[name] = (statements, frozenset(tables))


def ensure_guards(connection: Connection) -> None:
    """Put every registered guard in place whose tables exist; running it again changes nothing."""
    present = set(inspect(connection).get_table_names())
    for statements, tables in _guards.values():
        if not tables <= present:
            continue
        for statement in statements.get(connection.dialect.name, ()):
            connection.exec_driver_sql(statement)


# -- engines ----------------------------------------------------------------------------------------------------------------


class NotDurable(RuntimeError):
    """The database would acknowledge what a power cut can take back; nothing is served on it."""


def engine_options(url: str) -> dict[str, Any]:
    """Engine options for a database URL. Parameters stay out of error messages and so out of logs.

    The connection that was used last is used next: what it has read and prepared is still at hand.
    """
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 15}, "pool_size": 20, "max_overflow": 20, "pool_use_lifo": True}
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 20,
        "max_overflow": 20,
        "pool_use_lifo": True,
        "pool_timeout": 10,
        "connect_args": {"options": _POSTGRESQL_OPTIONS, "application_name": "declaration"},
    }


def init_app(app: Flask) -> None:
    """Connect the application to the database named by ``SQLALCHEMY_DATABASE_URI``."""
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(app.config["SQLALCHEMY_DATABASE_URI"]))
    db.init_app(app)
    # Batch mode: SQLite changes a table by rebuilding it. migrations/env.py has the care that this needs.
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True, compare_server_default=True)
    with app.app_context():
        for engine in db.engines.values():
            prepare_engine(engine)


def prepare_engine(engine: Engine) -> None:
    """Teach an engine how its transactions begin."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "close", _sqlite_close)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "begin", _postgresql_begin)


def make_room(engine: Engine) -> None:
    """Let the write-ahead log of a SQLite database have its full length before anybody waits for a commit; else nothing is done.

    A commit that lengthens its file waits for the file system's own journal as well, which takes as long again. What is written here is
    rolled back: the database is as it was, and the log, once as long as between two checkpoints, is written over from its beginning.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database or engine.url.database == ":memory:":
        return
    with contextlib.closing(sqlite3.connect(engine.url.database, timeout=15, isolation_level=None)) as connection:
        log = Path(f"{engine.url.database}-wal")
        page = int(connection.execute("PRAGMA page_size").fetchone()[0])
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",) or (log.exists() and log.stat().st_size >= page * _WAL_PAGES):
            return
        for statement in ("PRAGMA cache_size=10", "BEGIN IMMEDIATE", "CREATE TABLE room (zeros BLOB)"):
            connection.execute(statement)  # so small a cache spills into the log at once
        connection.execute("INSERT INTO room VALUES (zeroblob(?))", (page * _WAL_PAGES,))
        connection.execute("ROLLBACK")
        with log.open("rb") as file:
            os.fsync(file.fileno())


def _sqlite_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, not the driver
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    # A PRAGMA that is not understood is silently ignored, so ask again.
    if connection.execute("PRAGMA synchronous").fetchone() != (_SYNCHRONOUS_FULL,):
        raise NotDurable("SQLite does not keep synchronous=FULL on this file")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        raise NotDurable("SQLite does not keep a write-ahead log beside this file (a network folder?)")


def _sqlite_close(connection: sqlite3.Connection, _record: object) -> None:
    with contextlib.suppress(sqlite3.Error):  # an optimisation only
        connection.execute("PRAGMA query_only=OFF")
        connection.execute("PRAGMA optimize")


def _sqlite_begin(connection: Connection) -> None:
    if not is_reading():
        begin_writing(connection.info, connection.exec_driver_sql)
        return
    _be_reading(connection.info, connection.exec_driver_sql, reads=True)
    connection.exec_driver_sql("BEGIN")


def begin_writing(info: dict[Any, Any], execute: Callable[[str], object]) -> None:
    """Begin a transaction that may write, on SQLite.

    :param info: what the connection remembers.
    """
    _be_reading(info, execute, reads=False)
    execute("BEGIN IMMEDIATE")


def _be_reading(info: dict[Any, Any], execute: Callable[[str], object], *, reads: bool) -> None:
    if info.get(_READS) is not reads:
        execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
        info[_READS] = reads


def _postgresql_begin(connection: Connection) -> None:
    if is_reading():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
