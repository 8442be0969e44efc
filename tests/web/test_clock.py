"""One clock, in UTC, in whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from declaration.web import clock as clocks


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_the_machines_clock_is_in_utc():
    assert clocks.SystemClock().now().tzinfo is UTC


def test_now_is_in_whole_seconds(app, clock):
    clock.set(datetime(2025, 11, 24, 12, 0, 5, 999_999, tzinfo=timezone(timedelta(hours=4))))
    with app.app_context():
        assert clocks.now() == datetime(2025, 11, 24, 8, 0, 5, tzinfo=UTC)


def test_a_demonstration_may_live_at_another_time(app, clock):
    clocks.set_offset(app, lambda: timedelta(days=-365))
    with app.app_context():
        assert clocks.now() == clock.now() - timedelta(days=365)


def test_a_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        clocks.SettableClock(datetime(2025, 11, 24))  # noqa: DTZ001  # the refusal of it is the test
