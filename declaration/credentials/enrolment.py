"""Enrolling keys: a nonce is given out, a key is made on the person's device, its holder proves to hold it.

An enrolled key has no authority. Authority comes from an accreditation in the record: by the Chair for delegations and
officers, by two persons of the secretariat for signatories of organizations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from declaration.credentials import contents
from declaration.credentials.models import ClaimedMandate, Enrolment
from declaration.credentials.states import current, passkey_policy
from declaration.errors import Conflict, Malformed, NotFound, Refused, SignatureInvalid
from declaration.forums.constitution import constitution_body
from declaration.forums.models import Forum, Person
from declaration.notices.happenings import happened
from declaration.procedure import standing
from declaration.procedure.state import Key, State
from declaration.protocol.encoding import b64encode, b64url_decode, b64url_encode, format_time, parse_time
from declaration.protocol.enrolment import verify_possession
from declaration.protocol.keys import PASSKEY, PublicKey, parse_public_key
from declaration.web import entropy
from declaration.web.access import Actor

_PLACEHOLDER = "0" * 64

_LONGEST_CREDENTIAL = 1023

NONCE_LASTS = timedelta(hours=24)
"""How long a nonce waits for the key that is made with it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A key that waits for accreditation, and whose it is."""

    enrolment: Enrolment
    person: Person

    @property
    def key(self) -> PublicKey:
        """The public key."""
        return parse_public_key(self.enrolment.public or "")


def begin(session: Session, forum: Forum, person_id: int, *, now: datetime) -> Enrolment:
    """Give out a nonce for one key; one that is unused and fresh is given again."""
    found = session.scalar(
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.public.is_(None), Enrolment.begun_at > now - NONCE_LASTS)
        .order_by(Enrolment.begun_at.desc(), Enrolment.id)
    )
    if found is not None:
        return found
    enrolment = Enrolment(forum_id=forum.id, person_id=person_id, nonce=b64url_encode(entropy.token_bytes(16)), begun_at=now)
    session.add(enrolment)
    session.flush()
    return enrolment


def own(session: Session, person_id: int, enrolment_id: int) -> Enrolment:
    """One enrolment of this person.

    :raises NotFound: it is another person's, or there is none.
    """
    found = session.get(Enrolment, enrolment_id)
    if found is None or found.person_id != person_id:
        raise NotFound("there is no such enrolment", code="enrolment.unknown")
    return found


def slot_of(actor: Actor) -> str:
    """Where a person's keys lie in a browser: apart from those of anybody else who uses the same device."""
    role = "member" if actor.alternate else actor.role
    return f"{role}.{actor.party}.{actor.person_id}"


def usable(session: Session, state: State, person_id: int) -> list[str]:
    """Fingerprints of the keys with which this person can sign now: accredited ones that were neither suspended nor revoked or, for the
    Chair before there is a constitution, the enrolled ones that it can name."""
    mine = [row.fingerprint for row in all_of(session, person_id) if row.fingerprint is not None]
    if state.constitution is None:
        return mine
    keys = (state.keys.get(each) for each in mine)
    return [key.fingerprint for key in keys if key is not None and key.revoked is None and key.suspended is None]


def claimed_of(session: Session, people: Iterable[int]) -> dict[int, ClaimedMandate]:
    """What lists and forms say of these persons' authority, by person."""
    found = session.scalars(select(ClaimedMandate).where(ClaimedMandate.person_id.in_(list(people))))
    return {each.person_id: each for each in found}


def own_keys(session: Session, state: State, actor: Actor) -> list[str] | None:
    """For a signatory the fingerprints of the person's own accredited keys, since two persons may speak for one organization; else None."""
    if actor.role != "signatory":
        return None
    return [row.fingerprint for row in all_of(session, actor.person_id) if row.fingerprint in state.keys and row.fingerprint is not None]


def all_of(session: Session, person_id: int) -> list[Enrolment]:
    """The keys that a person has enrolled, the newest first."""
    query = select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.public.is_not(None))
    return list(session.scalars(query.order_by(Enrolment.made_at.desc(), Enrolment.id)))


