"""Audiences by name, as roles and parties, and the people that they are.

Every name in the table is one here (a test asks). What an audience is depends on the facts of the act alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from declaration.credentials import alternates
from declaration.credentials.states import current
from declaration.desk.telling.row import Row
from declaration.drafts.reading import PARTICIPANTS
from declaration.forums.models import Forum, Person
from declaration.notices.telling import Tale
from declaration.web.clock import now

Facts = Mapping[str, Any]
Seat = tuple[str, str | None]
"""A role, and a party or None for every one of that role."""


def _role(role: str) -> Callable[[Facts], list[Seat]]:
    return lambda facts: [(role, None)]


def _of(name: str, *roles: str) -> Callable[[Facts], list[Seat]]:
    """Those roles at the party, or the parties, that a fact names."""

    def seats(facts: Facts) -> list[Seat]:
        value = facts.get(name)
        parties = [value] if isinstance(value, str) else list(value or ())
        return [(role, party) for party in parties for role in roles]

    return seats


def _held(name: str) -> Callable[[Facts], list[Seat]]:
    """The one office that a fact names whole."""
    return lambda facts: [(facts[name]["role"], facts[name]["party"])] if name in facts else []


def _second_person(facts: Facts) -> list[Seat]:
    return [("secretariat", None)] if "awaits_second" in facts else []


AUDIENCES: Mapping[str, Callable[[Facts], list[Seat]]] = {
    "participants": lambda facts: [(role, None) for role in sorted(PARTICIPANTS)],
    "chair": _role("chair"),
    "secretariat": _role("secretariat"),
    "depositary": _role("depositary"),
    "translators": _role("translator"),
    "heads": _role("head"),
    "members": _role("member"),
    "observers": _role("observer"),
    "signatories": _role("signatory"),
    "same_language": _role("translator"),  # of them, those who speak the language of the facts
    "actor": lambda facts: [(facts["role"], facts["who"])],
    "own_members": _of("who", "member"),
    "proposer": _of("proposer", "head", "chair"),
    "proposer_members": _of("proposer", "member"),
    "sponsors": _of("sponsors", "head"),
    "sources": _of("sources", "head", "chair"),
    "amended": _of("amended", "head", "chair"),
    "facilitator": _of("facilitator", "head"),
    "group": _of("group", "head"),
    "party": _of("party", "signatory"),
    "party_head": _of("party", "head"),
    "country_head": _of("country", "head"),
    "holder": _held("holder"),
    "reinstated": _held("reinstated"),
    "on_paper": _of("on_paper", "signatory"),
    "first_person": _held("first"),
    "second_person": _second_person,
}


# A key that is suspended "by its holder" may have been so by a thief: its holder hears of it in any case.
_ACTING = ("actor", "holder")


def tales_of_all(session: Session, forum: Forum, row: Row, several: Sequence[Facts]) -> list[list[Tale]]:
    """Who hears which sentence of a row, for each of several acts of its type: whoever acted hears what is meant for the actor, and
    what happens to the own key."""
    seats = [AUDIENCES[audience](facts) for facts in several for tell in row.tells for audience in tell.to]
    known = _single_seats(session, forum, {each[0] for each in seats if len(each) == 1})

    def sitting(facts: Facts, audience: str) -> Sequence[Any]:
        seats = AUDIENCES[audience](facts)
        return known[seats[0]] if len(seats) == 1 and seats[0] in known else _sitting(session, forum, seats)

    return [_tales_of(row, facts, sitting) for facts in several]


def _tales_of(row: Row, facts: Facts, sitting: Callable[[Facts, str], Sequence[Any]]) -> list[Tale]:
    found: list[Tale] = []
    actor = (facts.get("role"), facts.get("who"))
    for tell in row.tells:
        people: list[int] = []
        for audience in tell.to:
            spoken = facts.get("language") if audience == "same_language" else None
            for person in sitting(facts, audience):
                if audience not in _ACTING and (person.role, person.party) == actor:
                    continue
                if spoken is None or person.language == spoken:
                    people.append(person.id)
        if people:
            found.append(Tale(tuple(dict.fromkeys(people)), f"{row.type}/{tell.name}", facts, mine=tell.mine, urgent=row.urgent))
    return found


def ids_of(session: Session, forum: Forum, seats: Iterable[Seat]) -> list[int]:
    """The numbers of the people who sit there; whoever acts as head sits beside the head."""
    return [person.id for person in _sitting(session, forum, list(seats))]


_PEOPLE = select(Person.id, Person.role, Person.party, Person.language).where(Person.active).order_by(Person.id)
# Built once: whoever signs is told of it, and hundreds sign at the same time.
_OF_PARTIES = _PEOPLE.where(Person.forum_id == bindparam("forum"), Person.party.in_(bindparam("parties", expanding=True)))


def _single_seats(session: Session, forum: Forum, seats: Collection[Seat]) -> dict[Seat, list[Any]]:
    """The people of seats that are one role at one party, in one question; beside a head others may sit, so those are not here."""
    found: dict[Seat, list[Any]] = {seat: [] for seat in seats if seat[1] is not None and seat[0] != "head"}
    if found:
        for person in session.connection().execute(_OF_PARTIES, {"forum": forum.id, "parties": sorted({str(party) for _, party in found})}):
            if (person.role, person.party) in found:
                found[person.role, person.party].append(person)
    return found


def _sitting(session: Session, forum: Forum, seats: Sequence[Seat]) -> list[Any]:
    if not seats:
        return []
    places: list[ColumnElement[bool]] = [
        Person.role == role if party is None else and_(Person.role == role, Person.party == party) for role, party in seats
    ]
    heads = [party for role, party in seats if role == "head"]
    if heads:
        state, moment = current(session, forum), now()
        beside = [number for party in heads for number in alternates.acting(session, state, party, moment)]
        places.append(and_(Person.role == "member", Person.id.in_(beside)))
    return list(session.execute(_PEOPLE.where(Person.forum_id == forum.id, or_(*places))))
