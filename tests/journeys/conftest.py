"""Services for the journeys. What takes long to play is played once, and every test walks on in a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import service as services
from tests.journeys.service import Service
from tests.journeys.visitor import Enter, entrance
from tests.support.databases import SqliteDatabases
from tests.support.shared import made_once


@pytest.fixture(scope="session")
def opened_template(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "opened", partial(services.make_opened, sqlite_databases))


@pytest.fixture(scope="session")
def negotiated_template(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "negotiated", partial(services.make_negotiated, sqlite_databases))


@pytest.fixture(scope="session")
def played_template(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "played", partial(services.make_played, sqlite_databases))


@pytest.fixture
def opened(opened_template: Path, tmp_path: Path) -> Iterator[Service]:
    """The demonstration with its zero draft circulated."""
    with services.copy_of(opened_template, tmp_path) as service:
        yield service


@pytest.fixture
def negotiated(negotiated_template: Path, tmp_path: Path) -> Iterator[Service]:
    """The demonstration in its second reading."""
    with services.copy_of(negotiated_template, tmp_path) as service:
        yield service


@pytest.fixture
def played(played_template: Path, tmp_path: Path) -> Iterator[Service]:
    """The demonstration adopted and opened for signature, with some signatures."""
    with services.copy_of(played_template, tmp_path) as service:
        yield service


@pytest.fixture
def unfounded(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[Service]:
    """A service without a forum."""
    with services.empty(sqlite_databases, tmp_path) as service:
        yield service


@pytest.fixture
def enter_opened(browser: Browser, opened: Service) -> Iterator[Enter]:
    """Browsers in the demonstration with its zero draft."""
    with entrance(browser, opened) as enter:
        yield enter


@pytest.fixture
def enter_played(browser: Browser, played: Service) -> Iterator[Enter]:
    """Browsers in the demonstration that is open for signature."""
    with entrance(browser, played) as enter:
        yield enter


@pytest.fixture
def enter_negotiated(browser: Browser, negotiated: Service) -> Iterator[Enter]:
    """Browsers in the demonstration in its second reading."""
    with entrance(browser, negotiated) as enter:
        yield enter