def finish(
    session: Session, forum: Forum, enrolment: Enrolment, public: str, possession: bytes, *, now: datetime, credential: str = ""
) -> Enrolment:
    """Keep the public key with the proof that its private half is held.

    The Chair's first key needs no proof of its own: the constitution is signed with it.

    :param credential: of a passkey, WebAuthn's credential id in base64url.
    :raises Malformed, SignatureInvalid: the key or the proof is not what it must be; ``passkey.rp-id`` for a passkey of another site.
    :raises Refused: ``enrolment.expired``; ``key.known`` where somebody has this key already.
    """
    key = parse_public_key(public)
    session.refresh(enrolment, with_for_update=True)  # of several keys that arrive at once the first is kept, and no other proof
    if enrolment.public is not None:
        if enrolment.public == key.openssh:
            return enrolment
        raise Conflict("another key was enrolled with this page", code="enrolment.used", instead="Begin again.")
    if now - enrolment.begun_at >= NONCE_LASTS:
        raise Refused("this page is more than a day old", code="enrolment.expired", instead="Begin again; your key is kept.")
    state = current(session, forum)
    policy = passkey_policy(forum, state)
    if key.kind == PASSKEY and key.application != policy.rp_id:
        raise SignatureInvalid("a passkey of another site", code="passkey.rp-id")
    if state.constitution is not None:
        verify_possession(
            possession, key=key, constitution=state.constitution.digest, nonce=enrolment.nonce, log=forum.origin, passkey=policy
        )
    taken = select(Enrolment.id).where(Enrolment.forum_id == forum.id, Enrolment.fingerprint == key.fingerprint)
    if key.fingerprint in state.keys or session.scalar(taken) is not None:
        raise Refused("this key is enrolled already", code="key.known", instead="Make a new key for this mandate.")
    enrolment.public = key.openssh
    enrolment.fingerprint = key.fingerprint
    enrolment.possession = possession
    enrolment.credential = _credential(credential) if key.kind == PASSKEY else None
    enrolment.made_at = now
    session.flush()
    happened(session, "key.enrolled", enrolment)
    return enrolment


def _credential(text: str) -> str | None:
    """A credential id as WebAuthn allows it, up to 1,023 bytes; None where none was sent.

    :raises Malformed: ``encoding.base64``, ``enrolment.credential``.
    """
    if len(b64url_decode(text)) > _LONGEST_CREDENTIAL:
        raise Malformed("a passkey's credential id is too long", code="enrolment.credential")
    return text or None


def passkeys(session: Session, person_id: int, usable: Iterable[str]) -> list[dict[str, str]]:
    """The passkeys among a person's usable keys, newest first, as the browser asks for them."""
    wanted = list(usable)
    if not wanted:
        return []
    query = select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.fingerprint.in_(wanted), Enrolment.credential.is_not(None))
    found = []
    for row in session.scalars(query.order_by(Enrolment.made_at.desc(), Enrolment.id)):
        key = parse_public_key(row.public or "")
        found.append(
            {"credential": row.credential or "", "openssh": key.openssh, "fingerprint": key.fingerprint, "rpId": key.application}
        )
    return found


def waiting(session: Session, forum: Forum, *, signatories: bool) -> list[Waiting]:
    """Keys without authority, the oldest first: those of signatories, or those of officers and heads.

    A member's key is none of them: its head appoints its holder as an alternate, or nobody does.
    """
    state = current(session, forum)
    first_person = {act["key"] for act in state.awaiting_accreditation.values()}
    query = (
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.forum_id == forum.id, Enrolment.public.is_not(None), Enrolment.refused_at.is_(None), Person.active)
        .where(Person.role == "signatory" if signatories else Person.role.not_in(("signatory", "member")))
        .order_by(Enrolment.made_at, Enrolment.id)
    )
    return [
        Waiting(enrolment, person)
        for enrolment, person in session.execute(query)
        if enrolment.fingerprint not in state.keys and enrolment.public not in first_person
    ]


