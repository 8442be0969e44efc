"""Forums at a point that many tests begin from, played once by each worker and copied from then on.

A snapshot is a database with the folders beside it (the log's key and guard). It is taken of the database of the first test that asks
for it, right after it was built, and put in the place of the fresh database of every other. Nothing is in memory yet at that moment:
the application has read nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from declaration.transparency import signing
from declaration.web.clock import SettableClock
from declaration.web.db import Base, db

FOLDERS = ("instance", "keys")
Rows = tuple[Mapping[sa.Table, Sequence[Mapping[str, Any]]], Mapping[str, int]]
Beginning = Callable[[str, Callable[[], None]], None]


class Snapshots:
    """What one worker has played so far, by name and kind of database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, str], tuple[Path, datetime]] = {}
        self._rows: dict[Path, Rows] = {}

    def begin(self, name: str, app: Flask, folder: Path, clock: SettableClock, build: Callable[[], None]) -> None:
        """Bring the application of a test, whose database is fresh or is at the point that ``build`` goes on from, to that point."""
        with app.app_context():
            url = db.engine.url
            db.engine.dispose()
        key = (name, url.get_backend_name())
        if key in self._kept:
            kept, reached = self._kept[key]
            self._restore(kept, url, folder)
            signing.init_app(app)  # the key that signed what is in this database
            clock.set(reached)
            return
        build()
        with app.app_context():
            db.engine.dispose()
        kept = self._folder / "-".join(key)
        self._keep(kept, url, folder)
        self._kept[key] = kept, clock.now()

    def _keep(self, kept: Path, url: sa.URL, folder: Path) -> None:
        kept.mkdir()
        for each in FOLDERS:
            if (folder / each).exists():
                shutil.copytree(folder / each, kept / each)
        if url.get_backend_name() == "sqlite":
            shutil.copyfile(str(url.database), kept / "test.db")
        else:
            self._rows[kept] = _rows(url)

    def _restore(self, kept: Path, url: sa.URL, folder: Path) -> None:
        for each in FOLDERS:
            shutil.rmtree(folder / each, ignore_errors=True)
            if (kept / each).exists():
                shutil.copytree(kept / each, folder / each)
        if url.get_backend_name() == "sqlite":
            shutil.copyfile(kept / "test.db", str(url.database))
        else:
            _fill(url, self._rows[kept])


def _rows(url: sa.URL) -> Rows:
    """Every row by table, and how far each sequence has come."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        tables = {table: [row._asdict() for row in connection.execute(table.select())] for table in Base.metadata.sorted_tables}
        reached = connection.execute(sa.text("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"))
        return {table: rows for table, rows in tables.items() if rows}, {row.sequencename: row.last_value for row in reached}


def _fill(url: sa.URL, kept: Rows) -> None:
    """Put the rows in the place of those that are there."""
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        emptying = [f'DELETE FROM "{table}"' for table in Base.metadata.tables]
        connection.exec_driver_sql("; ".join(["SET session_replication_role = replica", *emptying]))
        for table, rows in kept[0].items():
            connection.execute(table.insert(), rows)
        for name, value in kept[1].items():
            connection.execute(sa.text("SELECT setval(:name, :value)"), {"name": f'"{name}"', "value": value})


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    return Snapshots(tmp_path_factory.mktemp("snapshots"))


@pytest.fixture
def beginning(snapshots: Snapshots, app: Flask, tmp_path: Path, clock: SettableClock) -> Beginning:
    """``beginning("circulated", build)``: play ``build`` once, and begin where it ended."""
    return lambda name, build: snapshots.begin(name, app, tmp_path, clock, build)
