"""The page that says where the declaration stands: for everybody, with acts for those who have them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.drafts.conftest import Playing
from tests.drafts.play import signed_in


def page_of(playing: Playing, app: Flask, party: str, role: str | None = None, path: str = "stage") -> str:
    with playing() as play:
        token = play.cookie(party, role)
    answer = signed_in(app, token).get(f"/forum/{path}")
    assert answer.status_code == 200
    return answer.text


def test_everybody_reads_where_it_stands_and_participants_alone_what_is_missing(playing: Playing, app: Flask, client: FlaskClient) -> None:
    anybody = client.get("/forum/stage").text
    assert "First reading" in anybody
    assert "Every proposal is examined" not in anybody
    assert "Every proposal is examined" in page_of(playing, app, "hu", "head")
    assert "data-act" not in anybody


def test_a_disabled_act_says_why(agreed: Playing, app: Flask) -> None:
    page = page_of(agreed, app, "chair")
    assert "Waiting for AZ, HU, KZ." in page
    assert "No head has withheld confirmation" in page


@pytest.mark.parametrize(
    ("party", "role", "offered", "never"),
    [
        ("kz", "head", "Withhold confirmation", "Reopen the text"),
        ("chair", None, "Reopen the text", "Withhold confirmation"),
        ("rapporteur", None, "Where it stands", "You may now"),
        ("kz", "member", "Where it stands", "You may now"),
        ("depositary", None, "Where it stands", "You may now"),
    ],
)
def test_each_reader_is_offered_the_own_acts_alone(
    agreed: Playing, app: Flask, party: str, role: str | None, offered: str, never: str
) -> None:
    page = page_of(agreed, app, party, role)
    assert offered in page
    assert never not in page


def test_tiles_say_who_has_confirmed_and_who_withholds(agreed: Playing, app: Flask) -> None:
    with agreed() as play:
        play.act("az", "confirmation.confirm-v1", play.state.current, role="head")
        play.act("kz", "confirmation.object-v1", play.state.current, {"reason": "<b>The handover</b>", "unit": "OP1"}, role="head")
    page = page_of(agreed, app, "hu", "head")
    assert "confirmed" in page
    assert "withheld" in page
    assert "not yet" in page
    assert "&lt;b&gt;The handover&lt;/b&gt;" in page
    assert "Withheld by KZ" in page


def test_a_head_confirms_below_the_whole_text(agreed: Playing, app: Flask) -> None:
    page = page_of(agreed, app, "kz", "head", "stage/confirm")
    assert "Decide to meet every two years;" in page
    assert "data-digest-check" in page
    with agreed() as play:
        assert (play.state.current or "?") in page


@pytest.mark.parametrize(("party", "role", "step"), [("kz", "head", "adopt"), ("chair", None, "confirm"), ("chair", None, "nothing")])
def test_a_step_that_is_not_ones_own_does_not_exist(agreed: Playing, app: Flask, party: str, role: str | None, step: str) -> None:
    with agreed() as play:
        token = play.cookie(party, role)
    assert signed_in(app, token).get(f"/forum/stage/{step}").status_code == 404


@pytest.mark.parametrize(("party", "role"), [("rapporteur", None), ("kz", "member"), ("ngo-1", None)])
def test_the_acts_on_the_text_are_for_the_chair_and_the_heads(agreed: Playing, app: Flask, party: str, role: str | None) -> None:
    with agreed() as play:
        token = play.cookie(party, role)
    assert signed_in(app, token).get("/forum/stage/confirm").status_code == 403


def test_the_chair_ticks_who_is_present(presented: Playing, app: Flask) -> None:
    page = page_of(presented, app, "chair", path="stage/adopt")
    for party in ("az", "hu", "kz"):
        assert f'name="present-{party}"' in page
    assert 'name="minute"' in page


def test_the_depositary_finds_the_sentence_in_each_authentic_language(adopted: Playing, app: Flask) -> None:
    page = page_of(adopted, app, "depositary")
    assert 'name="sentence-az"' in page
    assert 'name="sentence-en"' in page
    assert "{organization}" in page


def test_after_adoption_everybody_reads_the_text_and_its_fingerprints(adopted: Playing, client: FlaskClient) -> None:
    with adopted() as play:
        adopted_digest = play.state.adopted or "?"
    page = client.get("/forum/stage").text
    assert "The Declaration is adopted." in page
    assert adopted_digest in page
    assert client.get("/forum/versions/final").status_code == 200


def test_what_an_act_needs_is_composed_for_the_browser_and_refused_in_words(presented: Playing, app: Flask) -> None:
    with presented() as play:
        token, current = play.cookie("chair"), play.state.current
    browser = signed_in(app, token)
    form = {"type": "declaration.adopt-v1", "object": current, "present-az": "yes", "present-kz": "yes", "minute": "No objection."}
    template = browser.post("/forum/act/compose", data=form).get_json()["act"]
    assert template["body"]["present"] == ["az", "kz"]
    assert template["object"] == current
    assert browser.post("/forum/act/compose", data={**form, "minute": ""}).status_code == 400


