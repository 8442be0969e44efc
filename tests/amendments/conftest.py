"""A played forum and a browser for each of its people."""

from __future__ import annotations

from tests.comments.conftest import browser_of
from tests.desk.conftest import database_url
from tests.drafts.conftest import begun, playing

__all__ = ["begun", "browser_of", "database_url", "playing"]
