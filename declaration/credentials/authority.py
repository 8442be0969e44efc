"""Taking authority back, and passing the chair on: how these acts are composed, and which of them the own key offers.

==========================  ==========================================================================================
type                        fields
==========================  ==========================================================================================
``key.suspend-v1``          ``reason``
``key.reinstate-v1``        ``reason``: how the holder was identified again
``revoke-v1``               ``why``: ``compromised``, ``superseded`` or ``left_office``; ``since``: an hour, for a compromised key;
                            ``successor``: the accreditation of the key that stands instead; ``reason``
``mandate.revoke-v1``       ``document`` (optional): SHA-256 of the organ's letter; ``since``: an hour; ``reason``
``mandate.refuse-v1``       ``reason``
``succeed-v1``              ``enrolment``: number of the new key's enrolment
==========================  ==========================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from sqlalchemy.orm import Session

from declaration.credentials import acts, contents
from declaration.credentials.acts import Fields, reason_content
from declaration.credentials.models import Enrolment
from declaration.credentials.signing import Ask
from declaration.errors import Malformed, NotFound
from declaration.forums.hours import hour
from declaration.forums.models import Forum, Person
from declaration.procedure import standing
from declaration.procedure.rows_keys import REASONS
from declaration.procedure.state import Key, State
from declaration.protocol.encoding import b64encode, format_time
from declaration.web.access import Actor
from declaration.web.clock import now

SUSPEND, REINSTATE, REVOKE = "key.suspend-v1", "key.reinstate-v1", "revoke-v1"
REVOKE_MANDATE, REFUSE_MANDATE, SUCCEED = "mandate.revoke-v1", "mandate.refuse-v1", "succeed-v1"
NOTHING = "0" * 64


def register(app: Flask) -> None:
    """Say how these acts are composed; those with a reason alone are composed like any other."""
    acts.register(app, REVOKE, compose=revocation)
    acts.register(app, REVOKE_MANDATE, compose=mandate_revocation)
    acts.register(app, SUCCEED, compose=succession)


def revocation(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Body of ``revoke-v1``.

    :raises Malformed: ``revoke.why``, ``hour.*``, ``reason.*``.
    """
    why = fields.get("why", "")
    if why not in REASONS:
        raise Malformed("choose why the key is revoked", code="revoke.why")
    return {
        "reason": why,
        "invalid_from": hour(forum, fields, "since") if why == "compromised" else None,
        "successor": (fields.get("successor", "").strip() or None) if why == "superseded" else None,
        "content": reason_content(session, forum, actor, fields),
    }


def mandate_revocation(
    session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields
) -> Mapping[str, Any]:
    """Body of ``mandate.revoke-v1``; without an hour it is revoked from now on."""
    return {
        "document": fields.get("document", "").strip() or None,
        "since": hour(forum, fields, "since") if fields.get("since", "").strip() else format_time(now().replace(microsecond=0)),
        "content": reason_content(session, forum, actor, fields),
    }


def succession(session: Session, forum: Forum, state: State, actor: Actor, object_: str | None, fields: Fields) -> Mapping[str, Any]:
    """Body of ``succeed-v1`` for a key that the new Chair has enrolled.

    :raises NotFound: ``enrolment.unknown``: there is none, or its holder is not to be the Chair.
    """
    named = fields.get("enrolment", "")
    row = session.get(Enrolment, int(named)) if named.isascii() and named.isdigit() else None
    person = session.get(Person, row.person_id) if row is not None and row.forum_id == forum.id else None
    if row is None or person is None or row.public is None or person.role != "chair":
        raise NotFound("there is no such enrolment", code="enrolment.unknown", instead="The next Chair enrols a key first.")
    document = {"kind": "person", "name": person.name, "office": person.office or ""}
    return {
        "key": row.public,
        "possession": {"nonce": row.nonce, "signature": b64encode(row.possession or b"")},
        "content": contents.store(session, forum.id, document, audience="participants"),
    }


@dataclass(frozen=True, slots=True)
class Own:
    """What a person can do about one own key.

    :ivar successor: the person's other key, to which this one gives way.
    """

    suspend: Ask | None
    supersede: Ask | None
    successor: Key | None
    leave: Ask | None


def own_asks(session: Session, state: State, actor: Actor, rows: Iterable[tuple[Enrolment, str]]) -> Mapping[str, Own]:
    """For each own key with authority: giving it up, at once or for another one."""
    active = [state.keys[row.fingerprint or ""] for row, status in rows if status == "accredited"]
    if actor.role == "chair" and not any(key.delegated_by for key in active):
        return {}
    return {key.fingerprint: _own(session, state, actor, key, active) for key in active}


def _own(session: Session, state: State, actor: Actor, key: Key, active: list[Key]) -> Own:

    others = [each for each in active if each.fingerprint != key.fingerprint and each.accredited > key.accredited]
    successor = others[-1] if others else None

    def ask(type_: str, body: dict[str, Any]) -> Ask:
        return acts.offer(session, g.forum, actor, type_, key.accreditation, body, now=now(), filled_in=True)

    left = {"reason": "left_office", "invalid_from": None, "successor": None, "content": NOTHING}
    superseded = {**left, "reason": "superseded", "successor": successor.accreditation if successor else None}
    return Own(
        suspend=ask(SUSPEND, {"content": NOTHING}),
        supersede=ask(REVOKE, superseded) if successor is not None else None,
        successor=successor,
        leave=ask(REVOKE, left),
    )


def waiting_on_keys(state: State) -> list[tuple[str, str, Key]]:
    """Revocations and reinstatements that wait for a second person: (digest, type, the key)."""
    return [
        (digest, act.type, standing.key_named(state, act.object))
        for digest, act in state.awaiting_second.items()
        if act.type in (REVOKE, REVOKE_MANDATE, REINSTATE)
    ]
