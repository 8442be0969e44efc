"""The signing page says what has changed since its reader last looked, and nobody else learns that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from declaration.endorsements.offline_models import Look
from tests.endorsements.conftest import Playing
from tests.support.play import AMENDED, SLUG

SignedIn = Callable[..., FlaskClient]
LOOKED = f"/{SLUG}/sign/looked"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_the_redline_begins_where_the_reader_stopped(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party, other = play.organization(0), play.organization(1)
        first, last = next(iter(play.state.versions)), play.state.adopted or ""
    browser = signed_in(party)
    page = f"/{SLUG}/sign?text=en"
    assert "there is nothing to compare it with" in browser.get(page).text
    assert browser.post(LOOKED, data={"digest": first}, headers={"X-Fragment": "1"}).status_code == 204
    shown = browser.get(page).text
    assert "One paragraph has changed." in shown
    assert "<del>two years</del><ins>year</ins>" in shown.replace("</del> <ins>", "</del><ins>")
    assert AMENDED[0] in shown  # the whole text stands there too
    assert "<del>" in browser.get(f"/{SLUG}/sign?text=tr").text
    assert browser.post(LOOKED, data={"digest": last}).status_code == 302
    assert "One paragraph has changed." in browser.get(page).text  # the same visit
    with playing() as play:
        play.advance(hours=2)
    browser = signed_in(party)
    shown = browser.get(page).text
    assert "Nothing has changed since you looked at this text" in shown
    assert "What changed since" in shown  # the redline is still at hand
    assert browser.post(LOOKED, data={"digest": last}).status_code == 302  # twice is once
    with playing() as play:
        assert play.session.query(Look).count() == 2
    assert "there is nothing to compare it with" in signed_in(other).get(page).text


def test_only_signatories_and_only_versions(playing: Playing, signed_in: SignedIn) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        party, last = play.organization(0), play.state.adopted or ""
    assert signed_in("chair").post(LOOKED, data={"digest": last}).status_code == 403
    assert signed_in(party).post(LOOKED, data={"digest": "0" * 64}).status_code == 404
    assert signed_in(party).post(LOOKED).status_code == 404


def test_a_second_device_reads_the_fingerprint_without_an_account(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.found().negotiated().opened()
        last = play.state.adopted or ""
    page = client.get(f"/{SLUG}/fingerprint/{last}").text
    assert " ".join(last[start : start + 4] for start in range(0, 64, 4)) in page
    wrong = client.get(f"/{SLUG}/fingerprint/{'0' * 64}")
    assert wrong.status_code == 404
    assert "Do not sign what the other screen shows" in wrong.text
