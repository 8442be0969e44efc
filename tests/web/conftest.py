"""The shared web parts alone, with the toy feature and no other, on every database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from declaration.web.clock import SettableClock
from tests.support.databases import application
from tests.web.toy import add_toys


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr("declaration.app.FEATURES", ("declaration.web.health",))
    monkeypatch.setattr("declaration.cli.COMMANDS", ())
    with application(tmp_path, database_url, clock) as made:
        yield made


@pytest.fixture
def heard(app: Flask) -> list[str]:
    """Registers the toys; the list holds what their hooks said, in order."""
    return add_toys(app)
