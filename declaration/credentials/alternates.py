"""Alternates: a head who cannot act appoints a member of the own delegation, for a time, by a recorded act.

The member makes a key as everybody does; the head's ``delegate-v1`` gives it the head's authority from one hour to another. Within that
time the member is seen by every page as acting head, with the own key; before and after it, as the member that they are.

``delegate-v1``: ``enrolment``: number of the member's enrolled key; ``from`` (optional: at once) and ``until``: hours; ``reason``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials import acts, contents
from declaration.credentials.acts import Fields
from declaration.credentials.models import Enrolment
from declaration.credentials.states import current
from declaration.errors import Malformed, NotFound
from declaration.forums.hours import hour
from declaration.forums.models import Forum, Person
from declaration.procedure.state import Key, State
from declaration.protocol.encoding import b64encode, format_time
from declaration.web import access
from declaration.web.access import Actor
from declaration.web.clock import now
from declaration.web.db import current_session

DELEGATE = "delegate-v1"
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member's key that could be given the head's authority."""

    enrolment: Enrolment
    person: Person


@dataclass(frozen=True, slots=True)
class Appointment:
    """An alternate of a delegation, now, later or in the past; ``person`` is None where the name is withheld."""

    key: Key
    person: Person | None
    phase: str


def register(app: Flask) -> None:
    """Say how an appointment is composed, and how an alternate is seen."""
    acts.register(app, DELEGATE, compose=appointment)
    access.set_stand_in(app, as_acting_head)


def as_acting_head(actor: Actor) -> Actor:
    """The reader as acting head, where a delegation of the head's authority to one of their keys is in force; else as they are."""
    forum: Forum | None = g.get("forum")
    if actor.role != "member" or forum is None:
        return actor
    session = current_session()
    acts_now = actor.person_id in acting(session, current(session, forum), actor.party, now())
    return replace(actor, role="head", alternate=True) if acts_now else actor


def acting(session: Session, state: State, party: str | None, moment: datetime) -> list[int]:
    """The numbers of the people who act as head now, of one delegation or of all."""
    parties = [party] if party is not None else list(state.constitution.delegations) if state.constitution else []
    keys = [key.fingerprint for each in parties for key in _keys(state, each) if _phase(key, moment) == "now"]
    return list(session.scalars(select(Enrolment.person_id).where(Enrolment.fingerprint.in_(keys)))) if keys else []


def candidates(session: Session, forum: Forum, state: State, party: str) -> list[Candidate]:
    """Keys of a delegation's members that have no authority yet, the newest first."""
    query = (
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Person.forum_id == forum.id, Person.party == party, Person.role == "member", Person.active)
        .where(Enrolment.public.is_not(None))
        .order_by(Enrolment.made_at.desc(), Enrolment.id)
    )
    return [Candidate(row, person) for row, person in session.execute(query) if row.fingerprint not in state.keys]


def appointments(session: Session, state: State, party: str, moment: datetime) -> Sequence[Appointment]:
    """Every alternate that a delegation ever had, the latest first."""
    found = sorted(_keys(state, party), key=lambda key: key.accredited, reverse=True)
    query = select(Enrolment.fingerprint, Person).join(Person, Person.id == Enrolment.person_id)
    people: dict[str | None, Person] = {}
    for fingerprint, person in session.execute(query.where(Enrolment.fingerprint.in_([key.fingerprint for key in found]))):
        people[fingerprint] = person
    return [Appointment(key, people.get(key.fingerprint), _phase(key, moment)) for key in found]


def appointment(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Body of ``delegate-v1`` for a member's enrolled key; the member's name is kept beside the record."""
    named = fields.get("enrolment", "")
    found = session.get(Enrolment, int(named)) if named.isascii() and named.isdigit() else None
    person = session.get(Person, found.person_id) if found is not None else None
    if found is None or person is None or found.forum_id != forum.id or found.public is None or person.party != actor.party:
        raise NotFound("there is no such key of a member of your delegation", code="enrolment.unknown")
    reason = fields.get("reason", "").strip()
    if len(reason) > _LONGEST:
        raise Malformed("the reason is too long", code="reason.too-long", instead=f"Use at most {_LONGEST:,} characters.")
    begins = hour(forum, fields, "from") if fields.get("from", "").strip() else format_time(now().replace(microsecond=0))
    document = {"kind": "alternate", "name": person.name, "office": person.office or "", "language": actor.language, "text": reason}
    return {
        "key": found.public,
        "possession": {"nonce": found.nonce, "signature": b64encode(found.possession or b"")},
        "from": begins,
        "until": hour(forum, fields, "until"),
        "content": contents.store(session, forum.id, document, audience="participants"),
    }


def _keys(state: State, party: str) -> list[Key]:
    return [key for key in state.keys.values() if key.delegated_by is not None and key.party == party]


def _phase(key: Key, moment: datetime) -> str:
    if key.valid_from is not None and moment < key.valid_from:
        return "later"
    return "now" if key.valid_until is not None and moment < key.valid_until else "over"
