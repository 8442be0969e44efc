"""Reading: forums, people, sessions. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from declaration.errors import NotFound
from declaration.forums import tokens
from declaration.forums.description import Schedule
from declaration.forums.lifetimes import Lifetimes
from declaration.forums.models import AuthSession, Forum, Invitation, Person
from declaration.forums.roles import ROLES
from declaration.protocol.encoding import parse_time

# Built once: every request asks for its forum and its session. The person's forum is nearly always the one that is at hand already.
_BY_SLUG = select(Forum).where(Forum.slug == bindparam("slug"))
_BY_TOKEN = select(AuthSession).where(AuthSession.digest == bindparam("digest")).options(joinedload(AuthSession.person, innerjoin=True))


def forums(session: Session) -> Sequence[Forum]:
    """Every forum of this service, in the order in which they came."""
    return session.scalars(select(Forum).order_by(Forum.id)).all()


def forum_by_slug(session: Session, slug: str) -> Forum:
    """One forum.

    :raises NotFound: there is none of that name.
    """
    forum = session.scalar(_BY_SLUG, {"slug": slug})
    if forum is None:
        raise NotFound("there is no such forum", code="forum.unknown")
    return forum


def schedule(forum: Forum) -> Schedule:
    """The hours that the forum gave itself."""
    return Schedule(**{name: parse_time(moment) for name, moment in forum.schedule.items()})


def people_of(
    session: Session, forum: Forum, *, role: str | None = None, party: str | None = None, active_only: bool = True
) -> list[Person]:
    """The people of a forum by role, then party, then the order in which they came."""
    wanted = select(Person).where(Person.forum_id == forum.id)
    if role is not None:
        wanted = wanted.where(Person.role == role)
    if party is not None:
        wanted = wanted.where(Person.party == party)
    if active_only:
        wanted = wanted.where(Person.active)
    found = session.scalars(wanted.order_by(Person.id)).all()
    return sorted(found, key=lambda one: (ROLES.index(one.role), one.party))


def person(session: Session, forum: Forum, id_: int) -> Person:
    """One person of this forum.

    :raises NotFound: there is none, or only in another forum.
    """
    found = session.get(Person, id_)
    if found is None or found.forum_id != forum.id:
        raise NotFound("there is no such person in this forum", code="person.unknown")
    return found


def person_of_party(session: Session, forum: Forum, party: str, *, role: str | None = None, name: str | None = None) -> Person:
    """The one active person who fits. A delegation's id alone means its head.

    :raises NotFound: nobody fits, or more than one.
    """
    found = [
        one
        for one in people_of(session, forum, role=role, party=party)
        if (name is None or one.name == name) and (role or name or one.role != "member")
    ]
    if len(found) != 1:
        known = ", ".join(f"{one.name} ({one.role})" for one in people_of(session, forum, party=party))
        raise NotFound(
            f"{'nobody' if not found else 'more than one person'} in {forum.slug} fits {party}",
            code="person.unknown" if not found else "person.ambiguous",
            instead=f"There are: {known}." if known else "See who there is: flask forum people.",
        )
    return found[0]


def invitations_of(session: Session, person: Person) -> Sequence[Invitation]:
    """Every link that was issued for a person, the newest first."""
    wanted = select(Invitation).where(Invitation.person_id == person.id).options(joinedload(Invitation.issued_by))
    return session.scalars(wanted.order_by(Invitation.id.desc())).all()


def find_session(session: Session, token: str, *, now: datetime, lifetimes: Lifetimes) -> AuthSession | None:
    """The living session of a token, with its person; None for anything else, without saying why."""
    digest = tokens.digest(token)
    if digest is None:
        return None
    found = session.scalar(_BY_TOKEN, {"digest": digest})
    return found if found is not None and lives(found, now, lifetimes) else None


def sessions_of(session: Session, person: Person, *, now: datetime, lifetimes: Lifetimes) -> list[AuthSession]:
    """The living sessions of a person, the last used first."""
    wanted = select(AuthSession).where(AuthSession.person_id == person.id, AuthSession.revoked_at.is_(None))
    found = session.scalars(wanted.order_by(AuthSession.seen_at.desc(), AuthSession.created_at.desc(), AuthSession.id)).all()
    return [one for one in found if lives(one, now, lifetimes)]


def lives(one: AuthSession, now: datetime, lifetimes: Lifetimes) -> bool:
    """Not revoked, of an active person, neither too old nor unused for too long. Exactly at the limit is too late."""
    return (
        one.revoked_at is None
        and one.person.active
        and now < one.created_at + lifetimes.absolute
        and now < one.seen_at + lifetimes.idle_for(one.person.role)
    )
