"""The toy feature on every database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.toy import add_toys


@pytest.fixture
def heard(app: Flask) -> list[str]:
    """Registers the toys; the list holds what their hooks said, in order."""
    return add_toys(app)
