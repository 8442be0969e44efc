"""What each person wants, in which language, on whose clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaration.errors import Malformed
from declaration.forums.models import Person
from declaration.notices import preferences
from declaration.notices.preferences import digest_due
from declaration.web.i18n import LANGUAGES
from tests.notices.conftest import body, notices_of
from tests.notices.test_outbox import propose

HU = "head.hu@forum.example"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "zone", "hour", "day", "due"),
    [
        ("2025-11-24T03:00Z", "Asia/Baku", 7, "2025-11-24", "2025-11-24T07:00+04:00"),
        ("2025-11-24T02:59:59Z", "Asia/Baku", 7, "2025-11-23", "2025-11-23T07:00+04:00"),
        ("2025-11-24T02:30Z", "Asia/Almaty", 7, "2025-11-24", "2025-11-24T07:00+05:00"),
        # Europe/Budapest: on 29 March 2026 there is no 02:30, on 25 October 2026 there are two
        ("2026-03-28T06:00Z", "Europe/Budapest", 7, "2026-03-28", "2026-03-28T07:00+01:00"),
        ("2026-03-29T05:00Z", "Europe/Budapest", 7, "2026-03-29", "2026-03-29T07:00+02:00"),
        ("2026-03-29T04:59Z", "Europe/Budapest", 7, "2026-03-28", "2026-03-28T07:00+01:00"),
        ("2026-03-29T01:00Z", "Europe/Budapest", 2, "2026-03-29", "2026-03-29T03:00+02:00"),
        ("2026-03-29T00:59Z", "Europe/Budapest", 2, "2026-03-28", "2026-03-28T02:00+01:00"),
        ("2026-10-25T00:00Z", "Europe/Budapest", 2, "2026-10-25", "2026-10-25T02:00+02:00"),
        ("2026-10-25T01:00Z", "Europe/Budapest", 2, "2026-10-25", "2026-10-25T02:00+02:00"),
        ("2026-10-25T06:00Z", "Europe/Budapest", 7, "2026-10-25", "2026-10-25T07:00+01:00"),
        ("2025-12-31T21:30Z", "Asia/Baku", 0, "2026-01-01", "2026-01-01T00:00+04:00"),
    ],
)
def test_a_days_mail_is_due_at_the_readers_hour(now, zone, hour, day, due):
    assert digest_due(at(now), zone, hour) == (date.fromisoformat(day), at(due))


@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.sampled_from(["Europe/Budapest", "Asia/Baku", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"]),
    st.integers(0, 23),
)
def test_every_day_has_one_mail_and_none_is_early(minutes, zone, hour):
    moment = at("2025-01-01T00:00Z") + timedelta(minutes=minutes)
    day, due = digest_due(moment, zone, hour)
    assert due <= moment < due + timedelta(hours=26)
    later_day, later = digest_due(moment + timedelta(days=1), zone, hour)
    assert (later_day, later) > (day, due)
    assert moment.astimezone(ZoneInfo(zone)).date() - day in (timedelta(0), timedelta(days=1))


@pytest.mark.parametrize(
    ("mode", "hour"),
    [
        ("", "7"), ("always", "7"), ("daily", "24"), ("daily", "-1"), ("daily", "7.0"), ("daily", "٧"), ("daily", " 7"), ("daily", ""),
    ],
)
def test_what_is_not_offered_is_refused(told, mode, hour):
    with told() as play, pytest.raises(Malformed, match="not offered"):
        preferences.choose(play.session, play.actor("hu").person_id, mode=mode, hour=hour, zone="UTC", now=at("2025-11-24T08:00Z"))


def test_nothing_means_nothing_and_the_page_has_it(app, told, turn, post, wishes):
    wishes("hu", "none")
    propose(told)
    turn()
    assert post.to(HU) == []
    told_of = [one for one in notices_of(app, "hu", "head") if one.kind.startswith("amendment.")]
    assert len(told_of) == 1
    assert all(one.settled and one.mail_id is None for one in told_of)


def test_only_mine_is_what_waits_for_the_reader(told, turn, post, wishes):
    wishes("hu", "mine")
    propose(told)
    turn()
    assert post.to(HU) == []
    with told() as play:  # the Chair's text takes hu's own proposal up
        sources = play.replace("hu", "OP2", "Invite all bodies to support every project;", 2)
        fields = {"unit": "OP2", "text": "Invite all bodies to support some projects;", "sources": sources, "reason": ""}
        play.act("chair", "amendment.table_chair_text-v1", play.state.current, fields)
    turn()
    (mail,) = post.to(HU)
    assert "takes up your proposal: read it" in mail["Subject"]


def test_a_days_mail_has_what_happened_and_what_wants_the_reader_once(clock, told, turn, post, wishes):
    wishes("hu", "daily", hour=7)
    propose(told)
    turn()
    assert post.to(HU) == []
    clock.set(at("2025-11-25T06:59:59+04:00"))
    turn()
    assert post.to(HU) == []
    clock.set(at("2025-11-25T07:00+04:00"))
    turn()
    (mail,) = post.to(HU)
    text = body(mail)
    assert "AM/001 is admitted" in text
    assert "What wants you" in text
    assert "You may join" in text  # the card of the home page
    clock.advance(hours=3)
    turn()
    assert len(post.to(HU)) == 1


def test_a_worker_that_slept_over_the_hour_sends_one_mail_and_not_one_a_day(clock, told, turn, post, wishes):
    wishes("hu", "daily")
    propose(told)
    clock.advance(days=3)
    turn()
    turn()
    assert len(post.to(HU)) == 1


def test_what_cannot_wait_does_not_wait_for_the_day(told, turn, post, wishes):
    wishes("hu", "daily")
    with told() as play:
        play.act("chair", "declaration.extend_deadline-v1", play.state.current, {"deadline": "2025-12-02T18:00", "reason": "More time."})
    turn()
    (mail,) = post.to(HU)
    assert "The deadline for amendments is later now" in mail["Subject"]


def test_choosing_a_days_mail_does_not_send_one_for_the_hour_that_has_passed(told, turn, post, wishes):
    wishes("hu", "daily", hour=7)  # it is noon
    turn()
    assert post.to(HU) == []


def test_a_choice_counts_for_what_was_told_before_it_and_not_mailed(told, turn, post, wishes):
    propose(told)
    wishes("hu", "none")
    turn()
    assert post.to(HU) == []


def test_hours_are_told_in_the_readers_zone_the_forums_and_utc(told, turn, post):
    with told() as play:
        play.session.get_one(Person, play.actor("hu").person_id).time_zone = "Europe/Budapest"
        play.session.get_one(Person, play.actor("kz", "head").person_id).time_zone = "Asia/Almaty"
        play.act("chair", "declaration.extend_deadline-v1", play.state.current, {"deadline": "2025-12-02T18:00", "reason": "More time."})
    turn()
    line = "  Until: 2 December 2025, 15:00 Budapest (+01:00) · 18:00 Baku (+04:00) · 14:00 UTC"
    assert line in body(post.to(HU)[0]).splitlines()
    almaty = body(post.to("head.kz@forum.example")[0])
    assert "19:00 Almaty (+05:00)" in almaty
    assert "14:00 UTC" in almaty


def test_a_mail_is_in_the_readers_language(app, told, turn, post):
    """The words come through the catalogue of the reader's language; one that the interface does not speak is English."""
    assert "az" in LANGUAGES
    propose(told)
    turn()
    assert post.to("head.az@forum.example")[0]["Content-Language"] == "az"
    assert post.to("head.kz@forum.example")[0]["Content-Language"] == "en"
