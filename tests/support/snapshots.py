"""Forums at a point that many tests begin from, played once by each worker and copied from then on.

A snapshot is a database with the folders beside it (the log's key and guard). It is taken of the database of the first test that asks
for it, right after it was built, and put in the place of the fresh database of every other. Nothing is in memory yet at that moment:
the application has read nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from declaration.transparency import signing
from declaration.web.clock import SettableClock
from declaration.web.db import db

FOLDERS = ("instance", "keys")
Beginning = Callable[[str, Callable[[], None]], None]


class Snapshots:
    """What one worker has played so far, by name and kind of database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, str], Path] = {}

    def begin(self, name: str, app: Flask, folder: Path, clock: SettableClock, build: Callable[[], None]) -> None:
        """Bring the application of a test, whose database is fresh, to the point of that name."""
        with app.app_context():
            url = db.engine.url
            db.engine.dispose()
        key = (name, url.get_backend_name())
        if key in self._kept:
            self._restore(self._kept[key], url, folder)
            signing.init_app(app)  # the key that signed what is in this database
            return
        started = clock.now()
        build()
        assert clock.now() == started, "what is kept for other tests does not move their clock"
        with app.app_context():
            db.engine.dispose()
        kept = self._folder / "-".join(key)
        self._keep(kept, url, folder)
        self._kept[key] = kept

    def _keep(self, kept: Path, url: sa.URL, folder: Path) -> None:
        kept.mkdir()
        for each in FOLDERS:
            if (folder / each).exists():
                shutil.copytree(folder / each, kept / each)
        if url.get_backend_name() == "sqlite":
            shutil.copyfile(str(url.database), kept / "test.db")
        else:
            _copy(url, str(url.database), _name(kept))

    def _restore(self, kept: Path, url: sa.URL, folder: Path) -> None:
        for each in FOLDERS:
            shutil.rmtree(folder / each, ignore_errors=True)
            if (kept / each).exists():
                shutil.copytree(kept / each, folder / each)
        if url.get_backend_name() == "sqlite":
            shutil.copyfile(kept / "test.db", str(url.database))
        else:
            _copy(url, _name(kept), str(url.database), over=True)


def _name(kept: Path) -> str:
    return "kept_" + kept.name.replace("-", "_")


def _copy(url: sa.URL, source: str, target: str, *, over: bool = False) -> None:
    admin = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        if over:
            connection.exec_driver_sql(f"DROP DATABASE {target} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {target} TEMPLATE {source}")


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    return Snapshots(tmp_path_factory.mktemp("snapshots"))


@pytest.fixture
def beginning(snapshots: Snapshots, app: Flask, tmp_path: Path, clock: SettableClock) -> Beginning:
    """``beginning("circulated", build)``: play ``build`` once, and begin where it ended."""
    return lambda name, build: snapshots.begin(name, app, tmp_path, clock, build)
