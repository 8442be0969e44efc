"""Delivering: claim one mail, hand it over outside of any transaction, mark it.

A claim is a random word and an hour on the row, taken with ``FOR UPDATE SKIP LOCKED`` (PostgreSQL) or under ``BEGIN IMMEDIATE``
(SQLite), so two workers never hold the same mail. A worker that dies holds it until the hour has passed; the mail is then sent
again, the same bytes under the same ``Message-ID``. Only the holder of a claim may mark its mail.

A mail that is not taken is tried again after a while that grows, for five days as mail servers do, and is then given up. One that
is refused for good is given up at once. While the server itself is down everybody's mail waits, and nobody's trial counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from declaration.notices.composing import GIVE_UP, compose_waiting, machine_now
from declaration.notices.host import host
from declaration.notices.letter import BadAddress, address, letter
from declaration.notices.models import Mail, new_id
from declaration.notices.moments import tell_moments
from declaration.notices.transport import Line, MailRefused, ServerDown, Transport
from declaration.web.db import current_session, reading
from declaration.web.transaction import unit_of_work

LEASE = timedelta(minutes=10)
"""Longer than any conversation with a server can last."""
_STEPS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
_DOWN = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn of a worker did."""

    sent: int
    failed: int


def turn() -> Turn:
    """Tell what was recorded and what time brought, compose, deliver. Needs an application context of its own."""
    host().tell_afterwards()
    tell_moments()
    compose_waiting()
    return deliver()


def deliver() -> Turn:
    """Deliver every mail that is due now, one after the other."""
    if not _anything_due():
        return Turn(0, 0)
    sent = failed = 0
    transport: Transport = current_app.extensions["mail-transport"]
    with transport.open() as line:
        while (mail := _claimed()) is not None:
            try:
                _hand_over(line, mail)
            except ServerDown as down:
                _postpone(mail, str(down), _DOWN, counts=False)
                _log.warning("mail.server-down", said=str(down))
                return Turn(sent, failed + 1)
            except MailRefused as refused:
                _failed(mail, refused)
                failed += 1
            else:
                _settle(mail, "sent", "")
                sent += 1
    return Turn(sent, failed)


def _hand_over(line: Line, mail: Mail) -> None:
    sender = current_app.config["MAIL_FROM"]
    try:
        content = letter(mail, sender=sender, one_click=current_app.config["PUBLIC_URL"].startswith("https://"))
        to = address(mail.to_address)
    except BadAddress as error:
        raise MailRefused("this is not an address", for_good=True) from error
    line.send(content, sender=sender, to=to, name=mail.message_id.strip("<>").partition("@")[0])


def _anything_due() -> bool:
    with reading():
        session = current_session()
        found = session.scalar(_due(machine_now()).limit(1)) is not None
        session.rollback()
    return found


def _due(now: datetime) -> Select[Mail]:
    free = or_(Mail.leased_until.is_(None), Mail.leased_until <= now)
    return select(Mail).where(Mail.status == "waiting", Mail.next_at <= now, free).order_by(Mail.next_at, Mail.id)


def _claimed() -> Mail | None:
    """Claim the next mail that is due, in a transaction of its own."""
    now = machine_now()
    with unit_of_work() as session:
        mail = session.scalar(_due(now).limit(1).with_for_update(skip_locked=True))
        if mail is None:
            return None
        mail.lease, mail.leased_until = new_id(), now + LEASE
        mail.attempts += 1
        session.flush()
        session.expunge(mail)  # what is handed over is what was claimed, whatever becomes of the row
    return mail


def _failed(mail: Mail, refused: MailRefused) -> None:
    # What the server said may name a person: it is kept in the row and not in the log.
    if refused.for_good or machine_now() >= mail.give_up_at:
        _settle(mail, "dead", str(refused))
    else:
        _postpone(mail, str(refused), _STEPS[min(mail.attempts, len(_STEPS)) - 1])


def _settle(mail: Mail, status: str, error: str) -> None:
    words: dict[str, object] = {"text": "", "html": "", "attachment": None} if status == "sent" else {}
    _mark(mail, status=status, error=error, settled_at=machine_now(), lease=None, leased_until=None, **words)


def _postpone(mail: Mail, error: str, wait: timedelta, *, counts: bool = True) -> None:
    attempts = mail.attempts if counts else mail.attempts - 1
    _mark(mail, next_at=machine_now() + wait, error=error, attempts=attempts, lease=None, leased_until=None)


def _mark(mail: Mail, **values: object) -> None:
    with unit_of_work() as session:
        marked = update(Mail).where(Mail.id == mail.id, Mail.lease == mail.lease, Mail.status == "waiting").values(**values)
        session.execute(marked)


def retry(session: Session, *, now: datetime) -> int:
    """Try what was given up once more; returns how many mails."""
    fresh = {"status": "waiting", "next_at": now, "give_up_at": now + GIVE_UP, "attempts": 0, "settled_at": None}
    again = update(Mail).where(Mail.status == "dead").values(**fresh)
    return len(session.scalars(again.returning(Mail.id)).all())
