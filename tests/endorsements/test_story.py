"""One organization's page and the page of what has lapsed: every act in order, nothing of others, nothing before its time."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from declaration.credentials.models import Content
from declaration.protocol.encoding import format_time
from declaration.web.clock import now
from tests.endorsements.conftest import Playing
from tests.support.play import ORGANIZATIONS, SLUG

SignedIn = Callable[..., FlaskClient]
BASE = f"/{SLUG}/register/organizations"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_every_act_in_order_and_no_others(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en", "az")
        first, second = play.state.endorsements.values()
        given = next(key for key in play.state.keys.values() if key.party == first.party)
        index = play.state.digests[given.accreditation]
    client.get(f"{BASE}/{first.party}")  # what is read on later must be found as well
    with playing() as play:
        play.act("depositary", "endorsement.question-v1", first.digest, {"reason": "The board is asked."})
        play.act("depositary", "endorsement.release-v1", first.digest, {"reason": "The board has answered."})
        key = next(one for one in play.state.keys.values() if one.party == first.party)
        play.act(first.party, "key.suspend-v1", key.accreditation, {"reason": "The phone is lost."})
        last = play.state.size - 1
    page = client.get(f"{BASE}/{first.party}").text
    story = page.partition('class="story"')[2].partition("</ol>")[0]
    acts = [int(one) for one in re.findall(rf'href="/{SLUG}/record/(\d+)">entry', story)]
    assert acts == [index, index + 1, first.index, last - 2, last - 1, last]
    for words in (ORGANIZATIONS[0][1], "The board is asked.", "Suspended", "On behalf of", "statement.json.sig"):
        assert words in page
    assert ORGANIZATIONS[1][1] not in page
    assert second.digest not in page


def test_a_name_that_was_taken_back_is_not_told(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
        (found,) = play.state.endorsements.values()
        play.session.execute(update(Content).where(Content.sha256 == found.content).values(audience="sealed"))
    page = client.get(f"{BASE}/{found.party}").text
    assert "name withheld" in page
    assert ORGANIZATIONS[0][3].split()[0] not in page


def test_there_is_no_such_organization(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
    for party in ("xx.nobody", "az", "chair", "rapporteur", "%2e%2e", "A" * 90):
        assert client.get(f"{BASE}/{party}").status_code == 404, party


def test_nothing_is_told_while_the_text_is_negotiated(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.found()
        party = play.organization(0)
    assert client.get(f"{BASE}/{party}").status_code == 401
    assert client.get(f"/{SLUG}/register/lapsed").status_code == 401


def test_what_has_lapsed_is_listed_with_what_can_be_done(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.played("en")
        late = play.organization(1)
    assert "Nothing has lapsed." in client.get(f"/{SLUG}/register/lapsed").text
    with playing() as play:
        play.advance(days=61)
    page = client.get(f"/{SLUG}/register/lapsed").text
    assert ORGANIZATIONS[1][1] in page
    assert ORGANIZATIONS[0][1] not in page
    assert "can accede" in page
    assert "Lapsed" in client.get(f"{BASE}/{late}").text
    assert "1 has lapsed" in client.get(f"/{SLUG}/register").text
    with playing() as play:
        play.act("depositary", "declaration.close_accession-v1", play.state.adopted, {"reason": "Closed."})
        play.advance(hours=1)
        assert format_time(now()) > format_time(play.state.times[-1])
    assert "nobody can join" in client.get(f"/{SLUG}/register/lapsed").text
