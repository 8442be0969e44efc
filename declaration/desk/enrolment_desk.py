"""Enrolling signatories in the hall: who waits, who is being served by whom, who is done. Several desks work at once.

A person comes twice: before one officer, who accredits the key (``accredit-v1``), and before another one, who confirms (``second-v1``).
Both are acts of the record, signed on the officer's own device; what is kept here is only who stands before whom, so that two desks
do not take the same person. It holds for :data:`LASTS`, as an officer who was called away must not keep anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Flask
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from declaration.credentials import acts, spoken
from declaration.credentials.models import Enrolment
from declaration.credentials.record import Recorded, log_of
from declaration.credentials.states import current
from declaration.desk.models import DeskVisit
from declaration.endorsements.search import matches, search_key
from declaration.errors import Conflict, NotFound
from declaration.forums import queries, tokens
from declaration.forums.models import Forum, Invitation, Person
from declaration.procedure.act import Act
from declaration.procedure.state import State
from declaration.protocol.entry import parse_entry
from declaration.protocol.keys import parse_public_key
from declaration.protocol.statement import Statement
from declaration.transparency import queries as log_queries
from declaration.web.access import Actor

LASTS: Final = timedelta(minutes=10)
"""How long a person is one officer's."""

FIRST, SECOND, DONE, KEYLESS = "first", "second", "done", "keyless"
"""The key waits for the first officer, for the second one, is in force; there is none yet."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Somebody is before an officer."""

    officer_id: int
    officer: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """One signatory at the desks.

    :ivar enrolment: the key that it is about; None where the person has made none.
    :ivar first: the accreditation by the first officer, where it waits for the second.
    """

    person: Person
    stage: str
    enrolment: Enrolment | None = None
    first: Act | None = None
    serving: Serving | None = None

    @property
    def organization(self) -> Mapping[str, str]:
        return self.person.organization or {}

    @property
    def code(self) -> str:
        """The code of the key; empty where there is none."""
        return spoken.code(self.enrolment.fingerprint) if self.enrolment is not None and self.enrolment.fingerprint else ""

    def waits_for(self, actor: Actor) -> bool:
        """Whether this officer can do the next step: the first, or the second where somebody else was the first."""
        return self.stage == FIRST or (self.stage == SECOND and self.first is not None and self.first.statement.by.party != actor.party)

    def free_for(self, actor: Actor) -> bool:
        """Whether no other officer serves the person now."""
        return self.serving is None or self.serving.officer_id == actor.person_id


@dataclass(frozen=True, slots=True)
class Desk:
    """All signatories, in the order in which their keys arrived; those without one last, by number."""

    visits: Sequence[Visit]

    def at(self, stage: str) -> list[Visit]:
        return [each for each in self.visits if each.stage == stage]

    def mine(self, actor: Actor) -> list[Visit]:
        """Whom this officer is serving."""
        return [each for each in self.visits if each.serving is not None and each.serving.officer_id == actor.person_id]


def register(app: Flask) -> None:
    """Let a person go when an officer has acted."""
    acts.register(app, "accredit-v1", then=_served)
    acts.register(app, "second-v1", then=_confirmed)
    acts.register(app, "mandate.refuse-v1", then=_confirmed)


def read(session: Session, forum: Forum, state: State, now: datetime) -> Desk:
    """The desks as they are now."""
    people = {one.id: one for one in queries.people_of(session, forum, role="signatory")}
    best: dict[int, Visit] = {}
    waiting = {act["key"]: act for act in state.awaiting_accreditation.values()}
    order = {DONE: 0, SECOND: 1, FIRST: 2}
    query = select(Enrolment).where(Enrolment.forum_id == forum.id, Enrolment.public.is_not(None), Enrolment.refused_at.is_(None))
    serving = _serving(session, forum, now)
    for row in session.scalars(query.order_by(Enrolment.made_at, Enrolment.id)):
        if row.person_id not in people:
            continue
        person, found = people[row.person_id], best.get(row.person_id)
        visit = Visit(person, _stage(state, row, waiting), row, waiting.get(row.public or ""), serving.get(person.id))
        if found is None or order[visit.stage] > order[found.stage]:  # what is still to be done comes before what is done
            best[person.id] = visit
    without = [Visit(each, KEYLESS, serving=serving.get(number)) for number, each in people.items() if number not in best]
    return Desk(sorted([*best.values(), *without], key=_arrival))


def _arrival(visit: Visit) -> tuple[bool, float, int]:
    made = visit.enrolment.made_at if visit.enrolment is not None else None
    return made is None, made.timestamp() if made is not None else 0, visit.person.id


def _stage(state: State, row: Enrolment, waiting: Mapping[str, Act]) -> str:
    if row.fingerprint in state.keys:
        return DONE
    return SECOND if row.public in waiting else FIRST


