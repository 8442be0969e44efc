"""A forum in its first reading, and a browser for each of its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.drafts.conftest import Playing, begun, playing
from tests.drafts.play import SLUG, signed_in

__all__ = ["begun", "playing"]

PAGE = f"/{SLUG}/paragraphs/OP1"


@pytest.fixture
def browser_of(app: Flask, playing: Playing) -> Callable[..., FlaskClient]:
    """``browser_of("kz", "member")``: a browser in which that person is signed in."""

    def enter(party: str, role: str | None = None) -> FlaskClient:
        with playing() as play:
            token = play.cookie(party, role)
        return signed_in(app, token)

    return enter


@pytest.fixture
def say(browser_of) -> Callable[..., None]:
    """Somebody writes a comment on OP1 from the page."""

    def write(text: str, audience: str, party: str, role: str | None = None) -> None:
        answer = browser_of(party, role).post(f"{PAGE}/comments", data={"text": text, "audience": audience})
        assert answer.status_code == 302, answer.text

    return write