def preview_constitution(session: Session, forum: Forum, actor: Actor, *, content: str = _PLACEHOLDER) -> dict[str, Any]:
    """Body of ``constitution-v1``: the forum's description and the Chair's newest enrolled key."""
    keys = all_of(session, actor.person_id)
    if not keys or keys[0].public is None:
        raise Refused("no key is enrolled yet", code="key.none", instead="Make a key on this device first.")
    return constitution_body(forum, key=keys[0].public, content=content)


def preview_accreditation(
    forum: Forum, state: State, waiting: Waiting, fields: Mapping[str, str] | None = None, *, content: str = _PLACEHOLDER
) -> dict[str, Any]:
    """Body of ``accredit-v1`` for a waiting key.

    For a signatory the secretariat fills in ``capacity``, ``until`` (a date, the last day of the mandate), ``joint`` (``yes`` where the
    statute asks for two signatures) and, where it has one, ``document`` (SHA-256 of the decision that names the person); or, for a key
    that replaces another, ``continues``, the accreditation of that one, whose mandate has all of these.
    """
    person, enrolment, filled = waiting.person, waiting.enrolment, fields or {}
    signatory = person.role == "signatory"
    return {
        "key": enrolment.public,
        "party": person.party,
        "role": person.role,
        "possession": {"nonce": enrolment.nonce, "signature": b64encode(enrolment.possession or b"")},
        "language": person.language if person.role == "translator" else None,
        "organization": dict(person.organization) if signatory and person.organization else None,
        "mandate": _mandate(state, filled, enrolment) if signatory else None,
        "capacity": _capacity(state, filled) if signatory else None,
        "content": content,
    }


def compose_constitution(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``constitution-v1``; the Chair's name is kept beside the record."""
    content = contents.store(session, forum.id, {"kind": "person", "name": actor.name}, audience="participants")
    return preview_constitution(session, forum, actor, content=content)


def compose_accreditation(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Mapping[str, str]
) -> Mapping[str, Any]:
    """Body of ``accredit-v1`` for the enrolment named in ``fields``; the person's name is kept beside the record."""
    named = fields.get("enrolment", "")
    found = session.get(Enrolment, int(named)) if named.isascii() and named.isdigit() else None
    if found is None or found.forum_id != forum.id or found.public is None:
        raise NotFound("there is no such enrolment", code="enrolment.unknown")
    person = session.get_one(Person, found.person_id)
    document = {"kind": "person", "name": person.name, "office": person.office or ""}
    if fields.get("read_back") == "yes":
        document["fingerprint"] = "read aloud by its holder at the desk"
    content = contents.store(session, forum.id, document, audience="participants")
    return preview_accreditation(forum, state, Waiting(found, person), fields, content=content)


def _replaced(state: State, fields: Mapping[str, str]) -> Key | None:
    named = fields.get("continues", "").strip()
    return standing.key_named(state, named) if named else None


def _capacity(state: State, fields: Mapping[str, str]) -> str:
    before = _replaced(state, fields)
    return (before.capacity if before is not None else None) or fields.get("capacity", "organization")


def _mandate(state: State, fields: Mapping[str, str], enrolment: Enrolment) -> dict[str, Any]:
    before = _replaced(state, fields)
    if before is not None and before.valid_from is not None:
        return {
            "continues": before.accreditation,
            "document": before.document,
            "from": format_time(before.valid_from),
            "joint": before.joint,
            "until": None if before.valid_until is None else format_time(before.valid_until),
        }
    until = fields.get("until", "").strip()
    try:
        last_day = parse_time(f"{until}T00:00:00Z") + timedelta(days=1) if until else None
    except Malformed:
        raise Malformed("the last day of the mandate is not a date", code="mandate.until", instead="Write 2026-12-31.") from None
    return {
        "continues": None,
        "document": fields.get("document", "").strip() or None,
        "from": format_time(enrolment.made_at or enrolment.begun_at),
        "joint": fields.get("joint") == "yes",
        "until": None if last_day is None else format_time(last_day),
    }
