"""Mails of the notices that wait, one a reader and turn.

Composing reads first, without holding anything up, and writes last: the notices are marked and the mail is written in one short
transaction, which gives up when another worker has taken one of them meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from flask import current_app, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from declaration.notices import preferences
from declaration.notices.host import Reader, Wanted, Words, host
from declaration.notices.letter import message_id, one_line
from declaration.notices.models import Mail, MailPreference, Notice, new_id
from declaration.web import clock
from declaration.web.clock import Clock
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work

_log = structlog.get_logger(__name__)
_MOST = 60
"""Notices in one mail; the others follow in the next."""
GIVE_UP = timedelta(days=5)
"""As mail servers do."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the next mail to one person is made of. ``day`` is set for a day's mail."""

    person_id: int
    forum_id: int
    notices: tuple[str, ...]
    silent: tuple[str, ...]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class _Composed:
    reader: Reader
    language: str
    subject: str
    text: str
    html: str
    shared: bool


def compose_waiting() -> int:
    """Compose every mail that is due; returns how many were written. Needs an application context."""
    with reading():
        session = current_session()
        people = list(session.scalars(select(Notice.person_id).where(~Notice.settled).distinct()))
        daily = list(session.scalars(select(MailPreference.person_id).where(MailPreference.mode == "daily")))
        session.rollback()
    return sum(_compose_for(person) for person in dict.fromkeys([*people, *daily]))


def machine_now() -> datetime:
    """The machine's hour, in whole seconds: mail goes out into the real world, whatever hour a demonstration shows."""
    ticking: Clock = current_app.extensions["clock"]
    return ticking.now().replace(microsecond=0)


def _compose_for(person_id: int) -> bool:
    with host().place(person_id) as reader:
        plan, chosen = _plan(current_session(), reader)
        wanted = host().wanted() if plan.day is not None and reader.address else ()
        composed = _composed(reader, plan, chosen, wanted) if reader.address and (chosen or wanted) else None
    if composed is None and not (plan.silent or plan.notices or plan.day):
        return False
    try:
        with unit_of_work() as session:
            return _write(session, plan, composed)
    except (_Taken, IntegrityError):
        return False  # another worker was faster; what is left comes with the next turn


class _Taken(Exception):
    """Another worker has one of these notices."""


def _plan(session: Session, reader: Reader) -> tuple[_Plan, list[Notice]]:
    """What is mailed to a reader now, and what is settled without a mail."""
    found = preferences.preference_of(session, reader.person_id)
    mode = preferences.mode_of(found)
    query = select(Notice).where(Notice.person_id == reader.person_id, ~Notice.settled).order_by(Notice.at, Notice.place, Notice.id)
    waiting = list(session.scalars(query))
    day: date | None = None
    if reader.address is None or mode == "none":
        chosen: list[Notice] = []
    elif mode == "at_once":
        chosen = waiting
    elif mode == "mine":
        chosen = [one for one in waiting if one.mine or one.urgent]
    else:
        chosen = [one for one in waiting if one.urgent]
        day, until = preferences.digest_due(clock.now(), reader.time_zone, found.hour if found is not None else preferences.DEFAULT_HOUR)
        if found is not None and found.digest_on is not None and found.digest_on >= day:
            day = None
        else:
            chosen += [one for one in waiting if not one.urgent and one.at < until]
    chosen = chosen[:_MOST]
    kept = mode == "daily" or (mode == "at_once" and len(waiting) > _MOST)
    silent = () if kept and reader.address is not None else tuple(one.id for one in waiting if one not in chosen)
    return _Plan(reader.person_id, reader.forum_id, tuple(one.id for one in chosen), silent, day), chosen


def _composed(reader: Reader, plan: _Plan, chosen: Sequence[Notice], wanted: Sequence[Wanted]) -> _Composed:
    told = [(_worded(one), one) for one in chosen]
    subject = _subject(told, wanted)
    values = {
        "reader": reader, "told": told, "wanted": wanted, "daily": plan.day is not None, "base": current_app.config["PUBLIC_URL"],
        "home": host().home(),
    }  # fmt: skip
    text = render_template("notices/mail.txt", **values)
    html = render_template("notices/mail.html", subject=subject, **values)
    shared = any(not one.private for one in chosen)
    return _Composed(reader, reader.language, one_line(f"{reader.forum_name}: {subject}"), text, html, shared)


def _subject(told: Sequence[tuple[Words, Notice]], wanted: Sequence[Wanted]) -> str:
    """What weighs most, and how much more there is; of a day's mail, how many things want the reader."""
    if wanted:
        return str(ngettext("One thing waits for you", "%(num)d things wait for you", len(wanted)))
    first = min(told, key=lambda one: (not one[1].urgent, not one[1].mine))[0].sentence
    more = len(told) - 1
    return str(ngettext("%(first)s, and one more", "%(first)s, and %(num)d more", more, first=first)) if more else first


def _worded(notice: Notice) -> Words:
    """The words of a notice; one whose words cannot be found says at least that there is something."""
    try:
        return host().words(notice)
    except Exception:
        _log.exception("notice.words-missing", kind=notice.kind if not notice.private else "private")
        return Words(_("There is news in the forum"), (), host().home())


def _write(session: Session, plan: _Plan, composed: _Composed | None) -> bool:
    ids = [*plan.notices, *plan.silent]
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        locked = select(Notice.id).where(Notice.id.in_(part), ~Notice.settled).with_for_update(skip_locked=True)
        if len(session.scalars(locked).all()) != len(part):
            raise _Taken
    if plan.day is not None and not _day_taken(session, plan.person_id, plan.day):
        raise _Taken
    mail = _mail(session, plan, composed) if composed is not None else None
    for start in range(0, len(ids), 500):
        session.execute(update(Notice).where(Notice.id.in_(ids[start : start + 500])).values(settled=True))
    if mail is not None and plan.notices:
        session.execute(update(Notice).where(Notice.id.in_(plan.notices)).values(mail_id=mail.id))
    return mail is not None


def _day_taken(session: Session, person_id: int, day: date) -> bool:
    taken = update(MailPreference).where(
        MailPreference.person_id == person_id, or_(MailPreference.digest_on.is_(None), MailPreference.digest_on < day)
    )
    return len(session.scalars(taken.values(digest_on=day).returning(MailPreference.person_id)).all()) == 1


def _mail(session: Session, plan: _Plan, composed: _Composed) -> Mail:
    handle = preferences.ensured(session, plan.person_id).handle
    base, now = current_app.config["PUBLIC_URL"], machine_now()
    mail = Mail(
        id=new_id(), forum_id=plan.forum_id, person_id=plan.person_id, message_id=message_id(base), to_name=one_line(composed.reader.name),
        to_address=composed.reader.address or "", language=composed.language, subject=composed.subject,
        text=composed.text, html=composed.html, unsubscribe=f"{base}/mail/unsubscribe/{handle}", sender_name=composed.reader.forum_name,
        shared=composed.shared, created_at=now, status="waiting", next_at=now, give_up_at=now + GIVE_UP, attempts=0, error="",
    )  # fmt: skip
    session.add(mail)
    session.flush()
    return mail


def forget_settled(session: Session, *, before: datetime) -> int:
    """Take away mails that were sent or given up before a moment, and leave the notices; returns how many."""
    old = select(Mail.id).where(Mail.status != "waiting", Mail.settled_at < before)
    session.execute(update(Notice).where(Notice.mail_id.in_(old)).values(mail_id=None))
    return len(session.scalars(delete(Mail).where(Mail.status != "waiting", Mail.settled_at < before).returning(Mail.id)).all())
