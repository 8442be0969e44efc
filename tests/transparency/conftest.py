"""Overrides the whole application by this feature alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration.web.clock import SettableClock
from declaration.web.db import db
from tests.transparency.apps import alone, program


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: SettableClock) -> Iterator[Flask]:
    app = alone(tmp_path, database_url)
    app.extensions["clock"] = clock
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A program that reads the record; errors come to it as problem documents."""
    return program(app)
