"""Invitations and sessions: the way in and the ways out.

    invite -> token -> consume_invitation -> start_session -> token of the cookie

Whoever signs in gets a session that did not exist before, and the one that the browser had is ended: a cookie planted by somebody
else is worth nothing. The moment ``now`` is the machine's (:mod:`declaration.forums.lifetimes`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NoReturn

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from declaration.errors import NotFound, Refused
from declaration.forums import tokens
from declaration.forums.lifetimes import Lifetimes
from declaration.forums.models import AuthSession, Invitation, Person

_DEVICE_LENGTH = 300
_KEPT = timedelta(days=30)


def invite(
    session: Session,
    person: Person,
    *,
    now: datetime,
    issued_by: Person | None = None,
    reusable: bool = False,
    lasts: timedelta | None = None,
) -> str:
    """Issue a link for a person and end the links issued before. The token is returned once and never stored.

    :param reusable: works until it runs out; for the personas of a demonstration alone.
    :param lasts: default 72 hours.
    :raises Refused: the person's access was taken away, or a reusable link outside of a demonstration.
    """
    if not person.active:
        raise Refused(f"the access of {person.name} was taken away", code="person.inactive", instead="Give it back first.")
    if reusable and not person.forum.demo:
        raise Refused("only the personas of a demonstration have links that work twice", code="invitation.reusable")
    revoke_invitations(session, person, now=now)
    token = tokens.new_token()
    session.add(
        Invitation(
            person=person,
            digest=tokens.digest(token),
            issued_at=now,
            issued_by=issued_by,
            expires_at=now + (lasts or Lifetimes().invitation),
            reusable=reusable,
        )
    )
    session.flush()
    return token


def find_invitation(session: Session, token: str, *, now: datetime) -> Invitation:
    """The invitation of a token, if it would let its person in now. Changes nothing.

    :raises NotFound: it would not. Unknown, used, replaced, run out and taken away are one answer.
    """
    digest = tokens.digest(token)
    wanted = select(Invitation).where(Invitation.digest == digest)
    found = session.scalar(wanted.options(joinedload(Invitation.person).joinedload(Person.forum))) if digest else None
    if (
        found is None
        or found.revoked_at is not None
        or now >= found.expires_at
        or not found.person.active
        or (found.consumed_at is not None and not _may_be_reused(found))
    ):
        _refuse_invitation()
    return found


def consume_invitation(session: Session, token: str, *, now: datetime) -> Person:
    """Use an invitation up and return who was invited. Of two at the same moment exactly one succeeds.

    :raises NotFound: it lets nobody in (any more).
    """
    invitation = find_invitation(session, token, now=now)
    if not _may_be_reused(invitation):
        won = session.scalars(
            update(Invitation)
            .where(Invitation.id == invitation.id, Invitation.consumed_at.is_(None), Invitation.revoked_at.is_(None))
            .values(consumed_at=now)
            .returning(Invitation.id)
        ).all()
        if not won:
            _refuse_invitation()
    return invitation.person


def revoke_invitations(session: Session, person: Person, *, now: datetime) -> None:
    """End every link of a person that is still open."""
    session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.revoked_at.is_(None))
        .where(Invitation.consumed_at.is_(None))
        .values(revoked_at=now)
    )


def start_session(
    session: Session, person: Person, *, user_agent: str, now: datetime, replaces: str | None = None, key: str | None = None
) -> str:
    """Begin a session and return the token for the cookie.

    :param replaces: the token that the browser had, of whomever: that session ends.
    :param key: fingerprint of the key that signed in; None for a link.
    """
    if replaces is not None:
        end_session(session, replaces, now=now)
    _forget_old(session, person, now)
    token = tokens.new_token()
    session.add(
        AuthSession(
            person=person, digest=tokens.digest(token), created_at=now, seen_at=now, user_agent=user_agent[:_DEVICE_LENGTH], key=key
        )
    )
    session.flush()
    return token


def end_session(session: Session, token: str, *, now: datetime) -> None:
    """Sign out: end the session of a token; nothing happens where there is none."""
    digest = tokens.digest(token)
    if digest is not None:
        _revoke(session, AuthSession.digest == digest, now=now)


def revoke_session(session: Session, person: Person, number: int, *, now: datetime) -> None:
    """End one session of this person.

    :raises NotFound: it is nobody's, or somebody else's.
    """
    if not _revoke(session, AuthSession.id == number, AuthSession.person_id == person.id, now=now):
        raise NotFound("you have no such session", code="session.unknown")


def revoke_others(session: Session, person: Person, *, keep: int, now: datetime) -> int:
    """End every session of this person but one; returns how many."""
    return _revoke(session, AuthSession.person_id == person.id, AuthSession.id != keep, now=now)


def revoke_all(session: Session, person: Person, *, now: datetime) -> int:
    """End every session of this person; returns how many."""
    return _revoke(session, AuthSession.person_id == person.id, now=now)


def lock_out(
    session: Session, people: Iterable[int], *, lost: Iterable[str], replaced: Iterable[str], keep: int | None, now: datetime
) -> int:
    """End every session of these persons and the links that were sent to them, and what these keys began.

    :param lost: fingerprints; what they began ends, wherever it is.
    :param replaced: fingerprints of keys that gave way to newer ones.
    :param keep: the session in which a holder does this; it stays unless a lost key began it.
    :returns: how many sessions ended.
    """
    whose, elsewhere = list(people), AuthSession.id != (-1 if keep is None else keep)
    links = update(Invitation).where(Invitation.person_id.in_(whose), Invitation.revoked_at.is_(None), Invitation.consumed_at.is_(None))
    session.execute(links.where(Invitation.reusable.is_(False)).values(revoked_at=now))
    begun = and_(AuthSession.key.in_(list(replaced)), elsewhere)
    theirs = and_(AuthSession.person_id.in_(whose), elsewhere)
    return _revoke(session, or_(theirs, begun, AuthSession.key.in_(list(lost))), now=now)


def touch(session: Session, number: int, *, now: datetime) -> None:
    """Remember that a session is used."""
    used = update(AuthSession).where(AuthSession.id == number, AuthSession.seen_at < now, AuthSession.revoked_at.is_(None))
    session.execute(used.values(seen_at=now))


def _revoke(session: Session, *which: ColumnElement[bool], now: datetime) -> int:
    ended = update(AuthSession).where(*which, AuthSession.revoked_at.is_(None)).values(revoked_at=now)
    return len(session.scalars(ended.returning(AuthSession.id)).all())


def _forget_old(session: Session, person: Person, now: datetime) -> None:
    """Which device somebody used is nobody's business after a month."""
    session.execute(delete(AuthSession).where(AuthSession.person_id == person.id, AuthSession.created_at < now - _KEPT))


def _may_be_reused(invitation: Invitation) -> bool:
    return invitation.reusable and invitation.person.forum.demo


def _refuse_invitation() -> NoReturn:
    raise NotFound(
        str(_l("This link lets nobody in: it was used already, was replaced by a newer one, or its time is over.")),
        code="invitation.invalid",
        instead=str(_l("Ask the secretariat for a new link. If somebody else used yours, tell them so at once.")),
    )
