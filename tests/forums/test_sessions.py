"""Sessions: how long they live, who may end them, and in which forum they are worth anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from declaration.errors import NotFound
from declaration.forums import lifetimes, operations, queries, tokens
from declaration.forums.models import AuthSession, Forum, Person
from tests.conftest import browser_client
from tests.forums.conftest import cookie_of

PAGE = "/solidarity-2025/sessions"
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("party", "rests", "status"),
    [
        ("kz", timedelta(hours=7, minutes=59), 200),
        ("kz", timedelta(hours=8), 401),
        ("rapporteur", timedelta(hours=8), 401),
        ("chair", timedelta(minutes=29), 200),
        ("chair", timedelta(minutes=30), 401),
    ],
)
def test_an_idle_session_ends(signed_in, clock, party, rests, status):
    browser = signed_in(party)
    clock.advance(seconds=rests.total_seconds())
    assert browser.get(PAGE).status_code == status


def test_use_keeps_it_alive_and_twelve_hours_end_it(signed_in, clock):
    browser = signed_in("kz")
    for _ in range(2):
        clock.advance(hours=5)
        assert browser.get(PAGE).status_code == 200
    clock.advance(hours=1, minutes=59)
    assert browser.get(PAGE).status_code == 200
    clock.advance(minutes=1)
    assert browser.get(PAGE).status_code == 401


@pytest.mark.parametrize("path", [PAGE, "/sign-in", "/solidarity-2025/people"])
def test_reading_alone_leaves_the_trace_of_use(signed_in, clock, work, path):
    """A POST leaves it too, with its own transaction."""
    browser = signed_in("kz")
    clock.advance(minutes=10)
    browser.get(path)
    with work() as session:
        assert session.scalars(select(AuthSession)).one().seen_at == clock.now()


def test_an_ended_session_leaves_no_trace_of_use(signed_in, clock, work):
    browser = signed_in("kz")
    began = clock.now()
    clock.advance(hours=9)
    browser.get(PAGE)
    with work() as session:
        assert session.scalars(select(AuthSession)).one().seen_at == began


def test_the_lifetimes_are_a_setting(app, signed_in, clock):
    app.config[lifetimes.SETTING] = lifetimes.Lifetimes(idle=timedelta(minutes=5), idle_by_role={})
    browser, chair = signed_in("kz"), signed_in("chair")
    clock.advance(minutes=5)
    assert browser.get(PAGE).status_code == 401
    assert chair.get(PAGE).status_code == 401


def test_disabling_works_on_the_next_request(signed_in, work):
    browser = signed_in("kz")
    with work() as session:
        person = session.scalars(select(Person).join(AuthSession)).one()
        operations.disable(session, person, now=lifetimes.machine_now())
    assert browser.get(PAGE).status_code == 401
    with work() as session:
        operations.enable(session, session.scalars(select(Person).join(AuthSession)).one())
    assert browser.get(PAGE).status_code == 401  # the old session ended for good


def test_a_changed_role_works_on_the_next_request(signed_in, work):
    browser = signed_in("rapporteur")
    assert browser.get("/solidarity-2025/people").status_code == 200
    with work() as session:
        session.scalars(select(Person).join(AuthSession)).one().role = "observer"
    assert browser.get("/solidarity-2025/people").status_code == 403


def test_one_sees_and_ends_ones_own_sessions(app, signed_in, work):
    laptop, phone = signed_in("kz"), signed_in("kz")
    assert laptop.get(PAGE).get_data(as_text=True).count("· this device") == 1
    with work() as session:
        number_of = {row.digest: row.id for row in session.scalars(select(AuthSession))}
    numbers = [number_of[tokens.digest(cookie_of(browser))] for browser in (laptop, phone)]
    assert laptop.post(f"{PAGE}/{numbers[1]}/end").status_code == 303
    assert phone.get(PAGE).status_code == 401
    assert laptop.get(PAGE).status_code == 200
    assert laptop.post(f"{PAGE}/{numbers[1]}/end").status_code == 404
    assert laptop.post(f"{PAGE}/{numbers[0]}/end").location == "/sign-in"
    assert cookie_of(laptop) is None


def test_the_device_is_told_in_words(app, token_for):
    browser = browser_client(app)
    browser.post(f"/sign-in/{token_for('kz')}", headers={"User-Agent": CHROME})
    assert "Chrome, Android" in browser.get(PAGE).get_data(as_text=True)


def test_a_device_that_lies_is_shown_as_text(app, token_for):
    browser = browser_client(app)
    browser.post(f"/sign-in/{token_for('kz')}", headers={"User-Agent": "<script>Firefox/1" * 60})
    assert "<script>Firefox" not in browser.get(PAGE).get_data(as_text=True)


def test_all_others_end_at_once(signed_in):
    laptop, phone, tablet = signed_in("kz"), signed_in("kz"), signed_in("kz")
    stranger = signed_in("hu")
    assert laptop.post(f"{PAGE}/end-others").status_code == 303
    assert [one.get(PAGE).status_code for one in (laptop, phone, tablet, stranger)] == [200, 401, 401, 200]


def test_nobody_ends_a_strangers_session(signed_in, work):
    signed_in("hu")
    with work() as session:
        number = session.scalars(select(AuthSession.id)).one()
    mine = signed_in("kz")
    assert mine.post(f"{PAGE}/{number}/end").status_code == 404
    with work() as session:
        assert session.get_one(AuthSession, number).revoked_at is None
        assert session.scalar(select(AuthSession.id).where(AuthSession.revoked_at.is_not(None))) is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "sessions"),
        ("GET", "people"),
        ("POST", "people"),
        ("POST", "sessions/end-others"),
        ("POST", "sessions/1/end"),
        ("POST", "preferences"),
        ("POST", "people/1/disable"),
        ("POST", "people/1/invitation"),
    ],
)
def test_somebody_of_another_forum_is_nobody_here(signed_in, other_forum, method, path):
    browser = signed_in("chair")
    answer = browser.open(f"/bilateral/{path}", method=method)
    assert answer.status_code == 401
    assert "Rəşad" not in answer.get_data(as_text=True)
    assert browser.get(PAGE).status_code == 200


def test_people_of_another_forum_cannot_be_managed_by_number(signed_in, other_forum, work):
    with work() as session:
        theirs = queries.person_of_party(session, session.merge(other_forum, load=False), "kz").id
    chair = signed_in("chair")
    for act in ("invitation", "disable", "enable"):
        assert chair.post(f"/solidarity-2025/people/{theirs}/{act}").status_code == 404
    with work() as session, pytest.raises(NotFound):
        queries.person(session, session.get_one(Forum, 1), theirs)


@pytest.mark.parametrize("path", ["/nowhere/sessions", "/nowhere/people", "/static/sessions"])
def test_no_such_forum(client, signed_in, path):
    assert signed_in("kz").get(path).status_code == 404
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("cookie", ["", "x", "ə", "a" * 43, "a" * 3000, "..", "\N{NULL}"])
def test_a_cookie_that_is_no_session(client, forum, cookie):
    client.set_cookie("declaration-session", cookie)
    assert client.get(PAGE).status_code == 401
    assert client.get("/sign-in").status_code == 200


def test_preferences(signed_in, work):
    browser = signed_in("kz")
    answer = browser.post("/solidarity-2025/preferences", data={"language": "ru", "time_zone": "Asia/Baku"})
    assert answer.status_code == 303
    with work() as session:
        person = session.scalars(select(Person).join(AuthSession)).one()
        assert (person.language, person.time_zone) == ("ru", "Asia/Baku")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"language": "xx", "time_zone": "Asia/Baku"},
        {"language": "ru", "time_zone": "../etc"},
        {"language": "ru", "time_zone": "Asia/Tokyo"},
    ],
)
def test_preferences_that_are_not_offered(signed_in, work, form):
    browser = signed_in("kz")
    assert browser.post("/solidarity-2025/preferences", data={**form, "role": "chair"}).status_code == 400
    with work() as session:
        person = session.scalars(select(Person).join(AuthSession)).one()
        assert (person.language, person.time_zone, person.role) == ("kk", "Asia/Almaty", "head")


def test_a_demonstrations_clock_signs_nobody_out(signed_in, work, forum, app, clock):
    browser = signed_in("kz")
    with work() as session:
        there = session.get_one(Forum, forum.id)
        there.demo, there.clock_offset = True, 30 * 24 * 3600
    assert browser.get(PAGE).status_code == 200


def test_only_a_demonstration_has_another_hour(app, work, forum, clock):
    from declaration.forums.door import use_forum
    from declaration.web import clock as web_clock

    with work() as session:
        there = session.get_one(Forum, forum.id)
        there.clock_offset = 3600
        use_forum(there)
        assert web_clock.now() == clock.now()
        there.demo = True
        assert web_clock.now() == clock.now() + timedelta(hours=1)
