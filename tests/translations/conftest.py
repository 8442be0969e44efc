"""A forum after the text was opened for signature, and browsers in which its people are signed in."""

from __future__ import annotations

import pytest

from tests.endorsements.conftest import app, playing, signed_in

__all__ = ["app", "playing", "signed_in"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Words do not depend on the database."""
    return sqlite_url
