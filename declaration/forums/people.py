"""Adding people to a forum, and taking their access away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from declaration.errors import Conflict, Malformed
from declaration.forums import queries, sessions
from declaration.forums.delegations import delegation, is_delegation
from declaration.forums.models import Forum, Person
from declaration.forums.roles import OF_A_DELEGATION, ROLES
from declaration.procedure import fields
from declaration.web.access import Actor

_MANY_TO_A_PARTY = frozenset({"member", "signatory"})
_NAMED_AFTER_THE_ROLE = frozenset({"chair", "depositary"})


def add_person(
    session: Session,
    forum: Forum,
    *,
    name: str,
    role: str,
    party: str,
    office: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    email: str | None = None,
    organization: Mapping[str, str] | None = None,
) -> Person:
    """Add somebody. Language and zone default to those of the delegation, or else of the forum.

    :param organization: for signatories alone, ``{"country", "name", "registration"}``.
    :raises Malformed: a role that there is not, or a party that does not belong to the role.
    :raises Conflict: the office is held by somebody else, who leaves first.
    """
    _check_party(forum, role, party)
    if organization is not None:
        fields.organization(dict(organization))
    if (organization is not None) != (role == "signatory"):
        raise Malformed("signatories act for an organization, and nobody else does", code="person.organization")
    if role not in _MANY_TO_A_PARTY:
        held = [one for one in queries.people_of(session, forum, party=party) if one.role not in _MANY_TO_A_PARTY]
        if held:
            raise Conflict(
                f"{held[0].name} is {party} already",
                code="person.office-held",
                instead="Take that person's access away first.",
            )
    _check_mixture(session, forum, role, party)
    country = delegation(forum, party) if role in OF_A_DELEGATION else None
    person = Person(
        forum=forum,
        name=name,
        role=role,
        party=party,
        office=office,
        language=language or (country.languages[0] if country else forum.original),
        time_zone=time_zone or (country.time_zone if country else forum.time_zone),
        email=email,
        organization=dict(organization) if organization is not None else None,
    )
    session.add(person)
    session.flush()
    return person


def actor_of(person: Person) -> Actor:
    """Who a page sees where this person is signed in."""
    return Actor(
        person_id=person.id,
        name=person.name,
        role=person.role,
        party=person.party,
        forum_id=person.forum_id,
        delegation=person.delegation,
        language=person.language,
        time_zone=person.time_zone,
    )


def disable(session: Session, person: Person, *, now: datetime) -> None:
    """Take somebody's access away, from the next request on. What they did stays."""
    person.active = False
    sessions.revoke_invitations(session, person, now=now)
    sessions.revoke_all(session, person, now=now)


def enable(session: Session, person: Person) -> None:
    """Give access back; a new invitation is needed, since the old sessions have ended for good.

    :raises Conflict: somebody else holds the office by now.
    """
    if person.active:
        return
    if person.role not in _MANY_TO_A_PARTY:
        for other in queries.people_of(session, person.forum, party=person.party):
            if other.role not in _MANY_TO_A_PARTY:
                raise Conflict(f"{other.name} holds this office now", code="person.office-held")
    person.active = True


def _check_mixture(session: Session, forum: Forum, role: str, party: str) -> None:
    """A party is an organization or an office, never both: in the record it is one name."""
    for other in queries.people_of(session, forum, party=party, active_only=False):
        if (other.role == "signatory") != (role == "signatory"):
            raise Conflict(f"{party} is {other.name} already", code="person.party-taken", instead="Choose another short name.")


def _check_party(forum: Forum, role: str, party: str) -> None:
    fields.party(party)
    if role not in ROLES:
        raise Malformed(f"there is no role {role}", code="person.role")
    if role in OF_A_DELEGATION:
        fits = is_delegation(forum, party)
    elif role in _NAMED_AFTER_THE_ROLE:
        fits = party == role
    else:
        fits = not is_delegation(forum, party) and party not in _NAMED_AFTER_THE_ROLE
    if not fits:
        raise Malformed(f"{party} is not a party of the role {role}", code="person.party")
