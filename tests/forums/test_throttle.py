"""Failed links are slowed down per address, by all workers together; links that work never are."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from declaration import app as application
from declaration.app import create_app
from declaration.forums import throttle, tokens
from declaration.forums.models import FailedAttempts
from declaration.web.db import db
from tests.conftest import browser_client
from tests.support.databases import configuration


def fail(browser, method="POST"):
    return browser.open(f"/sign-in/{tokens.new_token()}", method=method)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_sixth_failure_in_a_minute_waits(client, forum, token_for, clock, method):
    assert [fail(client, method).status_code for _ in range(6)] == [404] * 5 + [429]
    answer = client.post(f"/sign-in/{token_for('kz')}")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    clock.advance(minutes=1)
    assert client.post(f"/sign-in/{token_for('kz')}").status_code == 303


def test_all_workers_count_together(app, database_url, tmp_path, forum, clock):
    second = create_app(configuration(tmp_path, database_url))
    second.extensions["clock"] = clock
    if "forums" not in second.blueprints:
        application.register(second, "declaration.forums.routes")
    browsers = [browser_client(app), browser_client(second)]
    assert [fail(browsers[turn % 2]).status_code for turn in range(7)] == [404] * 5 + [429] * 2
    with second.app_context():
        db.engine.dispose()


def test_a_hall_behind_one_address_gets_in(app, token_for):
    for party in ("az", "hu", "kz", "kg", "tr", "trnc", "tm", "uz", "chair", "rapporteur"):
        assert browser_client(app).post(f"/sign-in/{token_for(party)}").status_code == 303


def test_another_address_is_not_held_up(app, client, forum, token_for):
    for _ in range(6):
        fail(client)
    elsewhere = browser_client(app)
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert elsewhere.post(f"/sign-in/{token_for('kz')}").status_code == 303


def test_failures_spread_over_minutes_are_not_added_up(client, forum, clock):
    for _ in range(8):
        assert fail(client).status_code == 404
        clock.advance(seconds=30)


def test_no_address_is_kept_and_old_windows_go(app, client, forum, clock, work):
    client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    fail(client)
    clock.advance(minutes=2)
    client.environ_base["REMOTE_ADDR"] = "198.51.100.8"
    fail(client)
    with work() as session:
        (row,) = session.scalars(select(FailedAttempts)).all()
        assert "198.51" not in row.door


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        (None, "not an address", True),
    ],
)
def test_what_one_address_is(app, one, other, same):
    with app.app_context():
        assert (throttle.door("invitation", one) == throttle.door("invitation", other)) is same
        assert throttle.door("invitation", one) != throttle.door("recovery", one)
