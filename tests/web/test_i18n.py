"""Which language, and which hour in which city."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import g
from flask_babel import refresh

from declaration.web import i18n
from declaration.web.access import Actor
from tests.web.toy import MEMBER


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def languages(app):
    """Pretend that three catalogues are there."""
    app.extensions["languages"] = ("az", "en", "kk")


def spoken(app, path="/", headers=None, actor: Actor | None = None) -> str:
    with app.test_request_context(path, headers=headers):
        g.actor = actor
        return i18n.language()


@pytest.mark.parametrize(
    ("path", "headers", "actor", "language"),
    [
        ("/", {}, None, "en"),
        ("/", {"Accept-Language": "kk-KZ, ru;q=0.8"}, None, "kk"),
        ("/", {"Accept-Language": "fr, de"}, None, "en"),
        ("/", {"Accept-Language": "az"}, MEMBER, "kk"),
        ("/", {"Cookie": "declaration-language=az"}, MEMBER, "az"),
        ("/?lang=en", {"Cookie": "declaration-language=az"}, MEMBER, "en"),
        ("/?lang=fr", {}, None, "en"),
        ("/?lang=../../etc", {"Cookie": "declaration-language=xx"}, None, "en"),
    ],
)
def test_the_language_is_the_first_that_is_offered(app, languages, path, headers, actor, language):
    assert spoken(app, path, headers, actor) == language


def test_a_chosen_language_is_remembered_and_a_strange_one_is_not(client, languages):
    assert "declaration-language=az" in client.get("/nowhere?lang=az").headers["Set-Cookie"]
    assert "Set-Cookie" not in client.get("/nowhere?lang=fr").headers


def test_a_link_to_another_language_keeps_the_rest_of_the_address(app, languages):
    with app.test_request_context("/list?q=a%26b&q=c&lang=en"):
        link = next(iter(i18n.language_links()))
        assert (link.code, link.name, link.current) == ("az", "Azərbaycanca", False)
        assert link.url == "?q=a%26b&q=c&lang=az"


SILENCE = datetime(2025, 11, 25, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reader", "forum", "style", "told"),
    [
        ("Asia/Almaty", "Asia/Baku", "full", "25 November 2025, 09:00\xa0Almaty (+05:00) · 08:00\xa0Baku (+04:00)"),
        ("Asia/Almaty", "Asia/Baku", "short", "25 Nov, 09:00\xa0Almaty · 08:00\xa0Baku"),
        ("Asia/Baku", "Asia/Baku", "full", "25 November 2025, 08:00\xa0Baku (+04:00)"),
        ("Asia/Tashkent", "Asia/Almaty", "short", "25 Nov, 09:00\xa0Tashkent"),
        (None, "Asia/Baku", "short", "25 Nov, 08:00\xa0Baku"),
        ("America/New_York", "Asia/Baku", "short", "24 Nov, 23:00\xa0New York · 25 Nov, 08:00\xa0Baku"),
        ("Asia/Kathmandu", None, "full", "25 November 2025, 09:45\xa0Kathmandu (+05:45)"),
    ],
)
def test_hours_are_told_in_the_readers_zone_first(app, reader, forum, style, told):
    with app.test_request_context("/"):
        g.actor = reader and Actor(1, "n", "head", "kz", 1, "kz", "en", reader)
        if forum:
            i18n.use_forum_zone(forum)
        html = i18n.when(SILENCE, style)
        assert html.striptags() == told.replace("\xa0", " ")
        assert html.count("<time datetime=") == told.count("·") + 1


@pytest.mark.parametrize("code", i18n.LANGUAGES)
def test_every_language_writes_dates(app, code):
    app.extensions["languages"] = tuple(i18n.LANGUAGES)
    with app.test_request_context(f"/?lang={code}"):
        g.actor = None
        refresh()
        i18n.use_forum_zone("Asia/Baku")
        assert "2025" in i18n.when(SILENCE)
        assert "08:00" in i18n.when(SILENCE)
        assert "2025" in i18n.day(SILENCE)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-5, "0 min"), (0, "0 min"), (59, "0 min"), (60, "1 min"), (3600, "1 h 0 min"), (37200, "10 h 20 min"), (86400 * 3 + 7200, "3 d 2 h")],
)
def test_time_left_is_never_rounded_up(app, clock, seconds, told):
    with app.test_request_context("/"):
        until = clock.now()
        clock.advance(seconds=-seconds)
        assert i18n.time_left(until) == told
