"""What time it is: the server's clock, in UTC, in whole seconds, and only from here.

The record speaks in whole seconds, so the clock does too: a row and its statement never differ by a fraction. Operations take
``now`` as a parameter; routes and commands get it from :func:`now`. A demonstration whose forum met in another year registers an
offset with :func:`set_offset`; tests set a :class:`SettableClock`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from flask import Flask, current_app


class Clock(Protocol):
    """Anything that tells an aware moment in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SettableClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs a time zone")
        self._at = at.astimezone(UTC)

    def advance(self, **parts: float) -> datetime:
        """Move forward by ``timedelta(**parts)`` and return the new moment."""
        self._at += timedelta(**parts)
        return self._at


def init_app(app: Flask, clock: Clock | None = None) -> None:
    """Give the application its clock."""
    app.extensions["clock"] = clock or SystemClock()


def set_offset(app: Flask, offset: Callable[[], timedelta]) -> None:
    """Register how far this database's time is from the clock's; asked at every :func:`now`, so let it be cheap."""
    app.extensions["clock-offset"] = offset


def now() -> datetime:
    """The present moment: aware, UTC, whole seconds."""
    clock: Clock = current_app.extensions["clock"]
    offset: Callable[[], timedelta] | None = current_app.extensions.get("clock-offset")
    moment = clock.now() + (offset() if offset is not None else timedelta())
    return moment.replace(microsecond=0)
