"""Who sees which page, and what stands on it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration.drafts import operations, queries
from declaration.protocol.manifest import parse_manifest
from declaration.web.clock import SettableClock, now
from tests.drafts.conftest import Playing
from tests.drafts.play import signed_in, units

READERS = [("chair", None), ("rapporteur", None), ("depositary", None), ("translator-az-1", None), ("kz", "head"), ("kz", "member")]
PAGES = [
    "text", "versions", "versions/ZD", "versions/ZD/pdf", "versions/ZD/changes/ZD", "paragraphs/OP1/history", "languages",
    "languages/az",
]  # fmt: skip


@pytest.fixture
def readers(playing: Playing, app: Flask) -> Mapping[str, FlaskClient]:
    with playing() as play:
        tokens = {f"{party}.{role}" if role else party: play.cookie(party, role) for party, role in [*READERS, ("ngo-1", None)]}
    return {who: signed_in(app, token) for who, token in tokens.items()}


@pytest.mark.parametrize("page", PAGES)
def test_participants_read_before_adoption_and_nobody_else(
    readers: Mapping[str, FlaskClient], client: FlaskClient, page: str
) -> None:
    for who, reader in readers.items():
        expected = 403 if who == "ngo-1" else 200
        assert reader.get(f"/forum/{page}").status_code == expected, who
    assert client.get(f"/forum/{page}").status_code == 401


def test_the_refusal_says_from_when_the_text_is_public(readers: Mapping[str, FlaskClient], client: FlaskClient) -> None:
    for answer in (client.get("/forum/text"), readers["ngo-1"].get("/forum/text")):
        assert "text.not-public" in answer.text
        assert "adoption" in answer.text
        assert "Decide to meet" not in answer.text


def test_the_next_version_is_for_the_chair_and_the_secretariat(readers: Mapping[str, FlaskClient], client: FlaskClient) -> None:
    for who, reader in readers.items():
        expected = 200 if who in ("chair", "rapporteur") else 403
        assert reader.get("/forum/next").status_code == expected, who
    assert client.get("/forum/next").status_code == 401


def test_only_the_secretariat_submits_and_only_the_chair_returns(readers: Mapping[str, FlaskClient]) -> None:
    assert readers["chair"].post("/forum/next/submit").status_code == 403
    assert readers["rapporteur"].post("/forum/next/return", data={"digest": "0" * 64, "reason": "No"}).status_code == 403
    assert readers["kz.head"].post("/forum/next/submit").status_code == 403


def test_before_anything_is_circulated_the_page_says_so(begun: Playing, app: Flask) -> None:
    with begun() as play:
        operations.store_zero_draft(play.session, play.forum, {"en": units()}, now=now())
        head, chair = play.cookie("kz", "head"), play.cookie("chair")
    for page in ("text", "versions", "languages", "languages/az"):
        answer = signed_in(app, head).get(f"/forum/{page}")
        assert answer.status_code == 200
        assert "No text has been circulated yet" in answer.text
        assert "Decide to meet" not in answer.text
    assert "Decide to meet every two years;" in signed_in(app, chair).get("/forum/next").text


def test_the_chairs_page_carries_the_whole_digest_and_the_text_it_is_computed_from(begun: Playing, app: Flask) -> None:
    with begun() as play:
        digest = operations.store_zero_draft(play.session, play.forum, {"en": units(), "az": units("az")}, now=now())
        raw = queries.version(play.session, play.forum, digest).manifest.raw.decode()
        token = play.cookie("chair")
    page = signed_in(app, token).get("/forum/next").text
    assert digest in page
    assert "data-digest-check" in page
    found = re.search(r'data-manifest="([^"]*)"', page)
    assert found is not None
    assert parse_manifest(found[1].replace("&#34;", '"').encode()).raw.decode() == raw
    assert list(re.findall(r'data-unit="([^"]*)"', page)) == [unit.id for unit in units()]


def test_words_of_two_scripts_are_named_before_approval(begun: Playing, app: Flask) -> None:
    text = [unit if unit.id != "OP1" else type(unit)("OP1", "operative", "Decide to m\u0435et every two years;") for unit in units()]
    with begun() as play:
        operations.store_zero_draft(play.session, play.forum, {"en": text}, now=now())
        token = play.cookie("chair")
    assert "CYRILLIC SMALL LETTER IE" in signed_in(app, token).get("/forum/next").text


def test_the_way_of_a_version_from_the_secretariat_to_the_chair(playing: Playing, app: Flask) -> None:
    with playing() as play:
        play.accept(play.replace("kz", "OP1", "Decide to meet every year;"))
        secretariat, chair = signed_in(app, play.cookie("rapporteur")), signed_in(app, play.cookie("chair"))
    page = chair.get("/forum/next").text
    assert "The secretariat has not submitted it yet." in page
    assert "<del>two years</del>" in page
    assert secretariat.post("/forum/next/submit").status_code == 302
    assert "Before the Chair" in secretariat.get("/forum/next").text
    with playing() as play:
        waiting = queries.waiting(play.session, play.forum)
        assert waiting is not None
        digest = waiting.digest
    assert digest in chair.get("/forum/next").text
    assert chair.post("/forum/next/return", data={"digest": digest, "reason": ""}).status_code == 400
    assert chair.post("/forum/next/return", data={"digest": digest, "reason": "Numbers, please."}).status_code == 302
    assert "Numbers, please." in secretariat.get("/forum/next").text


def test_the_text_shows_brackets_and_counts_open_proposals(playing: Playing, app: Flask) -> None:
    with playing() as play:
        play.replace("kz", "OP1", "Decide to meet every year;")
        token = play.cookie("hu", "head")
    page = signed_in(app, token).get("/forum/text").text
    assert "1 paragraph is in brackets." in page
    assert "1 proposal" in page


def test_a_language_shows_the_original_where_it_is_behind(playing: Playing, app: Flask) -> None:
    with playing() as play:
        body = {
            "symbol": "FORUM/2025/JD/AM/001", "amends": None, "content": "0" * 64,
            "edits": [{"unit": "OP3", "base": None, "op": "insert_after", "after": "OP2", "kind": "operative", "parent": None,
                       "splices": [[0, 0, "Thank the host."]]}],
        }  # fmt: skip
        found = play.act("kz", "amendment.submit-v1", play.state.current, body=body, role="head").act.digest
        play.act("rapporteur", "amendment.admit-v1", found, body={})
        play.accept(found)
        token = play.cookie("hu", "head")
    page = signed_in(app, token).get("/forum/text?text=az").text
    assert '<p class="text" lang="en"><span class="text__no">2 bis.</span>Thank the host.' in page
    assert '<span aria-hidden="true">2 bis</span>' in page  # in the strip; the id is for addresses
    assert "not translated yet" in page
    assert signed_in(app, token).get("/forum/text?text=ru").status_code == 404


def test_the_history_names_who_put_the_words_there(playing: Playing, app: Flask) -> None:
    with playing() as play:
        play.accept(play.replace("kz", "OP1", "Decide to meet every year;"))
        token = play.cookie("hu", "head")
    reader = signed_in(app, token)
    page = reader.get("/forum/paragraphs/OP1/history").text
    assert re.search(r"<u>year</u><b class=\"by\">KZ AM/001</b>", page)
    assert "<del>two years</del>" in page
    assert "Kazakhstan" in page
    assert "Every word is from" in reader.get("/forum/paragraphs/OP2/history").text
    assert reader.get("/forum/paragraphs/OP77/history").status_code == 404


def test_a_redline_between_versions_shows_what_differs_alone(playing: Playing, app: Flask) -> None:
    with playing() as play:
        play.accept(play.replace("kz", "OP1", "Decide to meet every year;"))
        digest = operations.submit_for_approval(play.session, play.forum, play.state, final=False, prepared_by=None, now=now())
        play.act("chair", "draft_version.approve_and_circulate-v1", digest)
        token = play.cookie("hu", "head")
    reader = signed_in(app, token)
    page = reader.get("/forum/versions/ZD/changes/Rev.1").text
    assert "1 paragraph differs." in page
    assert "<del>two years</del>" in page
    assert reader.get("/forum/versions/ZD/changes/Rev.1?text=az").status_code == 404
    assert reader.get("/forum/versions/ZD/changes/Rev.1/pdf").data.startswith(b"%PDF-")
    assert reader.get("/forum/versions/ZD/changes/Rev.2").status_code == 404


def test_a_version_on_paper_is_a_pdf_in_the_language_asked_for(playing: Playing, app: Flask) -> None:
    with playing() as play:
        token = play.cookie("hu", "head")
    answer = signed_in(app, token).get("/forum/versions/ZD/pdf?text=az")
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert "FORUM-2025-JD-ZD-az.pdf" in answer.headers["Content-Disposition"]


def test_a_redline_that_renumbers_is_printed(playing: Playing, app: Flask) -> None:
    from declaration.documents.pdf import redline_pdf
    from declaration.drafts.comparing import Line, compare
    from declaration.drafts.papers import redline_document

    with playing() as play:
        state = play.state
        first = state.versions[state.current or ""]
        units = compare([Line("OP9", "operative", "8 bis", 0, "Thank;")], [Line("OP9", "operative", "9", 0, "Thank;")])
        document = redline_document(state, first, first, units, "en", "en", now())
        assert document.notes == ("Renumbered: 8 bis is now 9.",)
        assert redline_pdf(document).startswith(b"%PDF-")


def test_everybody_reads_once_the_draft_has_lapsed(playing: Playing, client: FlaskClient, clock: SettableClock) -> None:
    with playing() as play:
        play.act("chair", "declaration.lapse-v1", play.state.known.digest, {"reason": "No consensus."})
    for page in PAGES:
        assert client.get(f"/forum/{page}").status_code == 200, page