def _serving(session: Session, forum: Forum, now: datetime) -> dict[int, Serving]:
    officer = aliased(Person)
    query = (
        select(DeskVisit.person_id, DeskVisit.officer_id, officer.name, DeskVisit.taken_at)
        .join(officer, officer.id == DeskVisit.officer_id)
        .where(officer.forum_id == forum.id, DeskVisit.taken_at > now - LASTS)
    )
    return {person: Serving(number, name, since) for person, number, name, since in session.execute(query)}


def one(desk: Desk, person_id: int) -> Visit:
    """One signatory.

    :raises NotFound: ``desk.person``.
    """
    for each in desk.visits:
        if each.person.id == person_id:
            return each
    raise NotFound("there is no such signatory", code="desk.person", instead="Look for the organization or its number.")


def take(session: Session, actor: Actor, visit: Visit, *, now: datetime, over: bool = False) -> None:
    """Serve a person at this officer's desk; of two officers at the same moment one does.

    :param over: also where another officer serves the person.
    :raises Conflict: ``desk.served``, naming that officer.
    """
    mine = DeskVisit.person_id == visit.person.id
    free = or_(DeskVisit.officer_id == actor.person_id, DeskVisit.taken_at <= now - LASTS)
    taken = update(DeskVisit).where(mine) if over else update(DeskVisit).where(mine, free)
    values = {"officer_id": actor.person_id, "taken_at": now}
    if session.scalars(taken.values(**values).returning(DeskVisit.person_id)).all():
        return
    try:
        with session.begin_nested():
            session.add(DeskVisit(person_id=visit.person.id, **values))
    except IntegrityError as error:
        other = session.scalar(select(Person.name).join(DeskVisit, DeskVisit.officer_id == Person.id).where(mine))
        raise Conflict(
            f"{other} is serving this person", code="desk.served", instead="Take the next one, or take this person over."
        ) from error


def take_next(session: Session, actor: Actor, desk: Desk, stage: str, *, now: datetime) -> Visit | None:
    """Serve whoever came first and is served by nobody; None where nobody waits for this officer."""
    for each in desk.at(stage):
        if each.waits_for(actor) and each.free_for(actor):
            try:
                take(session, actor, each, now=now)
            except Conflict:
                continue  # another desk was faster
            return each
    return None


def let_go(session: Session, actor: Actor, person_id: int) -> None:
    """The officer serves the person no more."""
    session.execute(delete(DeskVisit).where(DeskVisit.person_id == person_id, DeskVisit.officer_id == actor.person_id))


def find(session: Session, forum: Forum, desk: Desk, typed: str) -> list[Visit]:
    """Whom somebody looks for: by the code or the fingerprint of a key, by an invitation or the link in its code, else by words of the
    organization's name, its number or the person's name."""
    typed = typed.strip()
    if not typed:
        return []
    last = typed.rstrip("/").rpartition("/")[2]
    code = spoken.read_code(last)
    if code is not None and (found := [each for each in desk.visits if each.code == code]):
        return found
    if (digest := tokens.digest(last)) is not None:
        invited = session.scalar(select(Invitation.person_id).where(Invitation.digest == digest))
        return [each for each in desk.visits if each.person.id == invited]
    if typed.startswith("SHA256:"):
        return [each for each in desk.visits if each.enrolment is not None and each.enrolment.fingerprint == typed]
    return [each for each in desk.visits if matches(_words(each), typed)]


def _words(each: Visit) -> str:
    known = each.organization
    return search_key(f"{known.get('name', '')} {each.person.name}", f"{known.get('registration', '')} {each.person.party}")


@dataclass(frozen=True, slots=True)
class Served:
    """A key that two officers have put in force, for the list of those who are done.

    :ivar first: position of the first officer's act in the record, and ``second`` of the other one's.
    """

    name: str
    at: datetime
    first: int
    second: int


def latest(state: State, count: int = 5) -> list[Served]:
    """The newest signatories' keys in force, the last first."""
    keys = sorted((key for key in state.keys.values() if key.role == "signatory"), key=lambda key: -key.accredited)[:count]
    return [
        Served(
            (key.organization or {}).get("name", key.party),
            state.times[key.accredited],
            state.digests[key.accreditation],
            key.accredited,
        )
        for key in keys
    ]


def _served(session: Session, forum: Forum, recorded: Recorded) -> None:
    _end(session, forum, recorded.act.statement)


def _confirmed(session: Session, forum: Forum, recorded: Recorded) -> None:
    index = current(session, forum).digests[recorded.act.object]
    _end(session, forum, parse_entry(log_queries.entry(session, log_of(session, forum), index)).statement)


def _end(session: Session, forum: Forum, accreditation: Statement) -> None:
    if accreditation.type != "accredit-v1":
        return
    fingerprint = parse_public_key(str(accreditation.body["key"])).fingerprint
    whose = select(Enrolment.person_id).where(Enrolment.forum_id == forum.id, Enrolment.fingerprint == fingerprint)
    session.execute(delete(DeskVisit).where(DeskVisit.person_id.in_(whose)))
