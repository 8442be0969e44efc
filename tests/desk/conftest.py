"""A forum at several stages, and a browser for each of its people."""

from __future__ import annotations

import pytest

from tests.adoption.conftest import adopted, agreed, presented, second_reading
from tests.comments.conftest import browser_of
from tests.drafts.conftest import begun, playing
from tests.drafts.play import SLUG

__all__ = ["adopted", "agreed", "begun", "browser_of", "playing", "presented", "second_reading"]

HOME, TABLE, HALL = f"/{SLUG}/home", f"/{SLUG}/table", f"/{SLUG}/hall"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """These pages have no rows of their own: one database is enough."""
    return sqlite_url
