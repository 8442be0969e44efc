"""Registering organizations with the person who signs for each, and how far each of them is on the way to its signature.

An organization is its number in the register of its country: two spellings of one number are one organization, whatever its name
(:mod:`declaration.endorsements.parties`). The caller owns the transaction.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from declaration.credentials import enrolment
from declaration.credentials.models import ClaimedMandate
from declaration.credentials.states import current
from declaration.documents.fonts import missing_glyphs
from declaration.endorsements.authorities import Authority
from declaration.endorsements.parties import party_of
from declaration.endorsements.search import matches, search_key
from declaration.errors import Conflict, Malformed, NotFound
from declaration.forums import people, queries
from declaration.forums.delegations import delegation, is_delegation
from declaration.forums.models import Forum, Person
from declaration.procedure import fields
from declaration.procedure.standing import key_status
from declaration.procedure.state import State
from declaration.text.collation import sort_key
from declaration.text.letters import check_letters, name_of
from declaration.web.clock import now

_LONGEST_PERSON = 200
# Full-width digits and letters of East Asian keyboards, which no text here has.
_FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def register_organization(
    session: Session,
    forum: Forum,
    *,
    country: str,
    name: str,
    registration: str,
    person: str,
    office: str,
    language: str | None = None,
    time_zone: str | None = None,
    email: str | None = None,
    authority: Authority | None = None,
) -> Person:
    """Register an organization and the person who signs for it; the person is returned.

    :param country: id of a delegation (``kz``), in any case; another country's organizations can only be listed as associated.
    :param name: as it stands in the register of its country, in its own script.
    :param registration: number in that register.
    :param authority: what a list says of the person's authority; it fills in the form with which the key is accredited.
    :raises Malformed: a field is empty, too long, or has letters that no text here may have (``letters.refused``).
    :raises Conflict: ``organization.known``, naming the organization and the person who were registered first.
    """
    details = checked(forum, country=country, name=name, registration=registration, person=person, office=office)
    party = party_of(details["country"], details["registration"])
    known = queries.people_of(session, forum, party=party, active_only=False)
    if known:
        first = known[0]
        said = f"{first.organization['name']}, for which {first.name} signs" if first.organization else first.name
        raise Conflict(
            f"{details['country'].upper()} {details['registration']} is registered already: {said}",
            code="organization.known",
            instead="One organization signs once. Where somebody else signs for it now, take the first person’s access away.",
        )
    home = delegation(forum, details["country"]) if is_delegation(forum, details["country"]) else None
    added = people.add_person(
        session,
        forum,
        name=details["person"],
        role="signatory",
        party=party,
        office=details["office"],
        language=language or (home.languages[0] if home else None),
        time_zone=time_zone or (home.time_zone if home else None),
        email=email,
        organization={part: details[part] for part in ("country", "name", "registration")},
    )
    if authority is not None:
        claimed = ClaimedMandate(
            person_id=added.id, capacity=authority.capacity, joint=authority.joint, until=authority.until, document=authority.document[:300]
        )
        session.add(claimed)
        session.flush()
    return added


def add_signatory(session: Session, forum: Forum, party: str, *, person: str, office: str) -> Person:
    """Register a further person who signs for an organization: the second of two, or a successor.

    :raises NotFound: ``organization.unknown``.
    :raises Malformed: the name or the office cannot be kept.
    """
    first = next((one for one in queries.people_of(session, forum, party=party, active_only=False) if one.organization), None)
    if first is None or first.organization is None:
        raise NotFound("there is no such organization", code="organization.unknown")
    details = checked(forum, **first.organization, person=person, office=office)
    return people.add_person(
        session,
        forum,
        name=details["person"],
        role="signatory",
        party=party,
        office=details["office"],
        language=first.language,
        time_zone=first.time_zone,
        organization=dict(first.organization),
    )


def checked(forum: Forum, *, country: str, name: str, registration: str, person: str, office: str) -> dict[str, str]:
    """The details as they are kept: NFC, without needless spaces, the country in lower case.

    :raises Malformed: the first field that cannot be kept, by its name in the message.
    """
    found = {"country": country.strip().lower()}
    fields.party(found["country"])
    for part, value, longest in (
        ("name", name, 300),
        ("registration", registration.translate(_FULL_WIDTH), 100),
        ("person", person, _LONGEST_PERSON),
        ("office", office, _LONGEST_PERSON),
    ):
        found[part] = _line(WORDS[part], value, longest)
    return found


WORDS = {
    "name": "the name of the organization",
    "registration": "the registration number",
    "person": "the name of the person",
    "office": "the office",
}


def _line(what: str, value: str, longest: int) -> str:
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if not text:
        raise Malformed(f"{what} is missing", code="organization.missing")
    if len(text) > longest:
        raise Malformed(f"{what} is longer than {longest} characters", code="organization.too-long")
    check_letters(text, where=what)
    # The printed declaration lists every signatory: a name that cannot be printed would keep all the others from it.
    if lost := missing_glyphs(text):
        raise Malformed(f"{what} has a letter that cannot be printed: {name_of(lost[0])}", code="organization.letters")
    return text


@dataclass(frozen=True, slots=True)
class Standing:
    """One signatory of an organization on the secretariat's page.

    :ivar status: ``registered`` (no link issued), ``invited``, ``key`` (a key waits for the secretariat), ``second`` (for its second
        person), ``accredited``, ``signed`` or ``withdrawn``.
    :ivar position: place in the register, once signed.
    """

    person: Person
    status: str
    position: int | None = None

    @property
    def organization(self) -> Mapping[str, str]:
        return self.person.organization or {}


def standings(session: Session, forum: Forum, language: str | None = None) -> list[Standing]:
    """Every signatory, by the name of the organization in the alphabet of a language; ``invited`` is not told from ``registered``.

    Without a language: in the order in which they were registered. A key that cannot sign now makes nobody ready to.
    """
    state, moment = current(session, forum), now()
    keyed = {key.party for key in state.keys.values() if key.role == "signatory" and key_status(state, key, moment) == "active"}
    second = {act["party"] for act in state.awaiting_accreditation.values()}
    waiting = {each.person.id for each in enrolment.waiting(session, forum, signatories=True)}
    found = sorted(queries.people_of(session, forum, role="signatory"), key=lambda one: one.id)
    if language is not None:
        found.sort(key=lambda one: sort_key((one.organization or {}).get("name", one.party), language))
    return [_standing(state, one, keyed, second, waiting) for one in found]


def _standing(state: State, person: Person, keyed: set[str], second: set[str], waiting: set[int]) -> Standing:
    signed = state.by_party.get(person.party)
    if signed is not None:
        given = state.endorsements[signed]
        return Standing(person, "withdrawn" if given.status == "withdrawn" else "signed", given.position)
    for status, found in (
        ("accredited", person.party in keyed),
        ("second", person.party in second),
        ("key", person.id in waiting),
    ):
        if found:
            return Standing(person, status)
    return Standing(person, "registered")


def with_links(session: Session, shown: Iterable[Standing]) -> list[Standing]:
    """The same, telling those to whom a link was issued from those without one; asks once a person, so give it one page."""
    return [
        Standing(each.person, "invited") if each.status == "registered" and queries.invitations_of(session, each.person) else each
        for each in shown
    ]


def matching(found: Iterable[Standing], query: str) -> list[Standing]:
    """Those whose organization, number, person or party has every word of ``query``, in any script."""
    return [each for each in found if matches(_key_of(each), query)]


def _key_of(each: Standing) -> str:
    known = each.organization
    return search_key(f"{known.get('name', '')} {each.person.name}", f"{known.get('registration', '')} {each.person.party}")
