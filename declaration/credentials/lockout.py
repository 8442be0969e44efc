"""A key falls, and with it every session of its holder: the phone that was lost may be signed in by a link as well as by the key.

In the same transaction as the act that takes the key's force away, so there is no moment at which the record says "suspended" and the
thief still reads. Links that were sent and not opened end too, for the mailbox is on the same phone. The session in which a holder
does it, on another device, stays; unless the fallen key itself began it.

A key that gives way to a newer one was not lost: sessions that it began elsewhere end, others go on.
"""

from __future__ import annotations

import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials import acts
from declaration.credentials.authority import REVOKE, REVOKE_MANDATE, SUCCEED, SUSPEND
from declaration.credentials.models import Enrolment
from declaration.credentials.record import Recorded
from declaration.credentials.states import current
from declaration.forums import lifetimes, sessions
from declaration.forums.door import session_in_use
from declaration.forums.models import Forum
from declaration.procedure.act import Act
from declaration.procedure.state import Key, State

_TAKE_AWAY = (SUSPEND, REVOKE, REVOKE_MANDATE, SUCCEED, "second-v1")
_NOT_LOST = ("superseded", "succeeded")
_log = structlog.get_logger("declaration.security")


def register(app: Flask) -> None:
    """Follow every act that may take a key's force away."""
    for type_ in _TAKE_AWAY:
        acts.register(app, type_, then=end_sessions)


def end_sessions(session: Session, forum: Forum, recorded: Recorded) -> None:
    """End what the keys that fell with this act have begun, and everything of their holders where a key was lost or its authority ended."""
    fallen = _fallen(current(session, forum), recorded.act)
    if not fallen:
        return
    lost = [key.fingerprint for key in fallen if key.reason not in _NOT_LOST]
    replaced = [key.fingerprint for key in fallen if key.reason in _NOT_LOST]
    holders = select(Enrolment.person_id).where(Enrolment.forum_id == forum.id, Enrolment.fingerprint.in_(lost))
    people = list(session.scalars(holders)) if lost else []
    here, now = session_in_use(), lifetimes.machine_now()
    keep = here.id if here is not None else None
    ended = sessions.lock_out(session, people, lost=lost, replaced=replaced, keep=keep, now=now)
    _log.info("session.locked-out", forum=forum.slug, lost=lost, replaced=replaced, ended=ended)


def _fallen(state: State, act: Act) -> list[Key]:
    """Keys that ended with this entry, or were suspended by it."""
    return [key for key in state.keys.values() if key.ended == act.index or key.suspended == act.at]
