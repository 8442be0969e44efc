"""The secretariat brings the zero draft in: read by line, compared by paragraph, and stored only when it is right."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration.drafts import queries
from tests.drafts.conftest import Playing
from tests.drafts.play import signed_in

SAMPLE = Path(__file__).parents[2] / "samples" / "solidarity-forum"
EN = "# A Declaration\n\n[CH] We, the heads,\n\n[OP1] 1. Decide to meet every two years;\n\n[OP2] 2. Invite all."
AZ = "# Bəyannamə\n\n[CH] Biz, rəhbərlər,\n\n[OP1] 1. İki ildən bir görüşməyi qərara alırıq;\n\n[OP2] 2. Hamını dəvət edirik."
PAGE = "/forum/next/zero-draft"


@pytest.fixture
def secretary(begun: Playing, app: Flask) -> FlaskClient:
    with begun() as play:
        token = play.cookie("rapporteur")
    return signed_in(app, token)


def stored(begun: Playing) -> int:
    with begun() as play:
        return int(queries.waiting(play.session, play.forum) is not None)


def test_only_the_secretariat_brings_it_in(begun: Playing, app: Flask) -> None:
    with begun() as play:
        tokens = [play.cookie("chair"), play.cookie("kz", "head")]
    for token in tokens:
        client = signed_in(app, token)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, data={"text-en": EN}).status_code == 403
    assert stored(begun) == 0


def test_the_page_is_where_the_draft_is_missing(secretary: FlaskClient) -> None:
    assert PAGE in secretary.get("/forum/next").text


def test_a_preview_keeps_nothing(secretary: FlaskClient, begun: Playing) -> None:
    answer = secretary.post(f"{PAGE}/preview", data={"text-en": EN, "text-az": AZ})
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert "4 paragraphs were read" in answer.text
    assert "Every language has the same paragraphs" in answer.text
    assert "Put it before the Chair" in answer.text
    assert stored(begun) == 0


def test_what_is_stored_is_what_was_pasted(secretary: FlaskClient, begun: Playing) -> None:
    answer = secretary.post(PAGE, data={"text-en": EN.replace("\n", "\r\n"), "text-az": AZ})
    assert answer.status_code == 303
    with begun() as play:
        waiting = queries.waiting(play.session, play.forum)
        assert waiting is not None
        version = queries.version(play.session, play.forum, waiting.digest)
    assert version.texts["en"]["OP1"] == "Decide to meet every two years;"
    assert version.texts["az"]["OP2"] == "Hamını dəvət edirik."
    assert "Decide to meet every two years;" in secretary.get("/forum/next").text


def test_a_file_goes_before_what_is_typed(secretary: FlaskClient, begun: Playing) -> None:
    data = {"text-en": "# Other", "file-en": (BytesIO(EN.encode()), "draft.md")}
    assert secretary.post(PAGE, data=data, content_type="multipart/form-data").status_code == 303
    assert stored(begun) == 1


def test_the_files_of_the_sample_are_read(secretary: FlaskClient) -> None:
    data = {f"file-{lang}": (BytesIO((SAMPLE / f"zero-draft.{lang}.md").read_bytes()), "x.md") for lang in ("en", "az")}
    answer = secretary.post(f"{PAGE}/preview", data=data, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert "38 paragraphs were read" in answer.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text-en": EN + "\n\n[OP2] 3. Once more."}, "ine 9: "),
        ({"text-en": EN.replace("[OP2] 2.", "\t[OP2] 2.")}, "ine 7: "),
        ({"text-en": EN.replace("Invite", "Invite\u202e")}, "RIGHT-TO-LEFT OVERRIDE"),
        ({"text-en": "---\nlanguage: az\n---\n\n" + EN}, "ine 1: "),
        ({"text-az": AZ}, "The text in the original language is missing."),
        ({}, "The text in the original language is missing."),
        ({"text-en": "# A\n\n" + "x" * 200_001}, "too long"),
    ],
)
def test_what_cannot_be_read_is_named_and_stays_in_the_form(
    secretary: FlaskClient, begun: Playing, given: dict[str, str], said: str
) -> None:
    for address in (PAGE, f"{PAGE}/preview"):
        answer = secretary.post(address, data=given)
        assert answer.status_code == 422
        assert answer.content_type == "text/html; charset=utf-8"
        assert said in answer.text
        assert "Put it before the Chair" not in answer.text
    assert stored(begun) == 0


def test_bytes_that_are_no_text_are_refused(secretary: FlaskClient) -> None:
    data = {"file-en": (BytesIO(EN.encode() + b"\xff\xfe"), "draft.md")}
    assert secretary.post(PAGE, data=data, content_type="multipart/form-data").status_code == 422


@pytest.mark.parametrize(
    "other", [AZ.replace("\n\n[OP2] 2. Hamını dəvət edirik.", ""), AZ.replace("[OP2]", "[OP3]"), AZ.replace("[CH]", "[PP1]")]
)
def test_languages_that_differ_are_named_by_paragraph(secretary: FlaskClient, begun: Playing, other: str) -> None:
    answer = secretary.post(f"{PAGE}/preview", data={"text-en": EN, "text-az": other})
    assert answer.status_code == 200
    assert "The languages are not the same text" in answer.text
    assert "Put it before the Chair" not in answer.text
    assert secretary.post(PAGE, data={"text-en": EN, "text-az": other}).status_code == 422
    assert stored(begun) == 0


def test_a_text_in_circulation_is_not_replaced(playing: Playing, app: Flask) -> None:
    with playing() as play:
        token = play.cookie("rapporteur")
    client = signed_in(app, token)
    assert client.get(PAGE).status_code in (409, 422)
    assert client.post(PAGE, data={"text-en": EN}).status_code in (409, 422)


def test_paragraphs_are_numbered(secretary: FlaskClient, begun: Playing) -> None:
    secretary.post(PAGE, data={"text-en": EN})
    with begun() as play:
        waiting = queries.waiting(play.session, play.forum)
        assert waiting is not None
        version = queries.version(play.session, play.forum, waiting.digest)
        assert [row.number for row in version.manifest.units] == [None, None, "1", "2"]
