"""A prepared forum as often as a round needs a fresh one, on SQLite and on PostgreSQL, and a bare durable commit beside it.

SQLite is copied as files, PostgreSQL as a database made from a template. The guard beside the log's key goes with each copy.

A bare commit is one row as long as an entry with its unique digest, in a database as fresh as the forum's copy, as a program without
further thought makes it: with SQLite's own size of a log and no room made for it. It is always the mean of as many commits, since the
first ones, which lengthen the log, take twice as long as later ones.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

from bench.endorsements.prepared import Signatory, prepare
from tests.support.pgtemp import NoPostgres, cluster

KINDS = ("sqlite", "postgresql")
FLOOR = 600
_ROW = os.urandom(1024)  # as long as an entry

Commits = Callable[[], float]
"""Makes :data:`FLOOR` commits of one row each and gives the seconds that one took."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A forum of a round's own."""

    folder: Path
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where forums of one kind of database come from, and what a commit costs there."""

    kind: str
    ready: list[Signatory]
    fresh: Callable[[], contextlib.AbstractContextManager[Copy]]
    bare: Commits


@contextlib.contextmanager
def place(kind: str, count: int) -> Iterator[Place]:
    """A forum of ``count`` signatories, prepared once.

    :raises NoPostgres: there is no PostgreSQL on this machine.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary, contextlib.ExitStack() as stack:
        folder = Path(temporary)
        yield _sqlite(folder, count) if kind == "sqlite" else _postgresql(folder, count, stack)


def _sqlite(folder: Path, count: int) -> Place:
    source = folder / "source"
    source.mkdir()
    ready = prepare(source, f"sqlite:///{source}/forum.db", count)
    numbers = itertools.count()

    @contextlib.contextmanager
    def fresh() -> Iterator[Copy]:
        copy = folder / f"copy{next(numbers)}"
        shutil.copytree(source, copy)
        yield Copy(copy, f"sqlite:///{copy}/forum.db")
        shutil.rmtree(copy)

    def bare() -> float:
        with contextlib.closing(sqlite3.connect(folder / f"floor{next(numbers)}.db", isolation_level=None)) as connection:
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, raw BLOB, digest BLOB UNIQUE)")
            digests = [os.urandom(32) for _ in range(FLOOR)]
            began = time.perf_counter()
            for digest in digests:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO entry (raw, digest) VALUES (?, ?)", (_ROW, digest))
                connection.execute("COMMIT")
            return (time.perf_counter() - began) / FLOOR

    return Place("sqlite", ready, fresh, bare)


def _postgresql(folder: Path, count: int, stack: contextlib.ExitStack) -> Place:
    server = sa.make_url(stack.enter_context(cluster(durable=True)))
    source = folder / "source"
    source.mkdir()
    admin = stack.enter_context(psycopg.connect(_conninfo(server, "postgres"), autocommit=True))
    admin.execute("CREATE DATABASE source")
    ready = prepare(source, _address(server, "source"), count)
    numbers = itertools.count()

    @contextlib.contextmanager
    def fresh() -> Iterator[Copy]:
        name = f"copy{next(numbers)}"
        shutil.copytree(source, folder / name)
        admin.execute(f"CREATE DATABASE {name} TEMPLATE source".encode())
        admin.execute("CHECKPOINT")  # what copying has written is not this round's to sync
        yield Copy(folder / name, _address(server, name))
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        shutil.rmtree(folder / name)

    admin.execute("CREATE DATABASE floor")
    connection = stack.enter_context(psycopg.connect(_conninfo(server, "floor"), autocommit=True))

    def bare() -> float:
        connection.execute("DROP TABLE IF EXISTS entry")
        connection.execute("CREATE TABLE entry (seq bigserial PRIMARY KEY, raw bytea, digest bytea UNIQUE)")
        digests = [os.urandom(32) for _ in range(FLOOR)]
        began = time.perf_counter()
        for digest in digests:
            connection.execute("INSERT INTO entry (raw, digest) VALUES (%s, %s)", (_ROW, digest), prepare=True)
        return (time.perf_counter() - began) / FLOOR

    return Place("postgresql", ready, fresh, bare)


def _address(server: sa.URL, database: str) -> str:
    return server.set(database=database).render_as_string(hide_password=False)


def _conninfo(server: sa.URL, database: str) -> str:
    return server.set(drivername="postgresql", database=database).render_as_string(hide_password=False)


__all__ = ["KINDS", "Copy", "NoPostgres", "Place", "place"]
