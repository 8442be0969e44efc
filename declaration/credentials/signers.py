"""Who signed an act, for a page: a name where the record has a key alone.

The record holds no personal data: its acts name a key, a party (``registrar``) and a role. The name is looked up among the people of
the forum, by the key that the person enrolled, so an act stays its signer's when the office has passed on. Templates have:

``signer_of(by)``                  ``Tuğba Akçınar (secretariat)``, of a statement's ``by``
``signer_of_key(key)``             the same, of a key of the record
``signer_of_entry(state, index)``  the same, of what is recorded at that place
``office_of(party, role)``         without a person: the delegation, or ``secretariat (registrar)``

A reader who is not signed in is told the office alone, and so is anybody where nobody of the forum has enrolled the key.
"""

from __future__ import annotations

from flask import Flask, g
from markupsafe import Markup
from sqlalchemy import select

from declaration.credentials.models import Enrolment
from declaration.forums.delegations import is_delegation
from declaration.forums.models import Person
from declaration.forums.words import delegation_tag
from declaration.procedure.state import Key, State
from declaration.protocol.statement import By
from declaration.web.access import optional_actor, role_name
from declaration.web.db import current_session


def init_app(app: Flask) -> None:
    """Register the helpers."""
    app.jinja_env.globals.update(signer_of=signer_of, signer_of_key=signer_of_key, signer_of_entry=signer_of_entry, office_of=office_of)


def signer_of(by: By) -> str:
    """The name of whoever signed with this key, and the role in which they did, with the delegation where it is one's; or the office."""
    person = holder(by.key) if optional_actor() is not None else None
    if person is None:
        return office_of(by.party, by.role)
    name, language = person
    role = role_name(by.role)
    said = f"{role}, {delegation_tag(g.forum, by.party)}" if is_delegation(g.forum, by.party) else role
    return Markup('<span lang="{}">{}</span> ({})').format(language, name, said)


def signer_of_key(key: Key) -> str:
    """The same for whoever holds a key of the record."""
    return signer_of(By(key.fingerprint, key.party, key.role))


def signer_of_entry(state: State, index: int) -> str:
    """The same for the act at this place of the record."""
    return signer_of_key(state.keys[state.signed[index]])


def office_of(party: str, role: str) -> str:
    """What signed, without a person: a delegation by its tag, an office as what it is, with whose it is."""
    if is_delegation(g.forum, party):
        return delegation_tag(g.forum, party)
    name = role_name(role)
    return name if role == party else f"{name} ({party})"


def holder(fingerprint: str) -> tuple[str, str] | None:
    """Name and language of the person who enrolled a key; looked up once a request, as lists say the same few names again and again."""
    known: dict[str, tuple[str, str] | None] = g.setdefault("key_holders", {})
    if fingerprint not in known:
        query = (
            select(Person.name, Person.language)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .where(Enrolment.forum_id == g.forum.id, Enrolment.fingerprint == fingerprint)
        )
        found = current_session().execute(query).one_or_none()
        known[fingerprint] = (found.name, found.language) if found is not None else None
    return known[fingerprint]
