"""A played forum, a browser for each of its people, and what stands in the form of a draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from declaration.amendments.models import Draft, DraftRevision
from tests.comments.conftest import browser_of
from tests.drafts.conftest import begun, playing
from tests.drafts.play import SLUG

__all__ = ["begun", "browser_of", "playing"]

PROPOSE = f"/{SLUG}/paragraphs/OP1/propose"
DRAFTS = f"/{SLUG}/drafts"

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"|<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>')


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough for pages; what both must hold says so and parametrizes it."""
    return sqlite_url


def form_of(page: str, start: str = '<form method="post" id="editor"') -> dict[str, str]:
    """The fields of a form as a browser would send them."""
    body = page[page.index(start) :]
    body = body[: body.index("</form>")]
    found = {a or c: unescape(b or d) for a, b, c, d in _FIELD.findall(body)}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', body):
        chosen = re.search(r'value="([^"]*)"(?: lang="\w+")? selected', options) or re.search(r'value="([^"]*)"', options)
        if chosen and not name.startswith("add-"):
            found[name] = chosen[1]
    return found


@pytest.fixture
def draft_of(browser_of) -> Callable[..., str]:
    """``draft_of("kz", "head", text="…")``: that person saves a new draft on OP1; its address."""

    def write(party: str, role: str | None = None, **fields: str) -> str:
        answer = browser_of(party, role).post(PROPOSE, data={"text": "Decide to meet every year;", "do": "save", **fields})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    return write


@pytest.fixture
def rows(playing) -> Callable[[], list[Draft]]:
    """Every draft in the database."""

    def read() -> list[Draft]:
        with playing() as play:
            return list(play.session.scalars(select(Draft)))

    return read


@pytest.fixture
def saved(playing) -> Callable[[], list[DraftRevision]]:
    """Every revision in the database, in the order of their numbers."""

    def read() -> list[DraftRevision]:
        with playing() as play:
            return list(play.session.scalars(select(DraftRevision).order_by(DraftRevision.revision, DraftRevision.kind)))

    return read


def send(browser: FlaskClient, address: str, form: Mapping[str, str], **more: str) -> TestResponse:
    """Send a form with some fields changed."""
    return browser.post(address, data={**form, **{name.replace("_", "-"): value for name, value in more.items()}})
