"""What only a demonstration has, and never a real forum."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from declaration.demo import offering
from declaration.forums import lifetimes, queries, sessions
from declaration.protocol.recovery import private_from_backup
from declaration.web.clock import SettableClock
from declaration.web.transaction import unit_of_work

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def slug(app: Flask, clock: SettableClock) -> str:
    clock.set(datetime(2025, 11, 13, 14, tzinfo=UTC))
    with app.app_context():
        return offering.open_sample(clock.now(), say=lambda _: None).slug


def sign_in(app: Flask, client: FlaskClient, slug: str, party: str) -> None:
    with app.app_context(), unit_of_work() as session:
        person = queries.person_of_party(session, queries.forum_by_slug(session, slug), party)
        token = sessions.invite(session, person, now=lifetimes.machine_now())
    assert client.post(f"/sign-in/{token}", headers=SAME_SITE).status_code in (302, 303)


def test_a_persona_gets_the_own_key_and_the_clock_moves_forward_once(app: Flask, client: FlaskClient, slug: str) -> None:
    assert client.get(f"/{slug}/demo/key.pem").status_code == 401
    sign_in(app, client, slug, "kz")
    pem = client.get(f"/{slug}/demo/key.pem")
    assert pem.headers["Cache-Control"] == "no-store"
    with app.app_context():
        ring = offering.ring_of_instance()
        opened = private_from_backup(pem.text, ring.passphrase)
        assert opened.private_bytes_raw() == ring.key("head", "kz").private_bytes_raw()
    assert client.post(f"/{slug}/demo/clock", data={"to": "close"}, headers=SAME_SITE).status_code == 409
    assert client.post(f"/{slug}/demo/clock", data={"to": "deadline"}, headers=SAME_SITE).status_code in (302, 303)
    assert client.post(f"/{slug}/demo/clock", data={"to": "deadline"}, headers=SAME_SITE).status_code == 409
    with app.app_context(), unit_of_work() as session:
        assert queries.forum_by_slug(session, slug).clock_offset == 7 * 86_400 + 1


def test_a_visitor_may_be_another_persona(app: Flask, client: FlaskClient, slug: str) -> None:
    assert client.get(f"/{slug}/demo/people").status_code == 401
    sign_in(app, client, slug, "kz")
    with app.app_context(), unit_of_work() as session:
        chair = queries.person_of_party(session, queries.forum_by_slug(session, slug), "chair")
    assert chair.name in client.get(f"/{slug}/demo/people").text
    assert client.post(f"/{slug}/demo/people/{chair.id}", headers=SAME_SITE).status_code in (302, 303)
    assert client.get(f"/{slug}/table", follow_redirects=True).status_code == 200
    assert client.post(f"/{slug}/demo/people/999999", headers=SAME_SITE).status_code == 404


def test_a_real_forum_has_none_of_it(app: Flask, client: FlaskClient, slug: str) -> None:
    sign_in(app, client, slug, "kz")
    with app.app_context(), unit_of_work() as session:
        forum = queries.forum_by_slug(session, slug)
        forum.demo = False
        chair = queries.person_of_party(session, forum, "chair").id
    assert client.get(f"/{slug}/demo/people").status_code == 403
    assert client.get(f"/{slug}/demo/key.pem").status_code == 403
    assert client.post(f"/{slug}/demo/clock", data={"to": "deadline"}, headers=SAME_SITE).status_code == 403
    assert client.post(f"/{slug}/demo/people/{chair}", headers=SAME_SITE).status_code == 403
    keys = client.get(f"/{slug}/keys").text
    assert "data-demo-key" not in keys
    assert "Be somebody else" not in keys
