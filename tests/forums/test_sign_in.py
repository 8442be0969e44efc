"""Invitations: who gets in with what, and everything that lets nobody in."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from declaration.errors import NotFound, Refused
from declaration.forums import lifetimes, operations, queries, sessions, tokens
from declaration.forums.models import AuthSession, Forum, Invitation
from tests.conftest import browser_client
from tests.forums.conftest import cookie_of

PAGE = "/solidarity-2025/sessions"


def test_the_link_shows_who_is_invited_and_changes_nothing(client, token_for, work):
    token = token_for("kz")
    for method in ("GET", "HEAD", "GET"):
        answer = client.open(f"/sign-in/{token}", method=method)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
    assert "Айгерім Жұмабекқызы" in client.get(f"/sign-in/{token}").get_data(as_text=True)
    with work() as session:
        assert session.scalars(select(Invitation)).one().consumed_at is None
        assert session.scalars(select(AuthSession)).all() == []


def test_the_button_signs_in_and_leads_home(client, token_for):
    answer = client.post(f"/sign-in/{token_for('kz')}")
    assert answer.status_code == 303
    assert answer.location == "/solidarity-2025/home"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Kazakhstan · head<" in page.get_data(as_text=True)


def _expired(token, clock, work):
    clock.advance(hours=72)


def _used(token, clock, work):
    with work() as session:
        operations.consume_invitation(session, token, now=lifetimes.machine_now())


def _replaced(token, clock, work):
    with work() as session:
        person = session.scalars(select(Invitation)).one().person
        operations.invite(session, person, now=lifetimes.machine_now())


def _disabled(token, clock, work):
    with work() as session:
        operations.disable(session, session.scalars(select(Invitation)).one().person, now=lifetimes.machine_now())


def _disabled_and_back(token, clock, work):
    _disabled(token, clock, work)
    with work() as session:
        operations.enable(session, session.scalars(select(Invitation)).one().person)


@pytest.mark.parametrize("spoil", [_expired, _used, _replaced, _disabled, _disabled_and_back])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_lets_nobody_in(client, token_for, clock, work, spoil, method):
    token = token_for("kz")
    spoil(token, clock, work)
    answer = client.open(f"/sign-in/{token}", method=method)
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers
    assert "Айгерім" not in answer.get_data(as_text=True)


def test_every_bad_link_gets_one_answer(client, app, token_for, clock, work):
    used, unknown = token_for("kz"), tokens.new_token()
    _used(used, clock, work)
    pages = set()
    for token in (used, unknown, "short", "ə" * 43):
        browser = browser_client(app)
        browser.environ_base["REMOTE_ADDR"] = f"192.0.2.{len(pages) + 1}"
        answer = browser.get(f"/sign-in/{token}")
        assert answer.status_code == 404
        text = answer.get_data(as_text=True)
        assert token not in text
        pages.add(text.replace(answer.headers["X-Request-Id"], ""))
    assert len(pages) == 1


def test_an_hour_before_the_end_it_still_works(client, token_for, clock):
    token = token_for("kz")
    clock.advance(hours=71, minutes=59)
    assert client.post(f"/sign-in/{token}").status_code == 303


def test_of_two_with_one_link_one_gets_in(app, token_for):
    token = token_for("kz")
    first, second = browser_client(app), browser_client(app)
    assert first.post(f"/sign-in/{token}").status_code == 303
    assert second.post(f"/sign-in/{token}").status_code == 404
    assert second.get(PAGE).status_code == 401


def test_a_used_mark_set_between_reading_and_writing_wins(work, token_for, monkeypatch):
    """The update itself asks again: reading before is not enough under two workers."""
    token = token_for("kz")
    find = sessions.find_invitation

    def find_then_lose(session, token, *, now):
        found = find(session, token, now=now)
        session.execute(update(Invitation).values(consumed_at=now).execution_options(synchronize_session=False))
        return found

    monkeypatch.setattr(sessions, "find_invitation", find_then_lose)
    with work() as session, pytest.raises(NotFound):
        operations.consume_invitation(session, token, now=lifetimes.machine_now())


def test_the_database_holds_no_token(app, token_for, work, client):
    token = token_for("kz")
    client.post(f"/sign-in/{token}")
    cookie = cookie_of(client)
    with work() as session:
        stored = {session.scalars(select(Invitation)).one().digest, session.scalars(select(AuthSession)).one().digest}
        assert stored == {tokens.digest(token), tokens.digest(cookie)}
        connection = session.connection()
        for table in ("invitation", "auth_session", "person"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):
                assert token not in str(row)
                assert cookie not in str(row)


def test_a_planted_cookie_is_not_adopted(app, signed_in, token_for):
    """Session fixation: the attacker's own living session in the victim's browser ends, and a new one begins."""
    attacker = signed_in("hu")
    planted = cookie_of(attacker)
    victim = browser_client(app)
    victim.set_cookie("declaration-session", planted)
    victim.post(f"/sign-in/{token_for('kz')}")
    assert cookie_of(victim) not in (None, planted)
    assert attacker.get(PAGE).status_code == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_cannot_sign_anybody_in(client, token_for, site):
    answer = client.post(f"/sign-in/{token_for('kz')}", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_a_person_without_access_gets_no_link(work, forum):
    with work() as session:
        person = queries.person_of_party(session, session.merge(forum, load=False), "kz")
        operations.disable(session, person, now=lifetimes.machine_now())
        with pytest.raises(Refused, match="taken away"):
            operations.invite(session, person, now=lifetimes.machine_now())


def test_reusable_links_belong_to_demonstrations(work, forum, token_for, client, app, clock):
    with pytest.raises(Refused):
        token_for("kz", reusable=True)
    with work() as session:
        session.get_one(Forum, forum.id).demo = True
    with work() as session:
        person = queries.person_of_party(session, session.get_one(Forum, forum.id), "kz")
        token = operations.invite(session, person, now=lifetimes.machine_now(), reusable=True)
    assert client.post(f"/sign-in/{token}").status_code == 303
    assert browser_client(app).post(f"/sign-in/{token}").status_code == 303
    with work() as session:
        session.get_one(Forum, forum.id).demo = False
    with work() as session:
        session.execute(update(Invitation).values(consumed_at=lifetimes.machine_now()))
    assert browser_client(app).post(f"/sign-in/{token}").status_code == 404


def test_signing_out_ends_the_session_on_the_server(signed_in, app):
    browser = signed_in("kz")
    kept = cookie_of(browser)
    assert browser.post("/sign-out").status_code == 303
    assert cookie_of(browser) is None
    thief = browser_client(app)
    thief.set_cookie("declaration-session", kept)
    assert thief.get(PAGE).status_code == 401
    assert browser.post("/sign-out").status_code == 303  # twice is as good as once


def test_the_page_that_explains(client, signed_in):
    assert "password" in client.get("/sign-in").get_data(as_text=True)
    assert "/solidarity-2025/home" in signed_in("kz").get("/sign-in").get_data(as_text=True)
    assert client.get("/").status_code == 200


def test_sixteen_at_once_with_one_link(app, token_for):
    token, barrier = token_for("kz"), threading.Barrier(16)

    def enter(_turn):
        browser = browser_client(app)
        browser.environ_base["REMOTE_ADDR"] = f"192.0.2.{_turn}"
        barrier.wait()
        return browser.post(f"/sign-in/{token}").status_code

    with ThreadPoolExecutor(16) as pool:
        assert sorted(pool.map(enter, range(16))) == [303] + [404] * 15
