"""Fixtures for every test.

``app`` and ``client`` run twice, on SQLite and on PostgreSQL, each test with a database of its own. A test that is about one of
them says so: ``@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)``. A module that is about neither overrides
the fixture ``database_url`` and returns ``sqlite_url``.

``REQUIRE_POSTGRES=1`` and ``REQUIRE_BROWSER=1`` turn a missing server or browser from a skip into an error, as ``make test`` does.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from declaration.web.clock import SettableClock
from declaration.web.transaction import unit_of_work
from tests.support.browser import NoBrowser, chromium, find_chromium, serving
from tests.support.caches import keep_builders, keep_catalogues, keep_templates
from tests.support.databases import PostgresDatabases, SqliteDatabases, application
from tests.support.pgtemp import NoPostgres, cluster, find_programs
from tests.support.snapshots import beginning, snapshots

__all__ = ["beginning", "snapshots"]

# How long an example takes says something about the machine and nothing about the code; benchmarks are elsewhere.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

NOON = datetime(2025, 11, 24, 8, 0, tzinfo=UTC)  # 12:00 in Baku, on the forum's second day


def pytest_sessionstart() -> None:
    """Thousands of applications are built and thrown away: looking for their cycles all the time costs more than the memory."""
    keep_builders()
    keep_templates()
    keep_catalogues()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


LONG = ("journeys/", "walks/", "browser/", "credentials/test_devices.py")
"""Folders and files of which a single file takes a worker longer than most folders take."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long comes first, so that at the end no worker is alone with it; otherwise everything stays in its order."""
    folder = config.rootpath / "tests"

    def turn(item: pytest.Item) -> int:
        path = item.path.relative_to(folder).as_posix() if item.path.is_relative_to(folder) else ""
        return next((place for place, long in enumerate(LONG) if path.startswith(long)), len(LONG))

    items.sort(key=turn)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresDatabases]:
    try:
        find_programs()
    except NoPostgres as missing:
        _missing("REQUIRE_POSTGRES", str(missing))
    with cluster() as url:
        yield PostgresDatabases(tmp_path_factory.mktemp("postgresql"), url)


@pytest.fixture
def sqlite_url(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[str]:
    """A fresh SQLite database, for tests that run ``app`` on it alone: they override ``database_url`` with it."""
    with sqlite_databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with every table and no row."""
    databases = request.getfixturevalue("sqlite_databases" if request.param == "sqlite" else "postgres_databases")
    with databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def clock() -> SettableClock:
    """Stands at noon in Baku on 24 November 2025 until a test moves it."""
    return SettableClock(NOON)


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: SettableClock) -> Iterator[Flask]:
    """The whole application on a fresh database, with the settable clock."""
    with application(tmp_path, database_url, clock) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's requests: they say that they come from our own pages."""
    return browser_client(app)


def browser_client(app: Flask) -> FlaskClient:
    """Another browser, with cookies of its own."""
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


@pytest.fixture
def work(app: Flask) -> Callable[[], AbstractContextManager[Session]]:
    """``with work() as session:`` an application context and one transaction, committed at the end.

    Leave it before sending requests: on SQLite it holds the right to write.
    """

    @contextmanager
    def begin() -> Iterator[Session]:
        with app.app_context(), unit_of_work() as session:
            yield session

    return begin


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        find_chromium()
    except NoBrowser as missing:
        _missing("REQUIRE_BROWSER", str(missing))
    with chromium() as running:
        yield running


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of the application, served for a browser."""
    with serving(app) as url:
        yield url


def _missing(variable: str, reason: str) -> None:
    if os.environ.get(variable) == "1":
        pytest.fail(f"{variable}=1 and {reason}", pytrace=False)
    pytest.skip(reason)
