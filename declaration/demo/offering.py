"""Opening a demonstration: the sample forum with its people, their keys, and links to sign in as any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from declaration.credentials.record import log_of
from declaration.demo import sample, script
from declaration.demo.organizations import organizations
from declaration.demo.personas import KeyRing
from declaration.endorsements.organizations import register_organization
from declaration.errors import NotAllowed, Refused
from declaration.forums import importing, lifetimes, operations, queries, sessions
from declaration.forums.models import Forum, Person
from declaration.transparency import queries as log_queries
from declaration.transparency.signing import current_signing
from declaration.web.clock import SettableClock
from declaration.web.db import current_session
from declaration.web.transaction import unit_of_work

FIRST_READING_LASTS = timedelta(days=7)
LINK_LASTS = timedelta(days=30)
ORGANIZATIONS = 8
"""How many organizations are registered from the start, for a visitor who wants to sign."""


_EVERY = frozenset({"secretariat", "translator", "head"})
"""Roles of which a visitor needs more than one person to walk the whole path."""


@dataclass(frozen=True, slots=True)
class Link:
    """Somebody whom a visitor may be."""

    person: Person
    token: str


def ring_of_instance() -> KeyRing:
    """The personas' keys of this instance."""
    return KeyRing(Path(current_app.instance_path))


def create(folder: Path = sample.FOLDER) -> Forum:
    """Make the sample's forum as a demonstration.

    :raises NotAllowed: ``demo.real-forum`` where this database has a forum that is none.
    :raises Refused: ``demo.exists``.
    """
    with unit_of_work() as session:
        for forum in queries.forums(session):
            if not forum.demo:
                raise NotAllowed(
                    f"this database has a real forum, {forum.slug}",
                    code="demo.real-forum",
                    instead="Give the demonstration a database of its own: DECLARATION_INSTANCE=/some/folder.",
                )
        description = importing.load(folder)
        if any(forum.slug == description.slug for forum in queries.forums(session)):
            raise Refused("the sample forum is here already", code="demo.exists")
        forget_earlier_record(f"{description.host}/{description.slug}", session)
        forum = operations.create_forum(session, description, url=current_app.config["PUBLIC_URL"], demo=True)
        log_of(session, forum)
        return forum


def forget_earlier_record(origin: str, session: Session) -> None:
    """Let a demonstration begin anew after its database was thrown away; a real record would be held instead."""
    if log_queries.find_log(session, origin) is None:
        current_signing().guard(origin).path.unlink(missing_ok=True)


def open_sample(now: datetime, say: Callable[[str], None] = print) -> Forum:
    """The sample forum, constituted, its zero draft circulated at ``now`` and open for amendments for a week."""
    forum = create()
    clock = SettableClock(now - timedelta(hours=2))
    before = current_app.extensions["clock"]
    current_app.extensions["clock"] = clock
    try:
        play = script.Play(forum.slug, sample.load(), ring_of_instance(), clock, shift=now - script.CIRCULATED, say=say)
        play.constitute()
        play.circulate(script.CIRCULATED + FIRST_READING_LASTS)
        with unit_of_work() as session:
            for one in organizations(play, ORGANIZATIONS):
                register_organization(
                    session, play.forum(), country=one.country, name=one.name, registration=one.registration, person=one.person,
                    office=one.office,
                )  # fmt: skip
    finally:
        current_app.extensions["clock"] = before
    return forum


def links(session: Session, forum: Forum) -> Iterator[Link]:
    """One link for each role, re-usable, for a visitor of the demonstration; links issued before end."""
    now = lifetimes.machine_now()
    seen: set[str] = set()
    for person in queries.people_of(session, forum):
        if person.role not in seen or person.role in _EVERY:
            seen.add(person.role)
            token = sessions.invite(session, person, now=now, reusable=True, lasts=LINK_LASTS)
            yield Link(person, token)


def the_demo(session: Session | None = None) -> Forum | None:
    """The demonstration of this database, or ``None``."""
    return next((forum for forum in queries.forums(session or current_session()) if forum.demo), None)
