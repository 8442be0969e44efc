"""Hours that somebody fills in: read in the forum's own zone, signed in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from declaration.errors import Malformed
from declaration.forums.models import Forum
from declaration.protocol.encoding import format_time, parse_time

INPUT = "%Y-%m-%dT%H:%M"


def hour(forum: Forum, fields: Mapping[str, str], name: str) -> str:
    """The moment in a field, as statements spell it.

    A browser's ``datetime-local`` value is an hour in the forum's zone; a program may give the statement's own form instead.

    :raises Malformed: ``hour.missing``, ``hour.unreadable``, ``hour.skipped`` (the clocks were put forward over it).
    """
    text = fields.get(name, "").strip()
    if not text:
        raise Malformed("a day and an hour are needed", code="hour.missing")
    if text.endswith("Z"):
        return format_time(parse_time(text))
    try:
        naive = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(f"not a day and an hour: {text[:40]}", code="hour.unreadable", instead="Write 2025-11-20T18:00.") from None
    if naive.tzinfo is not None:
        return format_time(naive.astimezone(UTC).replace(microsecond=0))
    zone = ZoneInfo(forum.time_zone)
    moment = naive.replace(tzinfo=zone, microsecond=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != naive.replace(microsecond=0):
        raise Malformed("this hour does not exist on that day", code="hour.skipped", instead="The clocks are put forward then.")
    return format_time(moment)


def in_zone(forum: Forum, moment: datetime) -> str:
    """A moment as a ``datetime-local`` input shows it, in the forum's zone."""
    return moment.astimezone(ZoneInfo(forum.time_zone)).strftime(INPUT)
