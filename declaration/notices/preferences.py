"""What each person wants by mail, and when a day's mail is due.

A day's mail is due at an hour of the reader's own clock. On the day on which that hour is left out it comes with the first minute
after the gap; on the day on which it comes twice it comes the first time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.errors import Malformed, NotFound
from declaration.notices.models import MODES, MailPreference, new_id

DEFAULT_MODE = "at_once"
DEFAULT_HOUR = 7


def preference_of(session: Session, person_id: int) -> MailPreference | None:
    """The row of a person, if there is one."""
    return session.get(MailPreference, person_id)


def mode_of(found: MailPreference | None) -> str:
    """What somebody wants, whether they have said so or not."""
    return found.mode if found is not None else DEFAULT_MODE


def ensured(session: Session, person_id: int) -> MailPreference:
    """The row of a person, made where there is none."""
    found = preference_of(session, person_id)
    if found is None:
        found = MailPreference(person_id=person_id, handle=new_id(), mode=DEFAULT_MODE, hour=DEFAULT_HOUR)
        session.add(found)
        session.flush()
    return found


def choose(session: Session, person_id: int, *, mode: str, hour: str, zone: str, now: datetime) -> MailPreference:
    """Keep what somebody chose. The first day's mail is the next one that falls due, not one whose hour has passed.

    :raises Malformed: ``preferences.unknown``.
    """
    if mode not in MODES or hour not in {str(one) for one in range(24)}:
        raise Malformed("that is not offered here", code="preferences.unknown", instead="Choose one of the list.")
    found = ensured(session, person_id)
    found.mode, found.hour = mode, int(hour)
    found.digest_on = digest_due(now, zone, found.hour)[0]
    session.flush()
    return found


def by_handle(session: Session, handle: str) -> MailPreference:
    """Whose link this is.

    :raises NotFound: nobody's.
    """
    found = session.scalar(select(MailPreference).where(MailPreference.handle == handle))
    if found is None:
        raise NotFound("this link ends nobody's mails", code="unsubscribe.unknown", instead="Sign in and choose there what you want.")
    return found


def digest_due(now: datetime, zone: str, hour: int) -> tuple[date, datetime]:
    """The last day's mail that is due at ``now``: its local day, and the moment up to which it tells.

    :param now: aware.
    :param zone: the reader's, an IANA name.
    """
    day = now.astimezone(ZoneInfo(zone)).date()
    due = _moment(day, zone, hour)
    if due > now:
        day -= timedelta(days=1)
        due = _moment(day, zone, hour)
    return day, due


def _moment(day: date, zone: str, hour: int) -> datetime:
    # An hour that is left out (fold=0) is read with the offset before the gap, which is the first minute after it.
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)
