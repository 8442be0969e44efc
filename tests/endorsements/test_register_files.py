"""The register as files: the same bytes for the same moment, cells that no spreadsheet computes, and what is refused."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from declaration.credentials.models import Content
from declaration.credentials.record import log_of
from declaration.endorsements.exporting import COLUMNS, guarded
from declaration.protocol.checkpoint import open_checkpoint
from declaration.protocol.encoding import format_time, parse_canonical
from declaration.protocol.note import parse_vkey
from declaration.web.clock import now
from tests.endorsements.conftest import Playing
from tests.support.play import ORGANIZATIONS, SLUG, nonce

BASE = f"/{SLUG}/register"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def moment(playing: Playing) -> str:
    """Two have signed at this moment; later one withdraws, one signs apart, and a name is taken back."""
    with playing() as play:
        play.played("en", "az")
        play.advance(hours=1)
        found = format_time(now())
        play.advance(hours=1)
        first, second = play.state.endorsements.values()
        play.act(first.party, "endorsement.withdraw-v1", first.digest, {"reason": "By decision of the board."})
        play.sign(play.organization(2, capacity="personal"), nonce=nonce("third"))
        play.session.execute(update(Content).where(Content.sha256 == second.content).values(audience="sealed"))
        play.advance(hours=1)
    return found


def rows(body: bytes) -> list[dict[str, str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in body.replace(b"\r\n", b"")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_the_rows_of_a_past_moment_are_the_same_for_ever(playing: Playing, client: FlaskClient, moment: str) -> None:
    then = {name: client.get(f"{BASE}.{name}?at={moment}").data for name in ("csv", "json")}
    assert [(row["status"], row["withdrawn"]) for row in rows(then["csv"])] == [("counted", ""), ("counted", "")]
    found = parse_canonical(then["json"].rstrip(b"\n"))
    assert isinstance(found, dict)
    assert (found["as_at"], found["totals"]["counted"], found["totals"]["withdrawn"]) == (moment, 2, 0)
    page = client.get(f"{BASE}?at={moment}").text
    assert "2 signatures, all valid" in page
    assert "withdrawn" not in client.get(f"{BASE}/all?at={moment}").text.partition("<main")[2].partition("As a file")[0]
    with playing() as play:
        play.sign(play.organization(3))
        play.advance(days=1)
        log = log_of(play.session, play.forum)
    cookies = client.get(f"{BASE}?lang=tr")
    assert cookies.status_code == 200
    assert {name: client.get(f"{BASE}.{name}?at={moment}").data for name in then} == then
    checkpoint = found["checkpoint"]
    assert isinstance(checkpoint, dict)
    opened = open_checkpoint(str(checkpoint["note"]).encode(), parse_vkey(log.vkey))
    assert (opened.size, opened.root.hex()) == (checkpoint["size"], checkpoint["root"])
    assert opened.size < log.size


def test_the_files_are_what_the_page_shows(client: FlaskClient, moment: str) -> None:
    everything = rows(client.get(f"{BASE}.csv").data)
    assert tuple(everything[0]) == COLUMNS
    assert [row["status"] for row in everything] == ["withdrawn", "counted"]
    assert everything[0]["withdrawn"] > moment
    assert [row["status"] for row in rows(client.get(f"{BASE}.csv?apart=yes").data)] == ["listed"]
    assert [row["country"] for row in rows(client.get(f"{BASE}.csv?country=tr").data)] == ["tr"]
    assert [row["organization"] for row in rows(client.get(f"{BASE}.csv?q=isik").data)] == [ORGANIZATIONS[1][1]]
    assert rows(client.get(f"{BASE}.csv?q=%25").data) == []
    for name in ("csv", "json"):
        body = client.get(f"{BASE}.{name}").data.decode()
        assert all(one[3] not in body for one in ORGANIZATIONS), "a person can take the name back, a file cannot"
    answer = client.get(f"{BASE}.json?country=az")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="register-{SLUG}-')


def test_the_address_to_hand_on_gives_the_page_again(playing: Playing, client: FlaskClient, moment: str) -> None:
    page = client.get(f"{BASE}/all?country=az&at={moment}").text
    shared = re.search(r'id="share-page" value="([^"]+)"', page)
    assert shared is not None
    assert client.get(unescape(shared[1])).text == page
    fixed = re.search(r'id="share-fixed" value="([^"]+)"', client.get(f"{BASE}?q=isik").text)
    assert fixed is not None
    assert "As at another moment" in client.get(unescape(fixed[1])).text
    assert "id=\"share-fixed\"" not in page, "a past moment has one address"
    assert '<meta property="og:title" content="Azerbaijan' in page
    assert "<script src=\"http" not in page


@pytest.mark.parametrize("cell", ["=1+1", "+90", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded(f"a{cell}") == f"a{cell}"


@pytest.mark.parametrize("query", ["at=2001-01-01T00:00:00Z", "at=2999-01-01T00:00:00Z", "at=soon", "country=xx", "at=2025-13-01T00:00"])
def test_what_no_register_can_show(client: FlaskClient, moment: str, query: str) -> None:
    for address in (f"{BASE}.csv", f"{BASE}.json", BASE, f"{BASE}/all"):
        assert client.get(f"{address}?{query}").status_code == 404, address


def test_the_running_second_is_not_past(playing: Playing, client: FlaskClient, moment: str) -> None:
    with playing():
        running, over = format_time(now()), format_time(now() - timedelta(seconds=1))
    assert client.get(f"{BASE}.csv?at={running}").status_code == 404
    assert client.get(f"{BASE}.csv?at={over}").status_code == 200


def test_before_the_opening_there_is_no_file(playing: Playing, client: FlaskClient) -> None:
    with playing() as play:
        play.found().negotiated()
    assert client.get(f"{BASE}.csv").status_code == 404
    assert client.get(f"{BASE}.json").status_code == 404
    assert client.get(f"{BASE}/paper.csv").status_code == 404
