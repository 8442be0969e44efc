"""Overrides the whole application by this feature alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from declaration.web.clock import SettableClock
from declaration.web.db import db
from tests.transparency.apps import alone


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: SettableClock) -> Iterator[Flask]:
    app = alone(tmp_path, database_url)
    app.extensions["clock"] = clock
    yield app
    with app.app_context():
        db.engine.dispose()
