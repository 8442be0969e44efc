"""The whole walk, taken once for each database; every test looks at what it left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from declaration.web.clock import SettableClock
from tests.conftest import NOON
from tests.support.databases import application
from tests.walks.evidence import Evidence, walked
from tests.walks.walk import Walk


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def evidence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    databases = request.getfixturevalue("sqlite_databases" if request.param == "sqlite" else "postgres_databases")
    folder: Path = tmp_path_factory.mktemp(f"walk-{request.param}")
    with databases.fresh(folder) as url:
        clock = SettableClock(NOON)
        with application(folder, url, clock) as app:
            yield walked(Walk(app, clock, folder).found())
